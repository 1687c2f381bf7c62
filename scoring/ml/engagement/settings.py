"""What training measured and the model goes by: calibration, thresholds, when to abstain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from scipy.special import expit

from scoring.ml.engagement.answers import EngagementLevel
from scoring.ml.engagement.series import EngagementSeries

REGIMES: Final = ("subdaily", "daily", "short")
SHORT_POINTS: Final = 5
PROBABILITY_LIMITS: Final = (0.01, 0.99)


def regime_of(series: EngagementSeries) -> str:
    """Which calibration a series goes by: the less there is to see, the less a score says."""
    if len(series) < SHORT_POINTS:
        return "short"
    return "subdaily" if series.is_subdaily else "daily"


@dataclass(frozen=True)
class Calibration:
    """From a raw score to a probability (Platt, 1999), and from that to a level.

    log-odds = slope * raw + intercept. `flagged_from` is the probability from which a series is
    flagged, at level high; below `low_below` it is low. `step_slope`, `step_intercept` do the
    same for one step, `window_from` is the probability from which a step belongs to a window.
    """

    slope: float
    intercept: float
    flagged_from: float
    low_below: float
    step_slope: float
    step_intercept: float
    window_from: float

    def probability(self, raw: float) -> float:
        """Of the series; clipped to 1-99 %."""
        return float(np.clip(expit(self.slope * raw + self.intercept), *PROBABILITY_LIMITS))

    def step_probabilities(self, raw: np.ndarray) -> np.ndarray:
        """Of the steps, shape (n - 1,); NaN stays NaN."""
        return np.asarray(expit(self.step_slope * raw + self.step_intercept))

    def level(self, probability: float) -> EngagementLevel:
        if probability >= self.flagged_from:
            return "high"
        return "low" if probability < self.low_below else "medium"


@dataclass(frozen=True)
class EngagementSettings:
    """`calibrations` maps a detector ("ensemble" or another) and a regime to a calibration.

    `fewest_points` is how many observations a series needs, `false_alarm_rate` the share of
    real organic series, unseen by the training, that the ensemble flags.
    """

    detectors: tuple[str, ...]
    step_features: tuple[str, ...]
    series_features: tuple[str, ...]
    calibrations: Mapping[str, Mapping[str, Calibration]]
    fewest_points: int
    false_alarm_rate: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> EngagementSettings:
        values = dict(document)
        for name in ("detectors", "step_features", "series_features"):
            values[name] = tuple(values[name])
        values["calibrations"] = {
            detector: {regime: Calibration(**own) for regime, own in by_regime.items()}
            for detector, by_regime in values["calibrations"].items()
        }
        return cls(**values)
