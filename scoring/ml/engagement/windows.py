"""Windows of a series that are compared with each other, and what they say of single steps."""

from __future__ import annotations

from typing import Final

import numpy as np

from scoring.ml.engagement.rates import MAD_TO_SD

FLOOR: Final = 3.0
"""Windows that vary less than so many organic standard deviations stay smaller than others."""


def normalised_windows(values: np.ndarray, width: int, *, floor: float) -> np.ndarray:
    """Windows (n - width + 1, width) with mean 0 and standard deviation about 1.

    `floor` is added to the variance, so that windows of mere noise stay small instead of
    being blown up to the size of real shapes.
    """
    windows = np.lib.stride_tricks.sliding_window_view(values, width)
    centred = windows - np.median(windows, axis=1, keepdims=True)
    spread = np.sqrt(windows.var(axis=1, keepdims=True) + floor**2)
    return np.asarray(centred / spread)


def mean_over_windows(parts: np.ndarray) -> np.ndarray:
    """Per step the mean of what the windows (m, width) that cover it say of it."""
    count, width = parts.shape
    total, covering = np.zeros(count + width - 1), np.zeros(count + width - 1)
    for place in range(width):
        total[place : place + count] += parts[:, place]
        covering[place : place + count] += 1.0
    return np.asarray(total / covering)


def robust_units(values: np.ndarray, *, least: float) -> np.ndarray:
    """Values less their median in standard deviations (MAD), which are at least `least`."""
    known = values[np.isfinite(values)]
    if not known.size:
        return values
    centre = np.median(known)
    spread = max(MAD_TO_SD * float(np.median(np.abs(known - centre))), least)
    return np.asarray((values - centre) / spread)


def filled(values: np.ndarray) -> np.ndarray:
    """Unknown steps by interpolation, so that windows have no holes."""
    known = np.isfinite(values)
    places = np.arange(len(values))
    return values if known.all() else np.interp(places, places[known], values[known])
