"""Log rates of a metric with their organic course and noise: the ground detectors stand on.

A step that added k counts in h hours has the log rate log((k + 1) / h). What is expected of it
is the post's own local level (rolling median) times a smooth daily cycle; the variance of the
residual is that of a Poisson count at the expected level, 1 / (mu + 1), plus an organic
variance taken from the residuals themselves and, where these are few, from real daily series.
Adding one count and using the expected level keep posts with a handful of counts quiet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from scoring.ml.engagement.series import EngagementSeries

MAD_TO_SD: Final = 1.4826
HOURS_PER_DAY: Final = 24.0
DAILY_SD: Final = 0.40
SUBDAILY_SD: Final = 0.20
"""Organic standard deviations of log rates, used where a series has too few steps of its own."""
COMMENTS_SPREAD: Final = 2.0
"""Comments come in threads and are taken away again, so their rates vary this much more."""
PRIOR_STEPS: Final = 10.0
"""So many steps of a series weigh as much as the organic standard deviation above."""
HARMONICS: Final = 2
"""Of the daily cycle: audiences wake and sleep smoothly, a nightly burst of an hour is not."""


@dataclass(frozen=True)
class StepRates:
    """One metric's steps; arrays of shape (n - 1,), NaN where the counts are unknown.

    `log_rate` is in log counts per hour, `trend` and `cycle` its expected course, `noise` the
    variance of the log rate that counting alone explains, `scale` the organic standard deviation.
    """

    metric: str
    log_rate: np.ndarray
    trend: np.ndarray
    cycle: np.ndarray
    noise: np.ndarray
    scale: float

    @property
    def residual(self) -> np.ndarray:
        return self.log_rate - self.trend - self.cycle

    @property
    def z(self) -> np.ndarray:
        """Residuals in standard deviations, signed."""
        return self.residual / np.sqrt(self.noise + self.scale**2)

    @property
    def shrunk(self) -> np.ndarray:
        """Residuals with the part taken away that counting noise explains."""
        return self.residual * self.scale**2 / (self.noise + self.scale**2)


def speaking_metrics(series: EngagementSeries) -> tuple[str, ...]:
    """Metrics that grew at least once; about the others no step can be judged."""
    return tuple(m for m in series.known_metrics() if np.nansum(series.increments(m)) > 0)


def mid_hours(series: EngagementSeries) -> np.ndarray:
    """Middle of every step in hours since 1970, shape (n - 1,)."""
    return (series.hours[:-1] + series.hours[1:]) / 2.0


def steps_per_day(series: EngagementSeries) -> int:
    """How many steps a day has, at least one."""
    typical = series.typical_step_hours
    return max(1, round(HOURS_PER_DAY / typical)) if typical > 0 else 1


def window_steps(series: EngagementSeries) -> int:
    """Length of the window detectors look at: a day of 8-48 steps, or five longer steps."""
    return int(np.clip(steps_per_day(series), 8, 48)) if series.is_subdaily else 5


def shape_steps(series: EngagementSeries) -> int:
    """Length of the windows whose shapes are compared; long steps are few, so it is short."""
    return window_steps(series) if series.is_subdaily else 4


def step_rates(series: EngagementSeries, metric: str) -> StepRates:
    """Rates of one metric, computed once per series."""
    key = f"rates:{metric}"
    if key not in series._cache:
        series._cache[key] = _course(series, metric)
    log_rate, trend, cycle, noise = series._cache[key]
    return StepRates(
        metric=metric,
        log_rate=log_rate,
        trend=trend,
        cycle=cycle,
        noise=noise,
        scale=organic_scale(log_rate - trend - cycle, noise, prior=prior_sd(series, metric)),
    )


def prior_sd(series: EngagementSeries, metric: str) -> float:
    """Organic standard deviation of a metric's log rates before the series is looked at."""
    usual = SUBDAILY_SD if series.is_subdaily else DAILY_SD
    return usual * (COMMENTS_SPREAD if metric == "comments" else 1.0)


def organic_scale(residual: np.ndarray, noise: np.ndarray, *, prior: float) -> float:
    """Robust standard deviation beyond counting noise, drawn to `prior` when steps are few."""
    known = np.isfinite(residual)
    steps = int(np.count_nonzero(known))
    if not steps:
        return prior
    values = residual[known]
    spread = MAD_TO_SD * float(np.median(np.abs(values - np.median(values))))
    variance = max(spread**2 - float(np.median(noise[known])), 0.0)
    pooled = (steps * variance + PRIOR_STEPS * prior**2) / (steps + PRIOR_STEPS)
    return max(float(np.sqrt(pooled)), prior / 4.0)


def rolling_median(values: np.ndarray, half: int) -> np.ndarray:
    """Median of the 2 · half + 1 values around each, NaNs left out; O(n log half).

    The start is continued by odd reflection, so that the steep first decay of a post is its
    own level; the end is cut, so that a late rise stands out against what came before.
    """
    half = min(half, len(values) - 1)
    if half < 1:
        return values.copy()
    start = 2.0 * values[0] - values[half:0:-1]
    window = pd.Series(np.concatenate([start, values])).rolling(
        2 * half + 1, center=True, min_periods=1
    )
    return np.asarray(window.median().to_numpy()[half:], dtype=float)


