"""Fitting the scorer on pairs with outcomes: trees for score and order, and how they are mixed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from scoring.ml.match.brief_reading import BriefReader
from scoring.ml.match.factors import FACTORS, STATED_WEIGHTS
from scoring.ml.match.measuring import order_figures, outcome_figures
from scoring.ml.match.pairs import Pairs, groups_of
from scoring.ml.match.scorer import MatchScorer, ScorerSettings
from scoring.ml.match.text_evidence import TextMatcher
from scoring.ml.match.tree_features import COLUMNS, RISING, tree_features
from scoring.ml.matching import MatchModel

Floats = NDArray[np.float64]
STATED_DISCOUNT: Final = 0.25
ROUNDS: Final = 800
ORDER_ROUNDS: Final = 120
GRADES: Final = 5
BLENDS: Final = (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 1.0)
ORDER_SHARES: Final = (0.0, 0.1, 0.25, 0.5, 1.0)
SCORE_PARAMETERS: Final[dict[str, Any]] = {
    "objective": "cross_entropy",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "monotone_constraints": RISING,
    "monotone_constraints_method": "intermediate",
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
ORDER_PARAMETERS: Final[dict[str, Any]] = {
    **SCORE_PARAMETERS,
    "objective": "lambdarank",
    "learning_rate": 0.05,
    "label_gain": list(range(GRADES)),
    "lambdarank_truncation_level": 20,
}


def fit_scorer(
    training: Pairs,
    validation: Pairs,
    *,
    topic_floor: float,
    topic_ceiling: float,
    texts: TextMatcher,
    reader: BriefReader,
    random_state: int,
    rounds: int = ROUNDS,
    order_rounds: int = ORDER_ROUNDS,
) -> MatchScorer:
    """Trees from `training`; blend and share of the order from `validation`."""
    score = _train(SCORE_PARAMETERS, training, training.outcomes, random_state, rounds)
    order = _train(ORDER_PARAMETERS, training, _grades(training), random_state, order_rounds)
    stated = stated_scores(training)
    slope, intercept = np.polyfit(stated, training.outcomes, 1)
    settings: dict[str, Any] = {
        "weights": dict(STATED_WEIGHTS),
        "evidence_discount": STATED_DISCOUNT,
        "topic_floor": topic_floor,
        "topic_ceiling": topic_ceiling,
        "stated_slope": float(slope),
        "stated_intercept": float(intercept),
        "order_scale": float(np.std(order.predict(_features(training), raw_score=True))),
    }

    def scorer(blend: float, order_share: float) -> MatchScorer:
        chosen = ScorerSettings(**settings, blend=blend, order_share=order_share)
        return MatchScorer(
            version="unsaved",
            settings=chosen,
            score=score,
            order=order,
            texts=texts,
            reader=reader,
        )

    blend = min(
        BLENDS,
        key=lambda b: outcome_figures(score_pairs(scorer(b, 0.0), validation), validation)["rmse"],
    )
    share = max(
        ORDER_SHARES,
        key=lambda s: order_figures(order_pairs(scorer(blend, s), validation), validation)[
            "ndcg_at_10"
        ],
    )
    return scorer(blend, share)


def score_pairs(scorer: MatchScorer, pairs: Pairs) -> Floats:
    """Match scores of all pairs, (n,)."""
    return _by_asked(pairs, scorer.weighted_scores)


def order_pairs(scorer: MatchScorer, pairs: Pairs) -> Floats:
    """Order values of all pairs, (n,)."""
    return _by_asked(pairs, scorer.order_values)


def stated_scores(pairs: Pairs) -> Floats:
    """The stated formula alone, (n,): the baseline."""
    model = MatchModel("stated", STATED_WEIGHTS, STATED_DISCOUNT, 0.0, 1.0)
    return _by_asked(pairs, model.weighted_scores)


def factors_of(pairs: Pairs, rows: NDArray[np.intp]) -> dict[str, Floats]:
    """The factors of rows that ask for the same things."""
    asked = pairs.asked[rows[0]]
    return {
        name: pairs.values[rows, column] for column, name in enumerate(FACTORS) if asked[column]
    }


def _by_asked(pairs: Pairs, score: Any) -> Floats:
    """Rows that ask for the same factors are scored together; each as if alone."""
    result = np.empty(len(pairs))
    patterns, inverse = np.unique(pairs.asked, axis=0, return_inverse=True)
    for pattern in range(len(patterns)):
        rows = np.flatnonzero(np.ravel(inverse) == pattern)
        result[rows] = score(factors_of(pairs, rows))
    return result


def _features(pairs: Pairs) -> Floats:
    return tree_features(pairs.values, pairs.asked)


def _grades(pairs: Pairs) -> Floats:
    """Fifths of each campaign's outcomes, 0 the worst, (n,)."""
    grades = np.empty(len(pairs))
    for rows in groups_of(pairs.campaigns):
        ranks = np.argsort(np.argsort(pairs.outcomes[rows], kind="stable"), kind="stable")
        grades[rows] = ranks * GRADES // len(rows)
    return grades


def _train(
    parameters: Mapping[str, Any], pairs: Pairs, target: Floats, random_state: int, rounds: int
) -> lgb.Booster:
    ranks = parameters["objective"] == "lambdarank"
    data = lgb.Dataset(
        _features(pairs),
        target,
        group=[len(rows) for rows in groups_of(pairs.campaigns)] if ranks else None,
        feature_name=list(COLUMNS),
    )
    return lgb.train({**parameters, "seed": random_state}, data, rounds)
