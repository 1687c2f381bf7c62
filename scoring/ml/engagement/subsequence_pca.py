"""Windows that the post's own usual shapes cannot rebuild.

A principal component model of the normalised windows of the series itself, fitted twice: first
to all but the quarter that varies most, then to all but the tenth rebuilt worst, so that an
attack does not become a component. (Among the best on TSB-AD, Liu and Paparrizos 2024, there
as Sub-PCA.)
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

KEPT_VARIANCE: Final = 0.6
SET_ASIDE: Final = 0.25
TRIMMED: Final = 0.1
FEWEST_WIDTHS: Final = 2
"""A shorter series rebuilds every window from itself."""


@dataclass(frozen=True)
class SubsequencePCA:
    """Score of a step: how far it rises above its rebuilding, in robust standard deviations.

    NaN for series shorter than two windows (of a day, or of four steps longer than 6 h).
    """

    name: str = "subsequence_pca"

    def score(self, series: EngagementSeries) -> np.ndarray:
        steps = max(len(series) - 1, 0)
        width = shape_steps(series)
        if steps < FEWEST_WIDTHS * width:
            return np.full(steps, np.nan)
        parts = [_metric_score(step_rates(series, m), width) for m in speaking_metrics(series)]
        return highest(parts, steps)


def rebuild(windows: np.ndarray) -> np.ndarray:
    """The windows (m, width) as the robust components see them."""
    sizes = np.square(windows).sum(axis=1)
    chosen = windows[sizes <= np.quantile(sizes, 1.0 - SET_ASIDE)]
    rebuilt = windows
    for _ in range(2):
        mean = chosen.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov(chosen, rowvar=False))
        order = np.argsort(values)[::-1]
        share = np.cumsum(np.maximum(values[order], 0.0)) / max(float(values.sum()), 1e-12)
        kept = min(int(np.searchsorted(share, KEPT_VARIANCE)) + 1, windows.shape[1] // 3 + 1)
        basis = vectors[:, order[:kept]]
        rebuilt = mean + (windows - mean) @ basis @ basis.T
        errors = np.square(windows - rebuilt).sum(axis=1)
        chosen = windows[errors <= np.quantile(errors, 1.0 - TRIMMED)]
        if len(chosen) <= windows.shape[1]:
            break
    return np.asarray(rebuilt)


def _metric_score(rates: StepRates, width: int) -> np.ndarray:
    known = np.isfinite(rates.shrunk)
    if np.count_nonzero(known) < width:
        return np.full(len(known), np.nan)
    windows = normalised_windows(filled(rates.shrunk), width, floor=FLOOR * rates.scale)
    above = mean_over_windows(np.maximum(windows - rebuild(windows), 0.0))
    # Counting noise alone leaves residuals of about this size in normalised windows.
    return np.where(known, robust_units(above, least=0.25), np.nan)


DETECTOR = SubsequencePCA()
