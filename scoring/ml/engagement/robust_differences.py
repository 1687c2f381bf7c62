"""Sudden rises: log rates against the local median, in robust standard deviations.

The plainest detector, and one of the hardest to beat on univariate series (Liu and
Paparrizos 2024, TSB-AD). Only rises count: bought engagement is added, never taken away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.ml.engagement.rates import highest, speaking_metrics, step_rates
from scoring.ml.engagement.series import EngagementSeries


@dataclass(frozen=True)
class RobustDifferences:
    """Score of a step: its highest standardised residual over the metrics."""

    name: str = "robust_differences"

    def score(self, series: EngagementSeries) -> np.ndarray:
        steps = max(len(series) - 1, 0)
        if steps < 2:
            return np.full(steps, np.nan)
        parts = [step_rates(series, metric).z for metric in speaking_metrics(series)]
        return highest(parts, steps)


DETECTOR = RobustDifferences()
