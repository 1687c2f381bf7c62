"""Fitting one platform's model: lines, trees, conformal margins, confidences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
from scoring.ml.plep.line import fit_line, is_warm, line_values
from scoring.ml.plep.paired import bear_out
from scoring.ml.plep.platform_model import PlatformModel, raw_quantiles, widen
from scoring.ml.plep.settings import LEVELS, NOMINAL_COVERAGE, PlatformSettings

ROUNDS: Final = 160
FOLDS: Final = 3
MASKED_SHARE: Final = 0.3
MASKED_WEIGHT: Final = 0.5
FEWEST_OF_A_KIND: Final = 30
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
    line: Any
    off: tuple[str, ...]

    def features(self, facts: Facts) -> np.ndarray:
        matrix = feature_matrix(facts, self.vocabulary)
        matrix[:, columns_of(self.off)] = np.nan
        return matrix


def fit_platform(
    examples: Examples, *, random_state: int, off: Sequence[str] = (), folds: int = FOLDS
) -> PlatformModel:
    """Fit on all examples; margins, confidences and effects from predictions out of fold.

    The margin is that of conformalised quantile regression (Romano et al., 2019), apart for
    creators with and without earlier posts, over folds that keep a creator's posts together
    (CV+, Barber et al., 2021, with the final model in place of the fold models).
    """
    held_out = np.zeros((len(examples), 3))
    warm = np.zeros(len(examples), dtype=bool)
    cores: list[tuple[Core, np.ndarray]] = []
    for train_rows, test_rows in creator_folds(examples.creators, random_state, folds):
        core = fit_core(examples.take(train_rows), random_state=random_state, off=off)
        features = core.features(examples.facts.take(test_rows))
        held_out[test_rows] = raw_quantiles(core.boosters, core.line, features)
        warm[test_rows] = is_warm(features)
        cores.append((core, test_rows))
    margins = {
        name: _margin(held_out[rows], examples.targets[rows])
        for name, rows in (("warm", warm), ("cold", ~warm))
    }
    if not warm.any() or not (~warm).any():
        margins = dict.fromkeys(margins, _margin(held_out, examples.targets))
    edges, confidences = _confidences(held_out, warm, margins, examples.targets)
    effects = bear_out(examples, cores, random_state=random_state)
    core = fit_core(examples, random_state=random_state, off=off)
    settings = PlatformSettings(
        line=core.line,
        off=tuple(off),
        unlearned=tuple(_unlearned(examples.facts)),
        tags=core.vocabulary.tags,
        margins=margins,
        width_edges=edges,
        confidences=confidences,
        effects=effects,
        typical_log=float(np.median(examples.targets)),
        **_described(examples),
    )
    return PlatformModel(core.boosters, core.vocabulary, settings)


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


def _margin(held_out: np.ndarray, targets: np.ndarray) -> float:
    if not len(targets):
        return 0.0
    scores = np.maximum(held_out[:, 0] - targets, targets - held_out[:, 2])
    level = min(np.ceil((len(scores) + 1) * NOMINAL_COVERAGE) / len(scores), 1.0)
    return float(np.quantile(scores, level, method="higher"))


def _confidences(
    held_out: np.ndarray, warm: np.ndarray, margins: Mapping[str, float], targets: np.ndarray
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    found = widen(held_out, warm, margins)
    widths = found.high - found.low
    within = np.abs(targets - found.middle) <= np.log(2)
    edges = np.quantile(widths, [1 / 3, 2 / 3])
    third = np.searchsorted(edges, widths)
    shares = [float(within[third == k].mean()) if (third == k).any() else 0.0 for k in range(3)]
    return tuple(float(edge) for edge in edges), tuple(shares)


def _unlearned(facts: Facts) -> list[str]:
    known = np.isfinite(facts.plain[:, COLUMN["log_duration"]]).sum()
    return ["kind", "image", *(["duration_s"] if known < FEWEST_OF_A_KIND else [])]


def _described(examples: Examples) -> dict[str, Any]:
    hours = examples.facts.plain[:, COLUMN["hour"]]
    durations = np.expm1(examples.facts.plain[:, COLUMN["log_duration"]])
    known = durations[np.isfinite(durations)]
    times = examples.times[np.isfinite(examples.times)]
    days = [f"{datetime.fromtimestamp(t, UTC):%Y-%m-%d}" for t in (times.min(), times.max())]
    return {
        "hours": tuple(int((hours == hour).sum()) for hour in range(24)),
        "durations": tuple(float(d) for d in np.quantile(known, np.arange(0.1, 0.95, 0.1)))
        if len(known) >= FEWEST_OF_A_KIND
        else (),
        "posts": len(examples),
        "creators": len(np.unique(examples.creators)),
        "first_day": days[0],
        "last_day": days[1],
    }
