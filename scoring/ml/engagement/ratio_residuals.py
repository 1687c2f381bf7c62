"""Counts out of proportion: likes per view and the like against the post's own earlier level.

The level of a ratio is the sum of earlier counts over the sum of earlier bases, forgetting by
half in a day or so. The noise of a step is that of two Poisson counts (a binomial share of
small p, with the uncertainty of the level) plus an organic variance, which makes it
beta-binomial in effect. Ratios that follow each other more closely than a binomial may are
suspicious too: independent people do not like in lockstep with views.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.signal import lfilter

from scoring.ml.engagement.rates import (
    COMMENTS_SPREAD,
    highest,
    organic_scale,
    steps_per_day,
    too_quiet,
    window_steps,
)
from scoring.ml.engagement.series import EngagementSeries

PAIRS: Final = (
    ("likes", "views"),
    ("comments", "likes"),
    ("comments", "views"),
    ("shares", "views"),
)
DAILY_SD: Final = 0.40
SUBDAILY_SD: Final = 0.15
DAILY_DRIFT: Final = {("likes", "views"): -0.5, ("comments", "views"): -0.6}
"""Organic change of a ratio against its earlier level: fans come first, like and comment more.
Measured on daily series of trending videos; for shorter steps the series tells its own."""
PRIOR_STEPS: Final = 5.0
OUTLYING: Final = 4.0
REMOVED_COMMENTS: Final = 0.5
"""Weight of too few comments: platforms and creators take them away, likes they do not."""


@dataclass(frozen=True)
class RatioResiduals:
    """Score of a step: the largest standardised deviation of its ratios, in either direction."""

    name: str = "ratio_residuals"

    def score(self, series: EngagementSeries) -> np.ndarray:
        steps = max(len(series) - 1, 0)
        if steps < 2:
            return np.full(steps, np.nan)
        known = series.known_metrics()
        parts = []
        for part, base in PAIRS:
            if part not in known or base not in known:
                continue
            if not np.nansum(series.increments(base)) or not np.nansum(series.increments(part)):
                continue
            parts.extend(_pair_scores(series, part, base))
        return highest(parts, steps)


def ratio_z(series: EngagementSeries, part: str, base: str) -> tuple[np.ndarray, float]:
    """Signed residuals of `part` per `base` in standard deviations, and the organic one."""
    added, bases = series.increments(part), series.increments(base)
    pair, known = (part, base), np.isfinite(added) & np.isfinite(bases)
    first = _first_counts(series, part, base)
    prior = SUBDAILY_SD if series.is_subdaily else DAILY_SD
    prior *= COMMENTS_SPREAD if part == "comments" else 1.0
    half_life = max(1.5, float(steps_per_day(series)))
    z, sd = np.full(len(added), np.nan), prior
    replaced = added
    for _ in range(2):  # the second time without what stood out the first time
        level, weight = _earlier_level(replaced, bases, known, first, half_life)
        expected = level * bases
        residual = np.log((added + 1.0) / (expected + 1.0))
        residual -= _drift(residual, 0.0 if series.is_subdaily else DAILY_DRIFT.get(pair, 0.0))
        noise = 0.5 / (added + 1.0) + 0.5 / (expected + 1.0) + 1.0 / (weight + 1.0)
        sd = organic_scale(residual, noise, prior=prior)
        z = np.where(known, residual / np.sqrt(noise + sd**2), np.nan)
        replaced = np.where(np.abs(z) > OUTLYING, expected, added)
    return z, sd


def _pair_scores(series: EngagementSeries, part: str, base: str) -> list[np.ndarray]:
    z, sd = ratio_z(series, part, base)
    added, bases = series.increments(part), series.increments(base)
    quiet = too_quiet(added, bases, window_steps(series), organic_sd=sd / 3.0)
    too_few = REMOVED_COMMENTS if part == "comments" else 1.0
    return [np.where(z < 0, -too_few * z, z), quiet]


def _drift(residual: np.ndarray, prior: float) -> float:
    """Usual residual of a step, drawn to `prior` when steps are few."""
    known = residual[np.isfinite(residual)]
    if not known.size:
        return prior
    steps = float(known.size)
    return (steps * float(np.median(known)) + PRIOR_STEPS * prior) / (steps + PRIOR_STEPS)


def _first_counts(series: EngagementSeries, part: str, base: str) -> tuple[float, float]:
    """What had been counted before the first step, (0, 0) when unknown."""
    first, first_base = series.counts[part][0], series.counts[base][0]
    if np.isnan(first) or np.isnan(first_base):
        return 0.0, 0.0
    return float(first), float(first_base)


def _earlier_level(
    added: np.ndarray,
    bases: np.ndarray,
    known: np.ndarray,
    first: tuple[float, float],
    half_life: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Level of the ratio before each step and the count it rests on; shape (n - 1,) each.

    Where nothing was counted before, the series' own total stands in.
    """
    keep = 0.5 ** (1.0 / half_life)

    def remembered(values: np.ndarray, start: float) -> np.ndarray:
        earlier = np.concatenate([[start], np.where(known, values, 0.0)[:-1]])
        return np.asarray(lfilter([1.0], [1.0, -keep], earlier))

    parts, wholes = remembered(added, first[0]), remembered(bases, first[1])
    overall = np.sum(added[known]) / max(float(np.sum(bases[known])), 1.0)
    # One count of the overall level keeps the first levels from being 0 or infinite.
    doubt = 1.0 / max(float(overall), 1e-9)
    return (parts + 1.0) / (wholes + doubt), parts


DETECTOR = RatioResiduals()
