"""LightGBM LambdaMART over the candidates the factorisation proposes (Burges 2010)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEATURES: Final = (
    "factor_score",
    "factor_place",
    "content_cosine",
    "points",
    "same_location",
    "same_category",
    "popularity",
    "log_followers",
    "engagement_rate",
)
# More of these can only help, so that a few hundred choices cannot teach the opposite.
RISING: Final = {
    "factor_score": 1,
    "factor_place": -1,
    "content_cosine": 1,
    "points": 1,
    "popularity": 1,
}
PARAMETERS: Final = {
    "objective": "lambdarank",
    "learning_rate": 0.05,
    "num_leaves": 7,
    "monotone_constraints": [RISING.get(name, 0) for name in FEATURES],
    "min_data_in_leaf": 50,
    "lambdarank_truncation_level": 20,
    "feature_fraction": 0.8,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
ROUNDS: Final = 80
START_WEIGHT: Final = 1.0


class CandidateRanker:
    """Order candidates by learned trees.

    :param rounds: trees. Learned: `booster_`.
    """

    def __init__(self, *, rounds: int = ROUNDS, random_state: int = 0) -> None:
        self.rounds = rounds
        self.random_state = random_state

    def fit(
        self,
        table: Floats,
        gains: NDArray[np.int64],
        groups: NDArray[np.int64],
        weights: Floats | None = None,
    ) -> CandidateRanker:
        """Learn an order within groups.

        :param table: (m, features) in the order of `FEATURES`, NaN unknown.
        :param gains: (m,) relevance, 0 and up. :param groups: rows per brand, summing to m.
        :param weights: (m,), e.g. one over the chance with which the row came to be seen.
        """
        data = lgb.Dataset(
            table,
            gains,
            group=groups,
            weight=weights,
            init_score=_start(table),
            feature_name=list(FEATURES),
        )
        self.booster_ = lgb.train(
            {**PARAMETERS, "seed": self.random_state}, data, num_boost_round=self.rounds
        )
        return self

    def load(self, booster: lgb.Booster) -> CandidateRanker:
        self.booster_ = booster
        return self

    def score(self, table: Floats) -> Floats:
        """(m,); only the order within one brand has meaning."""
        return np.asarray(_start(table) + self.booster_.predict(table, num_threads=1))

    def contributions(self, table: Floats) -> dict[str, Floats]:
        """What each feature adds to each score (SHAP values from LightGBM), (m,) each."""
        parts = np.asarray(self.booster_.predict(table, pred_contrib=True, num_threads=1))
        return {name: parts[:, column] for column, name in enumerate(FEATURES)}


def candidate_table(
    columns: Mapping[str, Floats], brands: NDArray[np.int64], items: NDArray[np.int64]
) -> Floats:
    """Feature rows of pairs, (m, features), in the order of `FEATURES`.

    :param columns: name → (brands, items), or (items,) where it is the same for all brands;
        one that is absent is unknown. Factor scores are compared within a brand only, so
        they become distances from its best in standard deviations, and places.
    :param brands: (m,) rows and :param items: (m,) columns of the pairs.
    """
    scores = np.asarray(columns["factor_score"], dtype=float)
    spread = scores.std(axis=1, keepdims=True)
    lead = (scores - scores.max(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1, kind="stable")
    own = {**columns, "factor_score": lead, "factor_place": np.log2(1.0 + ranks)}

    def column(name: str) -> Floats:
        if name not in own:
            return np.full(len(items), np.nan)
        values = np.asarray(own[name], dtype=float)
        return values[items] if values.ndim == 1 else values[brands, items]

    return np.column_stack([column(name) for name in FEATURES])


def _start(table: Floats) -> Floats:
    """The factor score: trees learn what to correct, so that few choices correct little."""
    return np.asarray(START_WEIGHT * table[:, FEATURES.index("factor_score")])


def raise_candidates(scores: Floats, candidates: NDArray[np.int64], order: Floats) -> Floats:
    """Scores (brands, items) in which the candidates come first, in the order of `order`.

    :param candidates: (brands, depth) columns. :param order: (brands, depth) ranker's scores.
    """
    raised = np.array(scores, dtype=float)
    place = np.argsort(np.argsort(-order, axis=1, kind="stable"), axis=1, kind="stable")
    top = raised.max(axis=1, keepdims=True) + 1.0
    np.put_along_axis(raised, candidates, top + candidates.shape[1] - place, axis=1)
    return raised
