"""The two stages together: the factorisation proposes, LambdaMART orders, chance explores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.metrics import ndcg_at
from scoring.ml.recommending.baselines import content_cosine, popularity
from scoring.ml.recommending.events import EventLog, Interactions, Kind
from scoring.ml.recommending.factorisation import HybridFactorisation
from scoring.ml.recommending.measuring import top_items
from scoring.ml.recommending.points_rating import Profiles, rate_by_points
from scoring.ml.recommending.ranker import (
    FEATURES,
    CandidateRanker,
    candidate_table,
    raise_candidates,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEPTH: Final = 200
BRANDS_AT_ONCE: Final = 64
PRIOR_SHOWINGS: Final = 20.0
LARGEST_RATIO: Final = 20.0
# The ranker's gains by the weight of what came of a pair: nothing, looked at, chosen, hired.
GAIN_STEPS: Final = (0.0, 3.0, 9.0)


@dataclass(frozen=True)
class Catalogue:
    """Both sides as a model sees them: feature rows, profiles for points, text vectors.

    Vectors are (n, w) with NaN where unknown, `followers` (creators,).
    """

    brand_rows: sparse.csr_array
    creator_rows: sparse.csr_array
    brands: Profiles
    creators: Profiles
    brand_vectors: Floats
    creator_vectors: Floats
    followers: Floats

    def columns(self, rows: Ints, factor_scores: Floats, rate: Floats) -> dict[str, Floats]:
        """Candidate features of the brands `rows` with every creator, see `ranker.FEATURES`."""
        brands = Profiles(
            locations=[self.brands.locations[row] for row in rows],
            categories=[self.brands.categories[row] for row in rows],
            hashtags=[self.brands.hashtags[row] for row in rows],
        )
        points = rate_by_points(brands, self.creators)
        rates = self.creators.engagement_rates
        return {
            "factor_score": factor_scores,
            "content_cosine": content_cosine(self.brand_vectors[rows], self.creator_vectors),
            "points": points.total,
            "same_location": points.location,
            "same_category": points.category,
            "popularity": rate,
            "log_followers": np.log10(np.maximum(self.followers, 1.0)),
            "engagement_rate": np.full(len(self.followers), np.nan) if rates is None else rates,
        }


class Recommender:
    """Factorisation and, once fitted, a ranker over its best `depth` candidates.

    :param content_weight: how much the cosine of the texts adds to the factor score, each in
        its standard deviations for the brand. Short vectors lose part of what long ones say;
        where choices are few, this gives it back.
    """

    def __init__(
        self,
        factorisation: HybridFactorisation,
        ranker: CandidateRanker | None = None,
        *,
        content_weight: float = 0.0,
        depth: int = DEPTH,
    ) -> None:
        self.factorisation = factorisation
        self.ranker = ranker
        self.content_weight = content_weight
        self.depth = depth

    def fit_ranker(
        self,
        catalogue: Catalogue,
        earlier: Interactions,
        later: Interactions,
        *,
        seen: EventLog | None = None,
        brands: Ints | None = None,
        random_state: int = 0,
    ) -> Recommender:
        """Learn an order from what came of candidates after the factorisation was fitted.

        The factorisation must know `earlier` only. With `seen` (impressions of the later
        time) the ranker learns from what was shown, each impression weighted by one over
        the chance of being shown there, so that it does not learn the old page's habits;
        without it, from all candidates, those not chosen counting as nothing.

        A ranker is kept only if it orders the lists of brands it has not seen better than
        the factorisation does (five folds by brand, by two standard errors): a young market
        has too few choices to learn one from.

        :param brands: learn from these only; by default from all with later choices.
        """
        wanted = np.flatnonzero(np.diff(later.weights.indptr) > 0)
        if brands is not None:
            wanted = np.intersect1d(wanted, brands)
        tables, gains, weights = [], [], []
        for chunk in _chunks(wanted):
            columns = self._columns(catalogue, chunk, earlier)
            for place, brand in enumerate(chunk):
                if seen is None:
                    scores = columns["factor_score"][place]
                    items = self._propose(scores, earlier, int(brand))
                    own = np.ones(len(items))
                else:
                    items, own = _shown_to(seen, int(brand))
                outcome = _gains(later, int(brand), items)
                if not outcome.any():
                    continue
                tables.append(candidate_table(columns, np.full(len(items), place), items))
                gains.append(outcome)
                weights.append(own)
        lists = CandidateLists(tables, gains, weights)
        if gain_of_ranker(lists, random_state=random_state) > 0:
            self.ranker = lists.fit(range(len(tables)), random_state=random_state)
        return self

    def score(self, catalogue: Catalogue, brands: Ints, interactions: Interactions) -> Floats:
        """Scores (brands, creators) that order every creator; brands do not mind each other.

        The ranker orders the `depth` best creators the brand has neither chosen nor hidden;
        the others follow by factor score.
        """
        parts = []
        for chunk in _chunks(brands):
            columns = self._columns(catalogue, chunk, interactions)
            scores = columns["factor_score"]
            if self.ranker is None:
                parts.append(scores)
                continue
            found = np.array(
                [
                    self._propose(own, interactions, int(brand))
                    for own, brand in zip(scores, chunk, strict=True)
                ]
            )
            rows = np.repeat(np.arange(len(chunk)), found.shape[1])
            order = self.ranker.score(candidate_table(columns, rows, found.ravel()))
            parts.append(raise_candidates(scores, found, order.reshape(found.shape)))
        return np.vstack(parts) if parts else np.zeros((0, len(catalogue.followers)))

    def explain(
        self, catalogue: Catalogue, brand: int, creators: Ints, interactions: Interactions
    ) -> dict[str, Floats]:
        """What each ranker feature adds for these creators, (n,) each; empty without a ranker."""
        if self.ranker is None:
            return {}
        columns = self._columns(catalogue, np.array([brand]), interactions)
        return self.ranker.contributions(
            candidate_table(columns, np.zeros(len(creators), dtype=np.int64), creators)
        )

    def _columns(
        self, catalogue: Catalogue, brands: Ints, interactions: Interactions
    ) -> dict[str, Floats]:
        scores = self.factorisation.score(catalogue.brand_rows[brands], catalogue.creator_rows)
        columns = catalogue.columns(brands, scores, choice_rate(interactions))
        if self.content_weight:
            cosine = _in_deviations(columns["content_cosine"])
            columns["factor_score"] = _in_deviations(scores) + self.content_weight * cosine
        return columns

    def _propose(self, scores: Floats, interactions: Interactions, brand: int) -> Ints:
        done = interactions.weights[[brand]] + interactions.hidden[[brand]]
        open_scores = scores.copy()
        open_scores[done.indices] = -np.inf
        return top_items(open_scores[None, :], min(self.depth, len(scores)))[0]


@dataclass(frozen=True)
class CandidateLists:
    """Per brand: candidate features (n, features), gains (n,), weights (n,)."""

    tables: Sequence[Floats]
    gains: Sequence[Ints]
    weights: Sequence[Floats]

    def fit(self, lists: Iterable[int], *, random_state: int) -> CandidateRanker:
        own = list(lists)
        return CandidateRanker(random_state=random_state).fit(
            np.vstack([self.tables[place] for place in own]),
            np.concatenate([self.gains[place] for place in own]),
            np.array([len(self.gains[place]) for place in own]),
            np.concatenate([self.weights[place] for place in own]),
        )


def gain_of_ranker(lists: CandidateLists, *, random_state: int, folds: int = 5) -> float:
    """What a ranker surely adds to NDCG@10 on lists it did not learn from.

    Mean difference to the order of the factor scores, less two standard errors; 0.0 where
    there are fewer than two lists per fold.
    """
    count = len(lists.tables)
    if count < 2 * folds:
        return 0.0
    fold = np.random.default_rng(random_state).permutation(count) % folds
    gains = []
    for own in range(folds):
        ranker = lists.fit(np.flatnonzero(fold != own).tolist(), random_state=random_state)
        for place in np.flatnonzero(fold == own).tolist():
            table, chosen = lists.tables[place], lists.gains[place] > 0
            plain = table[:, FEATURES.index("factor_score")]
            gains.append(ndcg_at(10, ranker.score(table), chosen) - ndcg_at(10, plain, chosen))
    return float(np.mean(gains) - 2.0 * np.std(gains) / np.sqrt(count))


def choice_rate(interactions: Interactions) -> Floats:
    """Share of the brands shown a creator that chose it, (creators,), drawn to the mean.

    NaN where the creator was never shown: nobody could choose it, so nothing is known.
    Only choices come with no impressions: then it is the creator's rank by choices.
    """
    chosen = popularity(interactions.weights)
    shown = popularity(interactions.shown)
    if not (shown > chosen).any():
        return np.where(chosen > 0, np.searchsorted(np.sort(chosen), chosen) / len(chosen), np.nan)
    mean = chosen.sum() / shown.sum()
    rate = (chosen + PRIOR_SHOWINGS * mean) / (shown + PRIOR_SHOWINGS)
    return np.asarray(np.where(shown > 0, rate, np.nan))


def _in_deviations(scores: Floats) -> Floats:
    spread = scores.std(axis=1, keepdims=True)
    return np.asarray(scores / np.where(spread > 0, spread, 1.0))


def _chunks(brands: Ints) -> list[Ints]:
    return [brands[i : i + BRANDS_AT_ONCE] for i in range(0, len(brands), BRANDS_AT_ONCE)]


def _shown_to(seen: EventLog, brand: int) -> tuple[Ints, Floats]:
    """Creators shown to the brand, once each, and one over the chance (its likeliest showing)."""
    rows = (seen.kinds == Kind.IMPRESSION) & (seen.brands == brand)
    chances = np.nan_to_num(seen.propensities[rows], nan=1.0)
    items, place = np.unique(seen.creators[rows], return_inverse=True)
    likeliest = np.zeros(len(items))
    np.maximum.at(likeliest, place, chances)
    return items, np.minimum(1.0 / np.maximum(likeliest, 1e-9), LARGEST_RATIO)


def _gains(later: Interactions, brand: int, items: Ints) -> Ints:
    row = later.weights[np.array([brand])].toarray()[0, items]
    return np.asarray(sum((row > step).astype(np.int64) for step in GAIN_STEPS))
