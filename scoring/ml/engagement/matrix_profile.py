"""Windows unlike any other window of the post: discords of the matrix profile.

The z-normalised self-join of Yeh et al. 2016 (Matrix Profile I) with an exclusion zone, as one
product of all normalised windows of a block of 720 steps (a month of hours) with themselves.
For windows this short that product is exact and quicker than the running dot products of STOMP
or the transforms of MASS; blocks bound the cost, O(n · 720) in time and 2 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.engagement.rates import (
    StepRates,
    highest,
    shape_steps,
    speaking_metrics,
    step_rates,
)
from scoring.ml.engagement.series import EngagementSeries
from scoring.ml.engagement.windows import (
    FLOOR,
    filled,
    mean_over_windows,
    normalised_windows,
    robust_units,
)

BLOCK: Final = 720
FEWEST_WIDTHS: Final = 2


@dataclass(frozen=True)
class MatrixProfile:
    """Score of a step: how far it rises above its nearest neighbour elsewhere, in robust units.

    NaN for series shorter than two windows (of a day, or of four steps
    longer than 6 h). Bursts that repeat are their own neighbours and
    stay unseen here: they are for `hour_of_day`.
    """

    name: str = "matrix_profile"

    def score(self, series: EngagementSeries) -> np.ndarray:
        steps = max(len(series) - 1, 0)
        width = shape_steps(series)
        if steps < FEWEST_WIDTHS * width:
            return np.full(steps, np.nan)
        parts = [_metric_score(step_rates(series, m), width) for m in speaking_metrics(series)]
        return highest(parts, steps)


def nearest_neighbours(windows: np.ndarray, *, exclusion: int) -> np.ndarray:
    """Index of the window nearest to each of (m, width), none within `exclusion` of itself.

    Euclidean on what is given, so z-normalise first. A window whose whole block is excluded
    is its own neighbour.
    """
    neighbours = np.empty(len(windows), dtype=int)
    blocks = max(1, -(-len(windows) // BLOCK))
    for places in np.array_split(np.arange(len(windows)), blocks):
        block = windows[places].astype(np.float32)
        # The nearest b to a has the largest a·b - |b|²/2; single precision halves the traffic.
        likeness = block @ block.T
        likeness -= np.diagonal(likeness).copy() / 2.0
        likeness[_band(len(block), exclusion)] = -np.inf
        nearest = np.argmax(likeness, axis=1)
        alone = ~np.isfinite(likeness[np.arange(len(block)), nearest])
        nearest[alone] = np.flatnonzero(alone)
        neighbours[places] = places[nearest]
    return neighbours


def _band(size: int, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """Places of a square matrix within `reach` of its diagonal."""
    rows = np.arange(size)[:, None]
    columns = rows + np.arange(-reach, reach + 1)[None, :]
    inside = (columns >= 0) & (columns < size)
    return np.broadcast_to(rows, columns.shape)[inside], columns[inside]


def _metric_score(rates: StepRates, width: int) -> np.ndarray:
    known = np.isfinite(rates.shrunk)
    if np.count_nonzero(known) < width:
        return np.full(len(known), np.nan)
    windows = normalised_windows(filled(rates.shrunk), width, floor=FLOOR * rates.scale)
    neighbours = nearest_neighbours(windows, exclusion=width // 2)
    above = mean_over_windows(np.maximum(windows - windows[neighbours], 0.0))
    return np.where(known, robust_units(above, least=0.25), np.nan)


DETECTOR = MatrixProfile()
