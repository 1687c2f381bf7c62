"""Temporal features of every step of a series (seed document 002).

All are free of scale and of the sampling interval: logarithms of ratios between rates, shares,
and deviations in units of the noise that counts of this size have. What is unknown is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.ml.engagement.rolling import (
    neighbour_mean,
    others_highest,
    others_median,
    shifted,
    window_sums,
)
from scoring.ml.engagement.series import METRICS, EngagementSeries

FEATURE_SET: Final = "engagement-1"
PAIRS: Final = (
    ("likes", "views"),
    ("comments", "views"),
    ("comments", "likes"),
    ("shares", "views"),
)
WINDOWS: Final = (3, 7, 25)
"""Widths, in steps, of the windows in which longer campaigns show."""
OVER_DISPERSION: Final = 0.25
"""Spread of organic log rates beyond counting noise; half of it is granted to ratios."""

RATE_COLUMNS: Final = (
    "surprise",
    "surprise_in_noise",
    "since_last",
    "until_next",
    "against_usual",
    "against_highest",
    "growth",
    "share_of_gain",
    *(f"window_{width}" for width in WINDOWS),
    "constancy",
)
RATIO_COLUMNS: Final = (
    "from_counts",
    "from_counts_in_noise",
    "from_others",
    "from_others_in_noise",
    "since_last",
    "until_next",
    "beside",
    *(f"window_{width}" for width in WINDOWS),
)

_Columns = dict[str, np.ndarray]


def step_features(series: EngagementSeries, detector_scores: Mapping[str, np.ndarray]) -> _Columns:
    """Columns of shape (n - 1,), in the same order for every series.

    :param detector_scores: the detectors' scores of this series, each of shape (n - 1,).
    """
    columns = _position(series)
    rates = {metric: _log_rates(series, metric) for metric in METRICS}
    for metric in METRICS:
        columns |= _rate_columns(series, metric, rates[metric])
    for above, below in PAIRS:
        columns |= _ratio_columns(series, above, below)
    columns |= _difference_columns(columns)
    columns |= _rhythm_columns(series, rates)
    for name, scores in detector_scores.items():
        columns[f"detector_{name}"] = np.log1p(scores)
        columns[f"detector_{name}_beside"] = np.log1p(
            np.fmax(shifted(scores, 1), shifted(scores, -1))
        )
    return columns


def noise_of(increments: np.ndarray) -> np.ndarray:
    """Standard deviation of a logarithm of counts: counting noise and over-dispersion."""
    return np.sqrt(1.0 / (increments + 1.0) + OVER_DISPERSION**2)


def log_ratios(series: EngagementSeries, above: str, below: str) -> np.ndarray:
    """ln of what a step added to `above` per what it added to `below`, shape (n - 1,)."""
    gained, base = series.increments(above), series.increments(below)
    return np.asarray(np.log((gained + 0.5) / (base + 1.0)))


def log_ratios_before(series: EngagementSeries, above: str, below: str) -> np.ndarray:
    """ln of the counts' ratio when each step began, shape (n - 1,)."""
    return np.asarray(np.log((series.counts[above][:-1] + 0.5) / (series.counts[below][:-1] + 1.0)))


def ratio_noise(series: EngagementSeries, above: str, below: str) -> np.ndarray:
    """Standard deviation to expect of `log_ratios`, shape (n - 1,)."""
    gained, base = series.increments(above), series.increments(below)
    return np.asarray(
        np.sqrt(1.0 / (gained + 1.0) + 1.0 / (base + 1.0) + (OVER_DISPERSION / 2) ** 2)
    )


def _position(series: EngagementSeries) -> _Columns:
    steps = len(series) - 1
    places = np.arange(steps)
    typical = series.typical_step_hours
    return {
        "place": places / max(steps - 1, 1),
        "steps_before": np.log1p(places),
        "steps": np.full(steps, np.log1p(steps)),
        "typical_step": np.full(steps, np.log(typical)),
        "step_length": np.log(series.step_hours / typical),
    }


def _log_rates(series: EngagementSeries, metric: str) -> np.ndarray:
    return np.asarray(np.log((series.increments(metric) + 0.5) / series.step_hours))


def _rate_columns(series: EngagementSeries, metric: str, rates: np.ndarray) -> _Columns:
    gained = series.increments(metric)
    if np.isnan(gained).all():
        return {f"{metric}_{name}": gained for name in RATE_COLUMNS}
    surprise = rates - neighbour_mean(rates, 2)
    total = np.nansum(gained)
    columns = {
        "surprise": surprise,
        "surprise_in_noise": surprise / noise_of(gained),
        "since_last": rates - shifted(rates, 1),
        "until_next": rates - shifted(rates, -1),
        "against_usual": rates - others_median(rates),
        "against_highest": rates - others_highest(rates),
        "growth": np.log((gained + 0.5) / (series.counts[metric][:-1] + 1.0)),
        "share_of_gain": gained / total if total > 0 else np.full(len(gained), np.nan),
    }
    for width in WINDOWS:
        columns[f"window_{width}"] = _against_around(rates, width)
    columns["constancy"] = _constancy(rates, gained)
    return {f"{metric}_{name}": values for name, values in columns.items()}


