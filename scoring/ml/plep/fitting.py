"""Fitting one platform's model: its core, conformal margins, confidences and effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from scoring.ml.plep.core import Core, Examples, creator_folds, fit_core
from scoring.ml.plep.features import COLUMN, Facts
from scoring.ml.plep.line import is_warm
from scoring.ml.plep.paired import bear_out
from scoring.ml.plep.platform_model import (
    ABOUT_CAPTIONS,
    CAPTION_FREE,
    PlatformModel,
    raw_quantiles,
    widen,
)
from scoring.ml.plep.settings import NOMINAL_COVERAGE, PlatformSettings

FOLDS: Final = 3
FEWEST_OF_A_KIND: Final = 30


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
    free = fit_core(examples, random_state=random_state, off=ABOUT_CAPTIONS, levels=("middle",))
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
        caption_free_line=free.line,
        **_described(examples),
    )
    boosters = {**core.boosters, CAPTION_FREE: free.boosters["middle"]}
    return PlatformModel(boosters, core.vocabulary, settings)


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
