"""Growth that does not fade as interest fades: residuals of a robust decay curve.

Attention to a post decays as a power of its age or exponentially (Crane and Sornette 2008;
Szabo and Huberman 2010). Both curves are fitted by Theil-Sen, which a third of bought steps
does not move; the better one is kept. Rises above it and plateaus too even for people count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.engagement.rates import (
    highest,
    mid_hours,
    organic_scale,
    prior_sd,
    speaking_metrics,
    step_rates,
    too_quiet,
    window_steps,
)
from scoring.ml.engagement.series import EngagementSeries

MOST_POINTS: Final = 64
"""Theil-Sen looks at every pair, so longer series are fitted on medians of blocks."""
EARLY: Final = 0.25
"""A post may rise in this share of its steps before it has to fade."""


@dataclass(frozen=True)
class DecayResiduals:
    """Score of a step: how far it lies above the decay curve, or how even its plateau is."""

    name: str = "decay_residuals"

    def score(self, series: EngagementSeries) -> np.ndarray:
        steps = max(len(series) - 1, 0)
        if steps < 3:
            return np.full(steps, np.nan)
        parts = []
        for metric in speaking_metrics(series):
            parts.extend(_metric_scores(series, metric))
        return highest(parts, steps)


def fit_decay(age: np.ndarray, log_rate: np.ndarray) -> np.ndarray:
    """The better of power law and exponential at every age; never rising.

    Both arrays are of shape (n,), without NaN, `age` above zero and rising.
    """
    middles, centres = _block_medians(log_rate)
    first = _early_peak(centres)
    best, best_error = np.full(len(age), np.median(log_rate)), np.inf
    for axis in (np.log(age), age):
        places = axis[middles]
        slope, level = _theil_sen(places[first:], centres[first:])
        error = float(np.median(np.abs(centres[first:] - level - slope * places[first:])))
        if error < best_error:
            best, best_error = level + slope * axis, error
    return best


def _metric_scores(series: EngagementSeries, metric: str) -> list[np.ndarray]:
    rates = step_rates(series, metric)
    known = np.isfinite(rates.log_rate)
    if np.count_nonzero(known) < 3:
        return []
    age = mid_hours(series) - series.hours[0] + series.typical_step_hours
    awake = rates.log_rate - rates.cycle
    expected = np.full(len(age), np.nan)
    expected[known] = fit_decay(age[known], awake[known])
    residual = awake - expected
    counts = np.maximum(np.exp(expected + rates.cycle) * series.step_hours, 1.0)
    scale = organic_scale(residual, 1.0 / counts, prior=prior_sd(series, metric))
    above = residual / np.sqrt(1.0 / counts + scale**2)
    above[0] = np.nan  # where the curve starts says nothing of how it goes on
    even = too_quiet(
        series.increments(metric),
        series.step_hours,
        window_steps(series),
        organic_sd=min(rates.scale, prior_sd(series, metric)) / 2.0,
    )
    return [above, even]


def _block_medians(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Middle places and medians of at most `MOST_POINTS` blocks, longer the later they lie."""
    steps = len(values)
    if steps <= MOST_POINTS:
        return np.arange(steps), values
    edges = np.unique(np.geomspace(1, steps + 1, MOST_POINTS + 1).astype(int)) - 1
    middles = (edges[:-1] + edges[1:] - 1) // 2
    block = np.repeat(np.arange(len(middles)), np.diff(edges))
    return middles, values[np.lexsort((values, block))][middles]


def _early_peak(centres: np.ndarray) -> int:
    """The block with which fading starts."""
    return int(np.argmax(centres[: max(1, int(EARLY * len(centres)))]))


def _theil_sen(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Median slope of all pairs, at most 0, and the median level."""
    later, earlier = np.triu_indices(len(x), 1)[::-1]
    run = x[later] - x[earlier]
    slope = min(0.0, float(np.median((y[later] - y[earlier]) / run))) if run.size else 0.0
    return slope, float(np.median(y - slope * x))


DETECTOR = DecayResiduals()
