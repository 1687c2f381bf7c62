"""Preparing a series for a model of fixed steps: gaps, resampling, normalising (document 002)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from scoring.ml.engagement.series import METRICS, EngagementSeries

LONGEST_GAP_STEPS: Final = 6.0
MAD_TO_SIGMA: Final = 1.4826


def fill_gaps(
    series: EngagementSeries, *, longest_gap_hours: float | None = None
) -> EngagementSeries:
    """The series with unknown counts between two known ones put on the line between them.

    Nothing is added before the first or after the last known count, nor in a gap longer than
    `longest_gap_hours` (six typical steps if not given), where a straight line is a guess.
    """
    limit = _gap_limit(series, longest_gap_hours)
    counts = {
        metric: _interpolated(series.hours, series.counts[metric], series.hours, limit)
        for metric in METRICS
    }
    return EngagementSeries(series.series_id, series.hours, counts, series.notes, series.category)


def resample(
    series: EngagementSeries,
    *,
    step_hours: float | None = None,
    longest_gap_hours: float | None = None,
) -> EngagementSeries:
    """The series at equal steps from its first to its last observation.

    Counts between observations lie on the line between them, so that what a step added is
    spread evenly over it; in a gap longer than `longest_gap_hours` they are unknown.

    :param step_hours: the typical step of the series if not given.
    :raises ValueError: the step is not above zero, or the series has fewer than two points.
    """
    if len(series) < 2:
        raise ValueError("Resampling needs two observations.")
    step = series.typical_step_hours if step_hours is None else step_hours
    if not step > 0:
        raise ValueError("The step must be above zero hours.")
    limit = _gap_limit(series, longest_gap_hours)
    # a hair longer, so that the last observation is not lost to rounding
    grid = series.hours[0] + step * np.arange(
        int((series.hours[-1] - series.hours[0]) / step + 1e-9) + 1
    )
    counts = {
        metric: _interpolated(series.hours, series.counts[metric], grid, limit)
        for metric in METRICS
    }
    return EngagementSeries(series.series_id, grid, counts, series.notes, series.category)


def normalised_rates(series: EngagementSeries, metrics: Sequence[str] = METRICS) -> np.ndarray:
    """Log rates per hour in robust units of the series itself, shape (n - 1, len(metrics)).

    log1p of what each step added per hour, less the metric's median, by its median absolute
    deviation; a column that does not vary is zero. NaN where unknown.
    """
    if len(series) < 2:
        return np.empty((0, len(metrics)))
    columns = []
    for metric in metrics:
        rate = np.log1p(series.increments(metric) / series.step_hours)
        known = rate[~np.isnan(rate)]
        if not known.size:
            columns.append(rate)
            continue
        centre = np.median(known)
        spread = MAD_TO_SIGMA * np.median(np.abs(known - centre))
        # most steps alike: the mean deviation still tells the others apart
        spread = spread if spread > 0 else 1.2533 * np.mean(np.abs(known - centre))
        columns.append((rate - centre) / spread if spread > 0 else rate - centre)
    return np.column_stack(columns)


def scores_on_steps(
    series: EngagementSeries, resampled: EngagementSeries, scores: np.ndarray
) -> np.ndarray:
    """Scores of the steps of `resampled` brought back to the steps of `series`.

    Each step gets the highest score of the equal steps it overlaps, NaN where it overlaps none
    that has one.

    :param scores: shape (len(resampled) - 1,). :returns: shape (len(series) - 1,).
    """
    first = np.searchsorted(resampled.hours[1:], series.hours[:-1], side="right")
    end = np.searchsorted(resampled.hours[:-1], series.hours[1:], side="left")
    padded = np.append(np.where(np.isnan(scores), -np.inf, scores), -np.inf)
    first, end = np.minimum(first, len(scores)), np.minimum(end, len(scores))
    edges = np.column_stack([first, np.maximum(end, first)]).ravel()
    # reduceat takes pairs (first, end); every second answer lies between two steps
    highest = np.maximum.reduceat(padded, edges)[::2] if edges.size else np.array([])
    highest = np.where(end > first, highest, -np.inf)
    return np.where(np.isneginf(highest), np.nan, highest)


def _gap_limit(series: EngagementSeries, longest_gap_hours: float | None) -> float:
    if longest_gap_hours is not None:
        return longest_gap_hours
    return LONGEST_GAP_STEPS * series.typical_step_hours


def _interpolated(
    hours: np.ndarray, counts: np.ndarray, at: np.ndarray, longest_gap: float
) -> np.ndarray:
    known = ~np.isnan(counts)
    if not known.any():
        return np.full(len(at), np.nan)
    where, values = hours[known], counts[known]
    filled = np.interp(at, where, values, left=np.nan, right=np.nan)
    after = np.minimum(np.searchsorted(where, at, side="left"), len(where) - 1)
    before = np.maximum(after - 1, 0)
    exact = where[after] == at
    too_far = (where[after] - where[before] > longest_gap) & ~exact
    return np.where(too_far, np.nan, filled)
