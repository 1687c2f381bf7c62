"""Saliency of steps by the spectral residual of Ren et al. 2019 ("Time-Series Anomaly Detection
Service at Microsoft", KDD), on regularly resampled residuals of the log rates.

The log amplitude spectrum less its local average is what a series does not repeat; turned
back into time it stands high where something salient happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from scoring.ml.engagement.rates import StepRates, highest, mid_hours, speaking_metrics, step_rates
from scoring.ml.engagement.series import EngagementSeries

FEWEST_STEPS: Final = 12
MOST_POINTS: Final = 1 << 17
AVERAGED_FREQUENCIES: Final = 3
SURROUNDING: Final = 21
EXTENDED_POINTS: Final = 5


@dataclass(frozen=True)
class SpectralResidual:
    """Score of a step: (saliency - local mean) / local mean, where the step rises.

    NaN for series of fewer than 12 steps, whose spectrum is too short to average.
    """

    name: str = "spectral_residual"

    def score(self, series: EngagementSeries) -> np.ndarray:
        steps = max(len(series) - 1, 0)
        if steps < FEWEST_STEPS:
            return np.full(steps, np.nan)
        hours = mid_hours(series)
        parts = [
            _metric_score(step_rates(series, m), hours, series.typical_step_hours)
            for m in speaking_metrics(series)
        ]
        return highest(parts, steps)


def saliency(values: np.ndarray) -> np.ndarray:
    """Saliency map of an evenly spaced series, shape (n,), at least 0."""
    slope = (values[-1] - values[-EXTENDED_POINTS - 1 : -1]) / np.arange(EXTENDED_POINTS, 0, -1)
    following = values[-EXTENDED_POINTS] + slope.mean() * EXTENDED_POINTS
    spectrum = np.fft.rfft(np.concatenate([values, np.full(EXTENDED_POINTS, following)]))
    amplitude = np.maximum(np.abs(spectrum), 1e-8)
    logged = np.log(amplitude)
    average = uniform_filter1d(logged, AVERAGED_FREQUENCIES, mode="nearest")
    sharpened = spectrum / amplitude * np.exp(logged - average)
    length = len(values) + EXTENDED_POINTS
    return np.asarray(np.abs(np.fft.irfft(sharpened, n=length)))[: len(values)]


def _metric_score(rates: StepRates, hours: np.ndarray, typical: float) -> np.ndarray:
    known = np.isfinite(rates.shrunk)
    if np.count_nonzero(known) < FEWEST_STEPS:
        return np.full(len(hours), np.nan)
    points = int(np.clip((hours[-1] - hours[0]) / typical + 1, FEWEST_STEPS, MOST_POINTS))
    grid = np.linspace(hours[0], hours[-1], points)
    salient = saliency(np.interp(grid, hours[known], rates.shrunk[known]))
    surroundings = np.maximum(uniform_filter1d(salient, SURROUNDING, mode="nearest"), 1e-8)
    relative = np.interp(hours, grid, (salient - surroundings) / surroundings)
    # Saliency has no size: without this, a flat series would be salient in its rounding errors.
    rising = np.clip(rates.z / 3.0, 0.0, 1.0)
    return np.where(known, np.maximum(relative, 0.0) * rising, np.nan)


DETECTOR = SpectralResidual()
