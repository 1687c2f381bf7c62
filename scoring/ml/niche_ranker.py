"""The second look: boosted trees that say how likely each candidate label is listed.

The linear head cannot know that one of five niches named in a text comes first, or that its
word is a part of another word; trees over the description of a candidate can. One ensemble
serves all labels, so that a niche with few creators profits from the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.special import log_expit

from scoring.ml.niche_candidates import CATEGORICAL, FEATURES, Candidates, LabelRates

ROUNDS: Final = 150
SETTINGS: Final[dict[str, Any]] = {
    "objective": "binary",
    "learning_rate": 0.08,
    "num_leaves": 31,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.7,
    "cat_smooth": 20.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
# Below every candidate; the head's order is kept among the labels that are none.
NOT_A_CANDIDATE: Final = -40.0


@dataclass(frozen=True)
class NicheRanker:
    """Trees over candidates and the label rates that describe them."""

    booster: lgb.Booster
    rates: LabelRates

    def log_probabilities(
        self, candidates: Candidates, head_scores: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Shape (n, labels), for every label by itself: rows do not add up to 1.

        :param head_scores: the head's log-probabilities, shape (n, labels).
        """
        margins = self.booster.predict(candidates.features, raw_score=True, num_threads=1)
        scores = NOT_A_CANDIDATE + head_scores / 100.0
        own = log_expit(np.asarray(margins, dtype=np.float64)).reshape(candidates.places.shape)
        np.put_along_axis(scores, candidates.places, own, axis=1)
        return np.asarray(scores)


def fit_booster(
    candidates: Candidates, targets: NDArray[np.bool_], *, random_state: int
) -> lgb.Booster:
    """Learn which candidates are listed.

    :param candidates: of creators the head that describes them has not been fitted on.
    :param targets: shape (n, labels).
    """
    listed = np.take_along_axis(targets, candidates.places, axis=1).ravel()
    data = lgb.Dataset(
        candidates.features,
        listed.astype(np.float32),
        feature_name=list(FEATURES),
        categorical_feature=list(CATEGORICAL),
    )
    return lgb.train({**SETTINGS, "seed": random_state}, data, num_boost_round=ROUNDS)
