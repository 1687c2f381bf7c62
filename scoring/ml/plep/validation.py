"""Measuring a platform's model on creators it has not seen, at times after its training posts.

The latest `LATER_SHARE` of the posts by time are only measured on. Creators are in folds; each
fold's later posts are predicted by a model of the other creators' earlier posts. A post's
history is what its creator posted before it, whichever side of the cut that lies on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from scoring.ml.plep.core import Core, Examples, creator_folds, fit_core
from scoring.ml.plep.evaluation import figures, mean_error, own_median, spearman
from scoring.ml.plep.features import COLUMN, FEATURES
from scoring.ml.plep.fitting import fit_platform
from scoring.ml.plep.line import is_warm, line_values
from scoring.ml.plep.platform_model import ABOUT_CAPTIONS, LogRange

OUTER_FOLDS: Final = 5
LATER_SHARE: Final = 0.3
RESAMPLES: Final = 300
FOLLOWERS_ALONE: Final = tuple(name for name in FEATURES if name != "log_followers")

Slices = dict[str, dict[str, float | None]]


def measure(
    examples: Examples, *, random_state: int, off: Sequence[str] = (), later: bool = True
) -> Slices:
    """The model beside its baselines on the same posts, and the model by kind of creator.

    `own_median` is judged where there is one and compared there with the model; in
    `own_median_or_line` the followers line stands in for creators without earlier posts.

    :param later: whether to cut by time too; otherwise by creator alone.
    """
    cut = np.quantile(examples.times, 1 - LATER_SHARE) if later else np.inf
    predicted = np.full((len(examples), 3), np.nan)
    others = {name: np.full(len(examples), np.nan) for name in ("caption_free", "followers_line")}
    for train_rows, test_rows in creator_folds(examples.creators, random_state + 1, OUTER_FOLDS):
        train = examples.take(train_rows[examples.times[train_rows] < cut])
        rows = test_rows[examples.times[test_rows] >= cut] if later else test_rows
        test = examples.facts.take(rows)
        model = fit_platform(train, random_state=random_state, off=off)
        predicted[rows] = model.log_range(model.features(test)).stacked()
        free = fit_core(train, random_state=random_state, off=ABOUT_CAPTIONS, levels=("middle",))
        others["caption_free"][rows] = _middles(free, free.features(test))
        line = fit_core(train, random_state=random_state, off=FOLLOWERS_ALONE, levels=())
        others["followers_line"][rows] = line_values(line.features(test), line.line)
    rows = np.flatnonzero(np.isfinite(predicted[:, 1]))
    own = own_median(examples.facts.plain)[rows]
    others = {name: values[rows] for name, values in others.items()}
    others["own_median_or_line"] = np.where(np.isfinite(own), own, others["followers_line"])
    found = LogRange(*predicted[rows].T)
    return _slices(examples.take(rows), found, own, others, random_state)


def _slices(
    tested: Examples,
    found: LogRange,
    own: np.ndarray,
    others: dict[str, np.ndarray],
    random_state: int,
) -> Slices:
    actual, creators = tested.targets, tested.creators
    warm = is_warm(tested.facts.plain)
    slices: Slices = {"model": dict(figures(actual, found))}
    slices["model"] |= interval_of(actual, found.middle, creators, random_state)
    for name, values in others.items():
        slices[name] = _point(actual, values)
        slices[name] |= compare(actual, found.middle, values, creators, random_state)
    for name, rows in (("with_history", warm), ("cold_start", ~warm)):
        part = LogRange(found.low[rows], found.middle[rows], found.high[rows])
        slices[name] = dict(figures(actual[rows], part))
        if rows.any():
            slices[name] |= interval_of(actual[rows], part.middle, creators[rows], random_state)
    if warm.any():
        slices["own_median"] = _point(actual[warm], own[warm])
        slices["own_median"] |= compare(
            actual[warm], found.middle[warm], own[warm], creators[warm], random_state
        )
    size = tested.facts.plain[:, COLUMN["log_followers"]]
    # what is left when followers are divided out, for a platform whose count is a rate of them
    known = np.isfinite(size)
    slices["rate"] = {
        name: spearman((actual - size)[known], (values - size)[known])
        for name, values in {"spearman": found.middle, **others}.items()
    }
    return slices


def interval_of(
    actual: np.ndarray, predicted: np.ndarray, creators: np.ndarray, random_state: int
) -> dict[str, float | None]:
    """Bootstrap over creators: median and 95 % interval of Spearman and the error."""
    draws = np.array(
        [
            (spearman(actual[rows], predicted[rows]), mean_error(actual[rows], predicted[rows]))
            for rows in resampled(creators, random_state)
        ],
        dtype=float,
    )
    return _quantiles(draws, ("spearman", "mae_log"))


def compare(
    actual: np.ndarray,
    model: np.ndarray,
    baseline: np.ndarray,
    creators: np.ndarray,
    random_state: int,
) -> dict[str, float | None]:
    """Bootstrap over creators of model minus baseline: the gain in Spearman and in error.

    `mae_log_gain` above zero means that the model errs less.
    """
    draws = []
    for rows in resampled(creators, random_state):
        truth, ours, theirs = actual[rows], model[rows], baseline[rows]
        ranks = (spearman(truth, ours), spearman(truth, theirs))
        gain = ranks[0] - ranks[1] if ranks[0] is not None and ranks[1] is not None else np.nan
        error = np.mean(np.abs(truth - theirs)) - np.mean(np.abs(truth - ours))
        draws.append((gain, error))
    return _quantiles(np.array(draws, dtype=float), ("spearman_gain", "mae_log_gain"))


def resampled(creators: np.ndarray, random_state: int) -> list[np.ndarray]:
    """Rows of `RESAMPLES` draws of as many creators with replacement, all their posts each."""
    _, own = np.unique(creators, return_inverse=True)
    order = np.argsort(own, kind="stable")
    rows_of = np.split(order, np.flatnonzero(np.diff(own[order])) + 1)
    generator = np.random.default_rng(random_state)
    return [
        np.concatenate([rows_of[k] for k in generator.integers(0, len(rows_of), len(rows_of))])
        for _ in range(RESAMPLES)
    ]


def _quantiles(draws: np.ndarray, names: tuple[str, ...]) -> dict[str, float | None]:
    result: dict[str, float | None] = {}
    for name, values in zip(names, draws.T, strict=True):
        known = values[np.isfinite(values)]
        for suffix, level in (("low", 0.025), ("median", 0.5), ("high", 0.975)):
            result[f"{name}_{suffix}"] = float(np.quantile(known, level)) if known.size else None
    return result


def _point(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float | None]:
    return {
        "spearman": spearman(actual, predicted),
        "mae_log": mean_error(actual, predicted),
        "posts": len(actual),
    }


def _middles(core: Core, features: np.ndarray) -> np.ndarray:
    trees = np.asarray(core.boosters["middle"].predict(features, num_threads=1))
    return line_values(features, core.line) + trees
