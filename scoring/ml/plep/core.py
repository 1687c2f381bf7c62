"""Fitting vocabulary, lines and trees of one platform, before any calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from sklearn.model_selection import GroupKFold

from scoring.ml.plep.features import (
    COLUMN,
    CREATOR_FEATURES,
    DURATION_FEATURES,
    FEATURES,
    TIME_FEATURES,
    Facts,
    Vocabulary,
    columns_of,
    feature_matrix,
    learn_vocabulary,
)
from scoring.ml.plep.history import OWN_FEATURES
from scoring.ml.plep.line import fit_line, line_values
from scoring.ml.plep.settings import LEVELS, Line

ROUNDS: Final = 160
MASKED_SHARE: Final = 0.3
MASKED_WEIGHT: Final = 0.5
PARAMETERS: Final[Mapping[str, Any]] = {
    "objective": "quantile",
    "learning_rate": 0.06,
    "num_leaves": 12,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


@dataclass(frozen=True)
class Examples:
    """Posts of one platform whose engagement is known; n rows.

    `targets` are log1p counts, `times` seconds since 1970.
    """

    facts: Facts
    targets: np.ndarray
    creators: np.ndarray
    times: np.ndarray

    def __len__(self) -> int:
        return len(self.targets)

    def take(self, rows: np.ndarray) -> Examples:
        return Examples(
            self.facts.take(rows), self.targets[rows], self.creators[rows], self.times[rows]
        )


@dataclass(frozen=True)
class Core:
    """A model before its margins."""

    boosters: dict[str, lgb.Booster]
    vocabulary: Vocabulary
    line: Line
    off: tuple[str, ...]

    def features(self, facts: Facts) -> np.ndarray:
        matrix = feature_matrix(facts, self.vocabulary)
        matrix[:, columns_of(self.off)] = np.nan
        return matrix


def fit_core(
    examples: Examples,
    *,
    random_state: int,
    off: Sequence[str] = (),
    levels: Sequence[str] = tuple(LEVELS),
) -> Core:
    """Vocabulary, lines and trees of these examples alone.

    A share of the posts is learned from a second time with facts hidden, so that a creator or
    a file that lacks them is no stranger.
    """
    vocabulary = learn_vocabulary(examples.facts, examples.creators)
    matrix = feature_matrix(examples.facts, vocabulary)
    matrix[:, columns_of(off)] = np.nan
    hidden, rows = _with_facts_hidden(matrix, random_state)
    targets = np.concatenate([examples.targets, examples.targets[rows]])
    weights = np.concatenate([np.ones(len(matrix)), np.full(len(rows), MASKED_WEIGHT)])
    matrix = np.vstack([matrix, hidden])
    line = fit_line(matrix, targets, weights)
    rest = targets - line_values(matrix, line)
    boosters = {}
    for name in levels:
        dataset = lgb.Dataset(matrix, rest, weight=weights, feature_name=list(FEATURES))
        parameters = {**PARAMETERS, "alpha": LEVELS[name], "seed": random_state}
        boosters[name] = lgb.train(parameters, dataset, ROUNDS)
    return Core(boosters, vocabulary, line, tuple(off))


def creator_folds(
    creators: np.ndarray, random_state: int, folds: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows of training and test, all posts of a creator on one side."""
    own = np.where(creators < 0, -1 - np.arange(len(creators)), creators)
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=random_state)
    return list(splitter.split(own, groups=own))


def _with_facts_hidden(matrix: np.ndarray, random_state: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(random_state)
    rows = np.flatnonzero(generator.random(len(matrix)) < MASKED_SHARE)
    hidden = matrix[rows].copy()
    for names in (CREATOR_FEATURES, OWN_FEATURES, TIME_FEATURES, DURATION_FEATURES):
        chosen = np.flatnonzero(generator.random(len(rows)) < 0.4)
        hidden[np.ix_(chosen, columns_of(names))] = np.nan
    unknown = np.isnan(hidden[:, COLUMN["own_posts"]])
    hidden[unknown, COLUMN["own_posts"]] = 0.0
    return hidden, rows
