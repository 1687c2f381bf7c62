"""What was learned from behaviour, as it is stored, and scores from it for a whole catalogue."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.artifacts import arrays_to_bytes
from scoring.ml.recommending.brand_wishes import Points, Wishes, rate_creators, wish_facts
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.factorisation import HybridFactorisation
from scoring.ml.recommending.features import FeatureEncoder
from scoring.ml.recommending.measuring import top_items
from scoring.ml.recommending.ranker import CandidateRanker, candidate_table, raise_candidates

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

RANKER_DEPTH: Final = 200


@dataclass(frozen=True)
class Learned:
    """A factorisation with the ids its identities belong to, in the order of their columns.

    :ivar chosen: brands that chose each of `creators`, and :ivar shown: that were shown them;
        :ivar rates: `recommender.choice_rate` of them.
    :ivar events: what was read of each of `brands`, impressions included.
    """

    factorisation: HybridFactorisation
    brand_encoder: FeatureEncoder
    creator_encoder: FeatureEncoder
    brands: Ints
    creators: Ints
    chosen: Ints
    shown: Ints
    rates: Floats
    events: Ints
    content_weight: float
    ranker: CandidateRanker | None = None

    def events_of(self, brand: int) -> int:
        place = np.flatnonzero(self.brands == brand)
        return int(self.events[place[0]]) if len(place) else 0

    def with_ranker(self, ranker: CandidateRanker) -> Learned:
        return replace(self, ranker=ranker)

    def with_content(self, weight: float) -> Learned:
        return replace(self, content_weight=weight)

    def brand_rows(self, ids: Ints, wishes: list[Wishes]) -> sparse.csr_array:
        """Feature rows of brands, (b, features + identities)."""
        facts = self.brand_encoder.transform(wish_facts(wishes, self.brand_encoder.width_))
        return sparse.csr_array(sparse.hstack([facts, identity_rows(ids, self.brands)]))

    def creator_matrix(self, index: CreatorIndex) -> CreatorMatrix:
        """Vectors of the whole catalogue: facts and text, plus the identity of who has one."""
        model, encoder = self.factorisation, self.creator_encoder
        named, width = len(encoder.names_), encoder.width_
        items, biases = model.used_table("items"), model.used_table("biases")
        rows = index.named_rows(encoder)
        vectors = np.asarray(rows @ items[:named], dtype=np.float32)
        lead = np.asarray(rows @ biases[:named], dtype=np.float32)[:, 0]
        text = slice(named, named + width)
        vectors += index.vectors @ items[text].astype(np.float32)
        lead += (index.vectors @ biases[text].astype(np.float32))[:, 0]
        place = places_of(index.creators, self.creators)
        known = np.flatnonzero(place >= 0)
        own = named + width + place[known]
        vectors[known] += items[own].astype(np.float32)
        lead[known] += biases[own, 0].astype(np.float32)
        rates = np.full(len(index), np.nan, dtype=np.float32)
        rates[known] = self.rates[place[known]]
        return CreatorMatrix(vectors, lead, rates)

    def to_bytes(self) -> bytes:
        arrays: dict[str, np.ndarray] = dict(self.factorisation.to_arrays())
        arrays |= {
            name: getattr(self, name)
            for name in ("brands", "creators", "chosen", "shown", "rates", "events")
        }
        if self.ranker is not None:
            text = self.ranker.booster_.model_to_string().encode("utf-8")
            arrays["ranker"] = np.frombuffer(text, dtype=np.uint8)
        return arrays_to_bytes(arrays)

    def to_document(self) -> dict[str, Any]:
        """What beside the arrays is needed to read them again."""
        return {
            "brand": self.brand_encoder.to_document(),
            "creator": self.creator_encoder.to_document(),
            "settings": self.factorisation.settings(),
            "content_weight": self.content_weight,
        }

    @classmethod
    def read(cls, content: bytes, document: Mapping[str, Any]) -> Learned:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        ranker = None
        if "ranker" in arrays:
            text = arrays["ranker"].tobytes().decode("utf-8")
            ranker = CandidateRanker().load(lgb.Booster(model_str=text))
        return cls(
            factorisation=HybridFactorisation(**document["settings"]).load_arrays(arrays),
            brand_encoder=FeatureEncoder.from_document(document["brand"]),
            creator_encoder=FeatureEncoder.from_document(document["creator"]),
            brands=arrays["brands"],
            creators=arrays["creators"],
            chosen=arrays["chosen"],
            shown=arrays["shown"],
            rates=arrays["rates"],
            events=arrays["events"],
            content_weight=float(document["content_weight"]),
            ranker=ranker,
        )


@dataclass(frozen=True)
class CreatorMatrix:
    """Creators as the factorisation sees them: vectors (n, d), biases (n,), choice rates (n,)."""

    vectors: Floats
    biases: Floats
    rates: Floats

    @property
    def nbytes(self) -> int:
        return self.vectors.nbytes + self.biases.nbytes + self.rates.nbytes


@dataclass(frozen=True)
class BrandScores:
    """Every row's score for one brand, and what it is made of, (n,) each."""

    order: Floats
    facts: Floats
    points: Points
    columns: Mapping[str, Floats]


