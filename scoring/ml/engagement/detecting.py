"""What every detector of suspicious steps offers, cheap or deep, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol

import numpy as np

from scoring.ml.engagement.series import EngagementSeries


@dataclass(frozen=True)
class LabelledSeries:
    """A series with what is known to be fake in it.

    `fake_steps` is a bool array of shape (n - 1,); `attack` names what was planted ("" for
    none), `profile` the organic profile or hard negative it stands on.
    """

    series: EngagementSeries
    fake_steps: np.ndarray
    attack: str = ""
    profile: str = ""

    @property
    def is_fake(self) -> bool:
        return bool(self.fake_steps.any())


class Detector(Protocol):
    """Scores every step of a series; higher is more suspicious.

    Scores of one detector are comparable between series (robust z-like units, not ranks).
    """

    name: str

    def score(self, series: EngagementSeries) -> np.ndarray:
        """Shape (n - 1,), finite and at least 0, or NaN where the detector cannot say."""
        ...


class TrainedDetector(Detector, Protocol):
    """A detector that learns first; its state goes into an artefact as named bytes."""

    def fit(self, examples: Sequence[LabelledSeries], *, random_state: int) -> TrainedDetector: ...

    def to_files(self) -> dict[str, bytes]: ...


DETECTOR_MODULES: Final[dict[str, str]] = {
    "robust_differences": "scoring.ml.engagement.robust_differences",
    "spectral_residual": "scoring.ml.engagement.spectral_residual",
    "subsequence_pca": "scoring.ml.engagement.subsequence_pca",
    "matrix_profile": "scoring.ml.engagement.matrix_profile",
    "ratio_residuals": "scoring.ml.engagement.ratio_residuals",
    "hour_of_day": "scoring.ml.engagement.hour_of_day",
    "decay_residuals": "scoring.ml.engagement.decay_residuals",
}
"""Detectors that need no training; each module has a `DETECTOR`."""


def cheap_detector(name: str) -> Detector:
    """:raises KeyError: unknown name."""
    detector: Detector = import_module(DETECTOR_MODULES[name]).DETECTOR
    return detector
