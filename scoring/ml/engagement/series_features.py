"""Features of a whole series: what no single step shows, and how its steps were scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.ml.engagement.features import PAIRS, log_ratios, noise_of, ratio_noise
from scoring.ml.engagement.rolling import neighbour_mean
from scoring.ml.engagement.series import EngagementSeries

LIKELY_STEP: Final = 0.5
LONGEST_COMPARED: Final = 5_000
"""Equal increments are counted over at most as many steps, the newest."""

_Values = dict[str, float]


def series_features(
    series: EngagementSeries,
    step_columns: Mapping[str, np.ndarray],
    step_probabilities: np.ndarray,
) -> _Values:
    """Values in the same order for every series, NaN where unknown.

    :param step_columns: of `step_features`. :param step_probabilities: shape (n - 1,), 0-1.
    """
    steps = len(series) - 1
    return {
        "steps": float(np.log1p(steps)),
        "typical_step": float(np.log(series.typical_step_hours)),
        "irregular_steps": float(np.log(series.step_hours.max() / series.typical_step_hours)),
        "known_metrics": float(len(series.known_metrics())),
        **_step_summary(step_probabilities),
        **_detector_summary(step_columns),
        **_rates(series, step_columns),
        **_ratios(series, step_columns),
        **_together(step_columns),
        **_rhythm(series, step_columns),
    }


def _step_summary(probabilities: np.ndarray) -> _Values:
    """Highest, next, and mean scores, the share of likely steps and the longest run of them."""
    known = np.sort(probabilities[~np.isnan(probabilities)])[::-1]
    if not known.size:
        names = ("highest", "second", "third", "top_tenth", "mean", "lowest", "share", "run")
        return {f"steps_{name}": float("nan") for name in names}
    likely = np.nan_to_num(probabilities) >= LIKELY_STEP
    edges = np.flatnonzero(np.diff(np.concatenate([[0], likely.astype(int), [0]])))
    runs = edges[1::2] - edges[::2]
    tenth = known[: max(1, round(len(known) / 10))]
    return {
        "steps_highest": float(known[0]),
        "steps_second": float(known[1]) if len(known) > 1 else float("nan"),
        "steps_third": float(known[2]) if len(known) > 2 else float("nan"),
        "steps_top_tenth": float(tenth.mean()),
        "steps_mean": float(known.mean()),
        "steps_lowest": float(known[-1]),
        "steps_share": float(likely.mean()),
        "steps_run": float(runs.max() / len(likely)) if runs.size else 0.0,
    }


def _detector_summary(columns: Mapping[str, np.ndarray]) -> _Values:
    values: _Values = {}
    for name, scores in columns.items():
        if name.startswith("detector_") and not name.endswith("_beside"):
            values[f"{name}_highest"] = _extreme(scores, np.max)
            values[f"{name}_median"] = _extreme(scores, np.median)
    return values


def _rates(series: EngagementSeries, columns: Mapping[str, np.ndarray]) -> _Values:
    values: _Values = {}
    for metric in ("views", "likes", "comments", "shares"):
        gained = series.increments(metric)
        known = gained[~np.isnan(gained)]
        values |= {
            f"{metric}_largest_share": _extreme(columns[f"{metric}_share_of_gain"], np.max),
            f"{metric}_largest_jump": _extreme(columns[f"{metric}_since_last"], np.max),
            f"{metric}_largest_drop": _extreme(columns[f"{metric}_until_next"], np.max),
            f"{metric}_above_highest": _extreme(columns[f"{metric}_against_highest"], np.max),
            f"{metric}_growth": _extreme(columns[f"{metric}_growth"], np.max),
            f"{metric}_still_steps": float(np.mean(known == 0)) if known.size else float("nan"),
            f"{metric}_equal_steps": _equal_neighbours(known),
            f"{metric}_roughness": _roughness(series, metric),
        }
        values |= _decay(series, metric)
    return values


def _ratios(series: EngagementSeries, columns: Mapping[str, np.ndarray]) -> _Values:
    values: _Values = {}
    for above, below in PAIRS:
        name = f"{above}_per_{below}"
        off = columns[f"{name}_from_others_in_noise"]
        values |= {
            f"{name}_at_end": _ratio_of_counts(series, above, below, -1),
            f"{name}_change": _ratio_of_counts(series, above, below, -1)
            - _ratio_of_counts(series, above, below, 0),
            f"{name}_highest": _extreme(off, np.max),
            f"{name}_lowest": _extreme(off, np.min),
            f"{name}_from_counts_highest": _extreme(columns[f"{name}_from_counts"], np.max),
            f"{name}_from_counts_lowest": _extreme(columns[f"{name}_from_counts"], np.min),
            f"{name}_spread": _spread_in_noise(series, above, below),
        }
    return values


def _together(columns: Mapping[str, np.ndarray]) -> _Values:
    """Correlation of what is left of the rates after their neighbours' mean is taken off."""
    values: _Values = {}
    for above, below in PAIRS:
        first, second = columns[f"{above}_surprise"], columns[f"{below}_surprise"]
        known = ~np.isnan(first) & ~np.isnan(second)
        correlation = float("nan")
        if known.sum() >= 3:
            a, b = first[known] - first[known].mean(), second[known] - second[known].mean()
            size = float(np.sqrt((a @ a) * (b @ b)))
            correlation = float(a @ b) / size if size > 0 else float("nan")
        values[f"{above}_with_{below}"] = correlation
    values["jump_together_highest"] = _extreme(columns["jump_together"], np.max)
    return values