def daily_cycle(residual: np.ndarray, hours: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Smooth cycle of 24 hours in `residual`, by Huber regression on two harmonics."""
    angle = 2.0 * np.pi * hours / HOURS_PER_DAY
    columns = [f(k * angle) for k in range(1, HARMONICS + 1) for f in (np.cos, np.sin)]
    design = np.column_stack([np.ones_like(angle), *columns])
    known = np.isfinite(residual) & np.isfinite(weights)
    if np.count_nonzero(known) < 4 * design.shape[1]:
        return np.zeros_like(residual)
    coefficients = huber_regression(design[known], residual[known], weights[known])
    return np.asarray(design[:, 1:] @ coefficients[1:])


def huber_regression(
    design: np.ndarray, target: np.ndarray, weights: np.ndarray, *, rounds: int = 4
) -> np.ndarray:
    """Coefficients (k,) by iteratively reweighted least squares, Huber's 1.345.

    A ridge of a tenth of a row keeps collinear columns of short series solvable.
    """
    ridge = 0.1 * float(np.median(weights)) * np.eye(design.shape[1])
    ridge[0, 0] *= 1e-6
    row_weights = weights
    coefficients = np.zeros(design.shape[1])
    for _ in range(rounds):
        weighted = design * row_weights[:, None]
        coefficients = np.linalg.solve(weighted.T @ design + ridge, weighted.T @ target)
        errors = np.abs(target - design @ coefficients)
        limit = 1.345 * max(MAD_TO_SD * float(np.median(errors)), 1e-6)
        row_weights = weights * np.minimum(1.0, limit / np.maximum(errors, limit))
    return coefficients


def highest(parts: Sequence[np.ndarray], steps: int) -> np.ndarray:
    """Largest of the metrics' scores per step, at least 0; NaN where none can say."""
    if not parts:
        return np.full(steps, np.nan)
    together = np.fmax.reduce(np.vstack(parts), axis=0)
    return np.where(np.isfinite(together), np.maximum(together, 0.0), np.nan)


def too_quiet(
    added: np.ndarray, shape: np.ndarray, window: int, *, organic_sd: float
) -> np.ndarray:
    """How much closer counts follow `shape` over `window` steps than chance allows.

    Within a window the counts are expected to be in proportion to `shape`; they vary at least
    as Poisson counts do, and by `organic_sd` (relative) more. The sum of squares is turned into
    a normal score of the lower chi-squared tail (Wilson and Hilferty 1931), positive when the
    counts vary too little. Each step gets its best window; NaN where counts are too small
    (mean below 5) or unknown.
    """
    steps = len(added)
    freedom = window - 1
    if steps < window or freedom < 2:
        return np.full(steps, np.nan)
    view = np.lib.stride_tricks.sliding_window_view
    total, basis = view(added, window).sum(axis=1), view(shape, window).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = view(shape, window) * (total / basis)[:, None]
        variance = expected * (1.0 + organic_sd**2 * expected)
        squares = np.square(view(added, window) - expected) / variance
        sums = squares.sum(axis=1)
        enough = (total >= 5.0 * window) & (expected.min(axis=1) > 0)
    spread = 2.0 / (9.0 * freedom)
    score = ((1.0 - spread) - np.cbrt(sums / freedom)) / np.sqrt(spread)
    return spread_windows(np.where(enough, score, np.nan), window, steps)


def spread_windows(window_scores: np.ndarray, window: int, steps: int) -> np.ndarray:
    """For every step the highest score of the windows that cover it, NaN where none does."""
    padded = np.concatenate(
        [
            np.full(window - 1, -np.inf),
            np.where(np.isfinite(window_scores), window_scores, -np.inf),
            np.full(window - 1, -np.inf),
        ]
    )
    views = np.lib.stride_tricks.sliding_window_view(padded, window)
    best = views.max(axis=1)[:steps]
    return np.where(np.isfinite(best), best, np.nan)


def _course(series: EngagementSeries, metric: str) -> np.ndarray:
    """Rows: log rate, trend, cycle, noise; shape (4, n - 1)."""
    added, lengths = series.increments(metric), series.step_hours
    log_rate = np.log((added + 1.0) / lengths)
    half = max(3, steps_per_day(series) // 2) if series.is_subdaily else 3
    trend = rolling_median(log_rate, half) if len(log_rate) else log_rate.copy()
    cycle = np.zeros_like(log_rate)
    if series.is_subdaily and series.hours[-1] - series.hours[0] >= 2 * HOURS_PER_DAY:
        expected = np.exp(trend) * lengths
        weights = expected / (1.0 + SUBDAILY_SD**2 * expected)
        cycle = daily_cycle(log_rate - trend, mid_hours(series), weights)
    expected = np.maximum(np.exp(trend + cycle) * lengths, 1.0)
    noise = np.where(np.isfinite(log_rate), 1.0 / expected, np.nan)
    return np.vstack([log_rate, trend, cycle, noise])
