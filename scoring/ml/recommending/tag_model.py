"""The recommender that ships: how facts become feature rows, and what was learned of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.artifacts import Artifact, arrays_to_bytes, document_to_bytes
from scoring.ml.recommending import tag_data
from scoring.ml.recommending.events import Interactions
from scoring.ml.recommending.factorisation import HybridFactorisation
from scoring.ml.recommending.features import FeatureEncoder, with_identities
from scoring.ml.recommending.points_rating import Profiles
from scoring.ml.recommending.ranker import CandidateRanker
from scoring.ml.recommending.recommender import Catalogue, Recommender
from scoring.ml.recommending.tag_data import TagData
from scoring.ml.recommending.words import WordMatch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS_FILE: Final = "factors.npz"
FEATURES_FILE: Final = "features.json"
RANKER_FILE: Final = "ranker.txt"
WIDTH: Final = 96
START_SCALE: Final = 3.0
CONTENT_WEIGHT: Final = 1.0
FACTORISATION: Final[Mapping[str, Any]] = {
    "loss": "warp",
    "draws": 50,
    "dimensions": WIDTH,
    "epochs": 4,
    "learning_rate": 0.05,
}


@dataclass(frozen=True)
class RecommendModel:
    """What ships: how facts become feature rows, and the two stages."""

    version: str
    projection: Floats
    brand_features: FeatureEncoder
    creator_features: FeatureEncoder
    recommender: Recommender
    reads_words: bool = True

    def score(self, data: TagData, tags: Ints) -> Floats:
        """Scores of every creator of a file for some of its tags, (tags, creators)."""
        nothing = plain_interactions(sparse.csr_array(data.choices.shape))
        scores = self.recommender.score(self.catalogue(data), tags, nothing)
        if self.reads_words:
            scores = scores + WordMatch(data.bios).score([data.tags[row] for row in tags])
        return scores

    def catalogue(self, data: TagData) -> Catalogue:
        """Both sides of a file of tags, without identities."""
        return _catalogue(data, self.projection, self.brand_features, self.creator_features)


def make_empty(data: TagData) -> RecommendModel:
    """How facts of this file become features; nothing learned from choices yet."""
    projection = tag_data.fit_projection(np.vstack([data.bio_vectors, data.tag_vectors]), WIDTH)
    return RecommendModel(
        version="untrained",
        projection=projection,
        brand_features=FeatureEncoder().fit(tag_data.tag_facts(data, projection)),
        creator_features=FeatureEncoder(fewest_rows=5).fit(
            tag_data.creator_facts(data, projection)
        ),
        recommender=Recommender(HybridFactorisation(), content_weight=CONTENT_WEIGHT),
    )


def keep_facts(
    empty: RecommendModel, learned: HybridFactorisation, data: TagData, version: str
) -> RecommendModel:
    """What ships: identities took up what was particular, and stay behind with their owners."""
    catalogue = empty.catalogue(data)
    facts = learned.without_identities(
        catalogue.brand_rows.shape[1], catalogue.creator_rows.shape[1]
    )
    recommender = Recommender(facts, content_weight=CONTENT_WEIGHT)
    return replace(empty, version=version, recommender=recommender)


def fit_factors(
    catalogue: Catalogue, choices: sparse.csr_array, *, random_state: int
) -> HybridFactorisation:
    """:param catalogue: with identities last in both feature rows."""
    rows = (catalogue.brand_rows, catalogue.creator_rows)
    model = HybridFactorisation(random_state=random_state, **FACTORISATION)
    plain = tuple(side[:, : side.shape[1] - side.shape[0]] for side in rows)
    return model.fit(choices, *rows, start=_cosine_start(*plain))


def load_recommend(artifact: Artifact) -> RecommendModel:
    arrays = artifact.arrays(FACTORS_FILE)
    document = artifact.document(FEATURES_FILE)
    ranker = None
    if RANKER_FILE in artifact.contents:
        ranker = CandidateRanker().load(artifact.booster(RANKER_FILE))
    factorisation = HybridFactorisation(
        random_state=int(artifact.metadata["random_state"]), **FACTORISATION
    )
    return RecommendModel(
        version=artifact.version,
        projection=arrays["projection"].astype(float),
        brand_features=FeatureEncoder.from_document(document["brand"]),
        creator_features=FeatureEncoder.from_document(document["creator"]),
        recommender=Recommender(
            factorisation.load_arrays(arrays), ranker, content_weight=CONTENT_WEIGHT
        ),
        reads_words=bool(document.get("reads_words", False)),
    )


def plain_interactions(choices: sparse.csr_array) -> Interactions:
    """Choices without impressions or hides."""
    return Interactions(choices, sparse.csr_array(choices.shape), choices)


def _catalogue(
    data: TagData, projection: Floats, brand: FeatureEncoder, creator: FeatureEncoder
) -> Catalogue:
    tags, creators = len(data.tags), data.choices.shape[1]
    return Catalogue(
        brand_rows=brand.transform(tag_data.tag_facts(data, projection)),
        creator_rows=creator.transform(tag_data.creator_facts(data, projection)),
        # A tag has neither place nor category, and its own use is what is to be found.
        brands=Profiles([None] * tags, [None] * tags, [()] * tags),
        creators=Profiles(data.locations, [None] * creators, [()] * creators, data.engagement),
        brand_vectors=data.tag_vectors,
        creator_vectors=data.bio_vectors,
        followers=data.followers,
    )


def identified(catalogue: Catalogue) -> Catalogue:
    return Catalogue(
        **{
            **vars(catalogue),
            "brand_rows": with_identities(catalogue.brand_rows),
            "creator_rows": with_identities(catalogue.creator_rows),
        }
    )


def _cosine_start(*rows: sparse.csr_array) -> dict[str, Floats]:
    """Tables under which the first scores are cosines: the dense block maps onto itself."""
    tables = {}
    for name, side in zip(("users", "items"), rows, strict=True):
        table = np.zeros((side.shape[1], WIDTH))
        table[side.shape[1] - WIDTH :] = START_SCALE * np.eye(WIDTH)
        tables[name] = table
    return tables


def model_files(model: RecommendModel) -> dict[str, bytes]:
    files = {
        FACTORS_FILE: arrays_to_bytes(
            model.recommender.factorisation.to_arrays()
            | {"projection": model.projection.astype(np.float32)}
        ),
        FEATURES_FILE: document_to_bytes(
            {
                "brand": model.brand_features.to_document(),
                "creator": model.creator_features.to_document(),
                "reads_words": model.reads_words,
            }
        ),
    }
    if model.recommender.ranker is not None:
        text = model.recommender.ranker.booster_.model_to_string()
        files[RANKER_FILE] = text.encode("utf-8")
    return files