def score_brand(
    learned: Learned, matrix: CreatorMatrix, index: CreatorIndex, brand: int, wishes: Wishes
) -> BrandScores:
    """What was learned, as `Recommender.score` with one brand: deviations of the factor score
    and of the text's cosine added up, the best 200 in the ranker's order where there is one.
    """
    [query] = learned.factorisation.user_vectors(
        learned.brand_rows(np.array([brand]), [wishes])
    ).astype(np.float32)
    factor = matrix.vectors @ query + matrix.biases
    cosine = text_cosine(wishes, index)
    order = in_deviations(factor) + np.float32(learned.content_weight) * in_deviations(cosine)
    points = rate_creators(wishes, index)
    if learned.ranker is not None:
        columns = {
            "factor_score": order[None, :],
            "content_cosine": cosine,
            "points": points.total,
            "same_location": points.location,
            "same_category": points.category,
            "popularity": matrix.rates,
            "log_followers": np.log10(np.maximum(index.followers, 1.0)),
            "engagement_rate": index.engagement,
        }
        best = top_items(order[None, :].astype(float), min(RANKER_DEPTH, len(order)))
        table = candidate_table(columns, np.zeros(best.shape[1], dtype=np.int64), best[0])
        raised = raise_candidates(order[None, :], best, learned.ranker.score(table)[None, :])
        order = raised[0].astype(np.float32)
    return BrandScores(
        order=order,
        facts=in_deviations(cosine) + in_deviations(points.total),
        points=points,
        columns={"factor": factor, "cosine": cosine},
    )


def score_by_points(wishes: Wishes, index: CreatorIndex) -> BrandScores:
    """Document 004's order, for brands and markets nothing was learned of."""
    points = rate_creators(wishes, index)
    cosine = text_cosine(wishes, index)
    return BrandScores(
        order=points.total,
        facts=in_deviations(cosine) + in_deviations(points.total),
        points=points,
        columns={"cosine": cosine},
    )


def text_cosine(wishes: Wishes, index: CreatorIndex) -> Floats:
    if wishes.vector is None:
        return np.zeros(len(index), dtype=np.float32)
    return np.asarray(index.vectors @ wishes.vector.astype(np.float32))


def in_deviations(values: Floats) -> Floats:
    spread = float(values.std()) if len(values) else 0.0
    return np.asarray(values / np.float32(spread if spread > 0 else 1.0))


def places_of(ids: Ints, known: Ints) -> Ints:
    """Position of each id in `known`, -1 where it is not in it."""
    if not len(known):
        return np.full(len(ids), -1, dtype=np.int64)
    order = np.argsort(known, kind="stable")
    place = order[np.minimum(np.searchsorted(known[order], ids), len(known) - 1)]
    return np.where(known[place] == ids, place, -1)


def identity_rows(ids: Ints, known: Ints) -> sparse.csr_array:
    """One row per id with a 1 in the id's own column, (n, known); none for ids not known."""
    place = places_of(ids, known)
    rows = np.flatnonzero(place >= 0)
    return sparse.csr_array((np.ones(len(rows)), (rows, place[rows])), shape=(len(ids), len(known)))
