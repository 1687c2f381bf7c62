"""LightGBM LambdaMART over the candidates the factorisation proposes (Burges 2010)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from scoring.ml.recommending.measuring import top_items

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
PARAMETERS: Final = {
    "objective": "lambdarank",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "lambdarank_truncation_level": 20,
    "feature_fraction": 0.8,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
ROUNDS: Final = 150


class CandidateRanker:
    """Order candidates by learned trees.

    :param rounds: trees. Learned: `booster_`.
    """

    def __init__(self, *, rounds: int = ROUNDS, random_state: int = 0) -> None:
        self.rounds = rounds
        self.random_state = random_state

    def fit(
        self, table: Floats, gains: NDArray[np.int64], groups: NDArray[np.int64]
    ) -> CandidateRanker:
        """:param table: (m, features) in the order of `FEATURES`, NaN unknown.
        :param gains: (m,) relevance 0…; :param groups: rows per brand, in order, summing to m.
        """
        data = lgb.Dataset(table, gains, group=groups, feature_name=list(FEATURES))
        self.booster_ = lgb.train(
            {**PARAMETERS, "seed": self.random_state}, data, num_boost_round=self.rounds
        )
        return self

    def load(self, booster: lgb.Booster) -> CandidateRanker:
        self.booster_ = booster
        return self

    def score(self, table: Floats) -> Floats:
        """(m,); only the order within one brand has meaning."""
        return np.asarray(self.booster_.predict(table, num_threads=1))

    def contributions(self, table: Floats) -> dict[str, Floats]:
        """What each feature adds to each score (SHAP values from LightGBM), (m,) each."""
        parts = np.asarray(self.booster_.predict(table, pred_contrib=True, num_threads=1))
        return {name: parts[:, column] for column, name in enumerate(FEATURES)}


def candidate_table(columns: Mapping[str, Floats], candidates: NDArray[np.int64]) -> Floats:
    """Feature rows of the candidates of each brand, (brands · depth, features).

    :param columns: name → (brands, items), or (items,) where it is the same for all brands;
        one that is absent is unknown. "factor_score" is compared within a brand: it is
        turned into distance from the brand's best in standard deviations.
    :param candidates: (brands, depth) columns of items, best factor score first.
    """
    depth = candidates.shape[1]
    parts = []
    for name in FEATURES:
        if name == "factor_place":
            parts.append(np.tile(np.arange(depth, dtype=float), (len(candidates), 1)))
        elif name not in columns:
            parts.append(np.full(candidates.shape, np.nan))
        else:
            values = np.asarray(columns[name], dtype=float)
            own = (
                values[candidates]
                if values.ndim == 1
                else np.take_along_axis(values, candidates, axis=1)
            )
            parts.append(_standardised(own, values) if name == "factor_score" else own)
    return np.stack(parts, axis=-1).reshape(-1, len(FEATURES))


def propose(scores: Floats, known: NDArray[np.bool_], depth: int) -> NDArray[np.int64]:
    """The `depth` best items of each brand that it has not acted on, (brands, depth)."""
    return top_items(np.where(known, -np.inf, scores), min(depth, scores.shape[1]))


def rerank(scores: Floats, candidates: NDArray[np.int64], order_scores: Floats) -> Floats:
    """Scores (brands, items) in which the candidates come first, in the ranker's order."""
    own = order_scores.reshape(candidates.shape)
    raised = np.array(scores, dtype=float)
    finite = raised[np.isfinite(raised)]
    floor = (finite.max() if len(finite) else 0.0) + 1.0
    place = np.argsort(np.argsort(-own, axis=1, kind="stable"), axis=1, kind="stable")
    np.put_along_axis(raised, candidates, floor + candidates.shape[1] - place, axis=1)
    return raised


def _standardised(own: Floats, all_scores: Floats) -> Floats:
    spread = all_scores.std(axis=1, keepdims=True)
    best = all_scores.max(axis=1, keepdims=True)
    return np.asarray((own - best) / np.where(spread > 0, spread, 1.0))
