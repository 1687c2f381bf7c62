"""The detector around a network: learning, scoring, and its file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Final, Self

import numpy as np
import torch
from safetensors.torch import load, save

from scoring.ml.engagement.deep import file_of
from scoring.ml.engagement.deep.batch import batch_of
from scoring.ml.engagement.deep.fitting import fit_network, learnable
from scoring.ml.engagement.deep.inputs import can_judge, step_channels
from scoring.ml.engagement.deep.network import StepNetwork
from scoring.ml.engagement.deep.units import KINDS, OrganicUnits, kind_of
from scoring.ml.engagement.deep.windows import batches_by_length, windows_over
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.series import EngagementSeries

WEIGHTS: Final = "network."
UNITS: Final = "units"


class DeepDetector(ABC):
    """A `TrainedDetector`; read-only once trained and then safe to share between threads.

    Scores are in organic units (`OrganicUnits`), NaN where nothing is known of a step or the
    series has a single one. Memory is bounded whatever the length of the series.
    """

    name: str
    network_: StepNetwork
    units_: OrganicUnits

    @abstractmethod
    def build(self) -> StepNetwork:
        """The network, untrained."""

    def fit(self, examples: Sequence[LabelledSeries], *, random_state: int) -> Self:
        """Learn from the earlier of the examples; the later ones tell when to stop.

        The units come from the later ones too, so that they are those of unseen series.

        :raises ValueError: too few examples, or no organic or (where needed) no fake ones.
        """
        # torch's own generator is left as it was, and sums do not depend on the cores
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(random_state)
                network = self.build()
                parts = learnable(
                    examples, fakes=network.learns_from_fakes, random_state=random_state
                )
                self.network_ = fit_network(network, parts, random_state=random_state).eval()
        finally:
            torch.set_num_threads(threads)
        organic = [one.series for one in parts.validation if not one.is_fake]
        self.units_ = OrganicUnits.of(
            [kind_of(series) for series in organic], [self._raw(series) for series in organic]
        )
        return self

    def score(self, series: EngagementSeries) -> np.ndarray:
        return self.units_.score(series, self._raw(series))

    def to_files(self) -> dict[str, bytes]:
        tensors = {WEIGHTS + key: value for key, value in self.network_.state_dict().items()}
        tensors[UNITS] = torch.tensor(
            [self.units_.by_kind[kind] for kind in KINDS], dtype=torch.float64
        )
        return {file_of(self.name): save(tensors)}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """:raises KeyError: the detector's file is not among them."""
        tensors = load(files[file_of(cls.name)])
        detector = cls()
        units = tensors.pop(UNITS).tolist()
        detector.units_ = OrganicUnits(
            {kind: (centre, spread) for kind, (centre, spread) in zip(KINDS, units, strict=True)}
        )
        network = detector.build()
        network.load_state_dict(
            {key.removeprefix(WEIGHTS): value for key, value in tensors.items()}
        )
        detector.network_ = network.eval()
        return detector

    def _raw(self, series: EngagementSeries) -> np.ndarray:
        """What the network says of every step, shape (n - 1,)."""
        channels = step_channels(series)
        raw = np.full(len(channels), np.nan, dtype=np.float32)
        windows = windows_over(len(channels))
        with torch.inference_mode():
            for places in batches_by_length([len(window) for window in windows]):
                chosen = [windows[place] for place in places]
                batch = batch_of([channels[one.first : one.end] for one in chosen])
                for window, own in zip(chosen, self.network_(batch).numpy(), strict=True):
                    kept = window.kept
                    raw[kept] = own[kept.start - window.first : kept.stop - window.first]
        return np.where(can_judge(channels), raw, np.nan)
