"""What a sequence model sees of a step: channels that do not depend on the size of a post."""

from __future__ import annotations

from typing import Final

import numpy as np

from scoring.ml.engagement.rates import mid_hours, speaking_metrics, step_rates
from scoring.ml.engagement.ratio_residuals import PAIRS, ratio_z
from scoring.ml.engagement.series import METRICS, EngagementSeries

FEWEST_STEPS: Final = 2
"""A single step has nothing in its series to be compared with."""
LEVEL_LIMIT: Final = 6.0
LARGEST_Z: Final = 40.0
VALUES: Final = 2 * len(METRICS) + len(PAIRS)
"""The first channels: log rates and their residuals per metric, then residuals of ratios."""
MASKS: Final = VALUES
"""As many channels again, 1 where the value is known; an unknown value is 0."""
CONTEXT: Final = 4
"""Log length of the step, log time since the first count, sine and cosine of the hour."""
CHANNELS: Final = VALUES + MASKS + CONTEXT


def step_channels(series: EngagementSeries) -> np.ndarray:
    """Shape (n - 1, CHANNELS), single precision, finite.

    Log rates are taken against the median of their own series, residuals in organic standard
    deviations, as inverse hyperbolic sines: a burst of forty stays apart from one of twenty
    and drowns nothing. The hour of the day is 0 where steps are too long to tell it. Computed
    once per series.
    """
    if "channels" not in series._cache:
        series._cache["channels"] = _channels(series)
    return series._cache["channels"]


def can_judge(channels: np.ndarray) -> np.ndarray:
    """Steps of which something is known, bool of shape (n - 1,)."""
    return np.asarray(channels[:, VALUES : VALUES + MASKS].any(axis=1))


def _channels(series: EngagementSeries) -> np.ndarray:
    steps = max(len(series) - 1, 0)
    values = np.full((steps, VALUES), np.nan)
    speaking = speaking_metrics(series) if steps >= FEWEST_STEPS else ()
    for place, metric in enumerate(METRICS):
        if metric in speaking:
            rates = step_rates(series, metric)
            level = rates.log_rate - np.nanmedian(rates.log_rate)
            values[:, 2 * place] = np.clip(level, -LEVEL_LIMIT, LEVEL_LIMIT) / 2.0
            values[:, 2 * place + 1] = _compressed(rates.z)
    for place, (part, base) in enumerate(PAIRS, start=2 * len(METRICS)):
        if part in speaking and base in speaking:
            values[:, place] = _compressed(ratio_z(series, part, base)[0])
    known = np.isfinite(values)
    channels = np.hstack([np.where(known, values, 0.0), known, _context(series, steps)])
    return channels.astype(np.float32)


def _compressed(z: np.ndarray) -> np.ndarray:
    return np.arcsinh(np.clip(z, -LARGEST_Z, LARGEST_Z))


def _context(series: EngagementSeries, steps: int) -> np.ndarray:
    context = np.zeros((steps, CONTEXT))
    if not steps:
        return context
    context[:, 0] = np.log(series.step_hours / 24.0) / 3.0
    context[:, 1] = np.log1p((series.hours[:-1] - series.hours[0]) / 24.0) / 3.0
    if series.is_subdaily:
        angle = 2.0 * np.pi * mid_hours(series) / 24.0
        context[:, 2], context[:, 3] = np.sin(angle), np.cos(angle)
    return context