def _ratio_columns(series: EngagementSeries, above: str, below: str) -> _Columns:
    ratios, noise = log_ratios(series, above, below), ratio_noise(series, above, below)
    if np.isnan(ratios).all():
        return {f"{above}_per_{below}_{name}": ratios for name in RATIO_COLUMNS}
    from_counts = ratios - log_ratios_before(series, above, below)
    from_others = ratios - others_median(ratios)
    columns = {
        "from_counts": from_counts,
        "from_counts_in_noise": from_counts / noise,
        "from_others": from_others,
        "from_others_in_noise": from_others / noise,
        "since_last": ratios - shifted(ratios, 1),
        "until_next": ratios - shifted(ratios, -1),
        "beside": shifted(from_others / noise, 1) + shifted(from_others / noise, -1),
    }
    gained, base = series.increments(above), series.increments(below)
    for width in WINDOWS:
        inside = _ratio_within(gained, base, width)
        columns[f"window_{width}"] = inside - others_median(ratios)
    return {f"{above}_per_{below}_{name}": values for name, values in columns.items()}


def _difference_columns(columns: Mapping[str, np.ndarray]) -> _Columns:
    """How alike two metrics jump: bought packages move them by the very same factor."""
    views, likes, comments = (
        columns[f"{metric}_surprise"] for metric in ("views", "likes", "comments")
    )
    return {
        "jump_apart": np.fmax(np.abs(views - likes), np.abs(views - comments)),
        "jump_together": np.fmin(np.fmin(views, likes), comments),
        "jump_any": np.fmax(np.fmax(views, likes), comments),
    }


def _rhythm_columns(series: EngagementSeries, rates: Mapping[str, np.ndarray]) -> _Columns:
    """Rates against the same hour of other days, and hours that stand out every day."""
    steps = len(series) - 1
    columns: _Columns = {}
    subdaily = series.is_subdaily and series.hours[-1] - series.hours[0] >= 48.0
    bins = np.floor((series.hours[:-1] + series.step_hours / 2) % 24.0).astype(int)
    for metric in ("views", "likes", "comments"):
        deviation, peak, level = (np.full(steps, np.nan) for _ in range(3))
        if subdaily:
            local = rates[metric] - _smooth(rates[metric], series.typical_step_hours)
            profile = _profile(local, bins)
            deviation = local - profile[bins]
            filled = np.where(np.isnan(profile), 0.0, profile)
            around = np.mean([np.roll(filled, shift) for shift in (-3, -2, 2, 3)], axis=0)
            peak, level = (profile - around)[bins], profile[bins]
        columns[f"{metric}_against_hour"] = deviation
        columns[f"{metric}_hour_stands_out"] = peak
        columns[f"{metric}_hour_level"] = level
    return columns


def _smooth(rates: np.ndarray, step_hours: float) -> np.ndarray:
    """Mean over a day around each step: what is left of a series without its daily rhythm."""
    width = 2 * round(12.0 / step_hours) + 1
    total, known = window_sums(rates, width)
    with np.errstate(invalid="ignore"):
        return np.asarray(total / known)


def _profile(local: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Median by hour of the day, shape (24,); NaN for hours without a known step."""
    profile = np.full(24, np.nan)
    known = ~np.isnan(local)
    for hour in np.unique(bins[known]):
        profile[hour] = np.median(local[known & (bins == hour)])
    return profile


def _against_around(rates: np.ndarray, width: int) -> np.ndarray:
    """Mean log rate within a window less that of as many steps on either side of it."""
    inside, known = window_sums(rates, width)
    outer, outer_known = window_sums(rates, 3 * width)
    with np.errstate(invalid="ignore", divide="ignore"):
        around = (outer - inside) / (outer_known - known)
        return np.asarray(np.where(outer_known > known, inside / known - around, np.nan))


def _ratio_within(gained: np.ndarray, base: np.ndarray, width: int) -> np.ndarray:
    above, known = window_sums(gained, width)
    below, base_known = window_sums(base, width)
    ratio = np.log((above + 0.5) / (below + 1.0))
    return np.asarray(np.where((known > 0) & (base_known > 0), ratio, np.nan))


def _constancy(rates: np.ndarray, gained: np.ndarray) -> np.ndarray:
    """ln of the spread of neighbouring rates per counting noise: low where a machine doses."""
    changes = np.diff(rates, prepend=np.nan) ** 2
    total, known = window_sums(changes, 5)
    expected, _ = window_sums(2.0 / (gained + 1.0), 5)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.log((total / known + 1e-6) / (expected / np.maximum(known, 1) + 1e-4))
    return np.asarray(np.where(known >= 2, spread, np.nan))
