"""Sequence models of document 002: LSTM, TCN and autoencoder, each a `TrainedDetector`.

Nothing here imports torch until one of them is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.ml.engagement.series import EngagementSeries

if TYPE_CHECKING:
    from scoring.ml.engagement.deep.detector import DeepDetector

DEEP_MODULES: Final[dict[str, str]] = {
    "lstm": "scoring.ml.engagement.deep.lstm",
    "tcn": "scoring.ml.engagement.deep.tcn",
    "autoencoder": "scoring.ml.engagement.deep.autoencoder",
}
"""Each module has a `DETECTOR`, the class."""


def file_of(name: str) -> str:
    """The file an artefact keeps the detector in."""
    return f"{name}.safetensors"


def untrained(name: str) -> DeepDetector:
    """:raises KeyError: unknown name."""
    detector: DeepDetector = import_module(DEEP_MODULES[name]).DETECTOR()
    return detector


def restored(name: str, files: Mapping[str, bytes]) -> DeepDetector:
    """A trained detector from the files of an artefact.

    :raises KeyError: unknown name, or its file is not there.
    """
    detector: DeepDetector = import_module(DEEP_MODULES[name]).DETECTOR.from_files(files)
    return detector


@dataclass(eq=False)
class ShippedDetector:
    """A trained detector of an artefact, restored when the first series is scored.

    Two threads may both restore it; they get the same.
    """

    name: str
    files: Mapping[str, bytes]

    @cached_property
    def _restored(self) -> DeepDetector:
        return restored(self.name, self.files)

    def score(self, series: EngagementSeries) -> np.ndarray:
        return self._restored.score(series)


def shipped(files: Mapping[str, bytes]) -> dict[str, ShippedDetector]:
    """The deep detectors whose files an artefact has, by name."""
    return {
        name: ShippedDetector(name, {file_of(name): files[file_of(name)]})
        for name in DEEP_MODULES
        if file_of(name) in files
    }