def _rhythm(series: EngagementSeries, columns: Mapping[str, np.ndarray]) -> _Values:
    """Standing-out hours, and the share gained in the six hours that are quietest for views."""
    values: _Values = {}
    level = columns["views_hour_level"]
    known = ~np.isnan(level)
    quiet = known & (level <= np.quantile(level[known], 0.25)) if known.any() else known
    for metric in ("views", "likes", "comments"):
        values[f"{metric}_hour_stands_out"] = _extreme(columns[f"{metric}_hour_stands_out"], np.max)
        gained = series.increments(metric)
        total = np.nansum(gained)
        values[f"{metric}_quiet_share"] = (
            float(np.nansum(gained[quiet]) / total) if known.any() and total > 0 else float("nan")
        )
    return values


def _extreme(values: np.ndarray, of: np.ufunc | object) -> float:
    known = values[~np.isnan(values)]
    return float(of(known)) if known.size else float("nan")  # type: ignore[operator]


def _ratio_of_counts(series: EngagementSeries, above: str, below: str, place: int) -> float:
    top, bottom = series.counts[above], series.counts[below]
    known = np.flatnonzero(~np.isnan(top) & ~np.isnan(bottom))
    if not known.size:
        return float("nan")
    at = known[place]
    return float(np.log((top[at] + 0.5) / (bottom[at] + 1.0)))


def _spread_in_noise(series: EngagementSeries, above: str, below: str) -> float:
    """ln of the ratio's spread from step to step per noise expected: low in lockstep."""
    ratios, noise = log_ratios(series, above, below), ratio_noise(series, above, below)
    known = ~np.isnan(ratios)
    if known.sum() < 2:
        return float("nan")
    deviation = (ratios - np.median(ratios[known]))[known] / noise[known]
    return float(np.log(np.sqrt(np.mean(deviation**2)) + 0.01))


def _roughness(series: EngagementSeries, metric: str) -> float:
    """ln of the rates' deviation from their neighbours per noise expected: low if dosed."""
    gained = series.increments(metric)
    rates = np.log((gained + 0.5) / series.step_hours)
    deviation = (rates - neighbour_mean(rates, 1)) / noise_of(gained)
    known = deviation[~np.isnan(deviation)]
    return float(np.log(np.median(np.abs(known)) + 0.01)) if known.size >= 2 else float("nan")


def _equal_neighbours(gained: np.ndarray) -> float:
    """Share of steps that added exactly what the step before added, and not nothing."""
    newest = gained[-LONGEST_COMPARED:]
    if len(newest) < 2:
        return float("nan")
    return float(np.mean((newest[1:] == newest[:-1]) & (newest[1:] > 3)))


def _decay(series: EngagementSeries, metric: str) -> _Values:
    """Slope of the log rate over log time, and the share of its variance the slope explains."""
    names = (f"{metric}_decay", f"{metric}_decay_fit")
    rates = np.log((series.increments(metric) + 0.5) / series.step_hours)
    known = ~np.isnan(rates)
    if known.sum() < 3:
        return dict.fromkeys(names, float("nan"))
    time = np.log(series.hours[1:] - series.hours[0] + series.typical_step_hours)[known]
    x, y = time - time.mean(), rates[known] - rates[known].mean()
    slope = float(x @ y / (x @ x))
    explained = slope * float(x @ y) / float(y @ y) if (y @ y) > 0 else float("nan")
    return dict(zip(names, (slope, explained), strict=True))
