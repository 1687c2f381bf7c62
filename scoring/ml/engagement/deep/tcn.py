"""Temporal convolutional network (Bai, Kolter and Koltun, 2018), looking both ways.

Residual blocks of two dilated convolutions. A finished series is judged, so convolutions are
centred instead of causal; layer normalisation takes the place of weight normalisation.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from scoring.ml.engagement.deep.batch import Batch
from scoring.ml.engagement.deep.detector import DeepDetector
from scoring.ml.engagement.deep.inputs import CHANNELS
from scoring.ml.engagement.deep.network import StepNetwork, SupervisedNetwork

WIDTH: Final = 24
DILATIONS: Final = (1, 2, 4, 8, 16)
"""A step is judged by 62 steps on either side."""
KERNEL: Final = 3
DROPOUT: Final = 0.1


class ResidualBlock(nn.Module):
    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, KERNEL, padding="same", dilation=dilation) for _ in range(2)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(2))
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, steps: Tensor, real: Tensor) -> Tensor:
        """:param steps: (windows, steps, WIDTH). :param real: (windows, steps, 1)."""
        inner = steps
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            # a padded step must look like the outside of the series, which is zero
            convolved = convolution((inner * real).transpose(1, 2)).transpose(1, 2)
            inner = self.drop(nn.functional.relu(norm(convolved)))
        return nn.functional.relu(steps + inner)


class TCNNetwork(SupervisedNetwork):
    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Linear(CHANNELS, WIDTH)
        self.blocks = nn.ModuleList(ResidualBlock(dilation) for dilation in DILATIONS)
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, batch: Batch) -> Tensor:
        steps, real = self.enter(batch.channels), batch.real.unsqueeze(-1)
        for block in self.blocks:
            steps = block(steps, real)
        raw: Tensor = self.head(steps).squeeze(-1)
        return raw


class TCNDetector(DeepDetector):
    """Score of a step: its log-odds against those of organic steps (see `OrganicUnits`)."""

    name = "tcn"

    def build(self) -> StepNetwork:
        return TCNNetwork()


DETECTOR = TCNDetector
