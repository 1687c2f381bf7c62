"""Convolutional autoencoder: learned from organic series alone, it rebuilds bought steps badly.

Four steps become one vector of fewer numbers than they had, and are rebuilt from it and its
neighbours, so only what is usual in organic growth comes through.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

from scoring.ml.engagement.deep.batch import Batch
from scoring.ml.engagement.deep.detector import DeepDetector
from scoring.ml.engagement.deep.inputs import CHANNELS, CONTEXT, MASKS, VALUES
from scoring.ml.engagement.deep.network import StepNetwork, weighted_mean

WIDTH: Final = 24
BOTTLENECK: Final = 6
"""Numbers per four steps, of 48 that are to be rebuilt (24 where shares are unknown)."""
SHRINK: Final = 4
LEAST_ERROR: Final = 0.01


class AutoencoderNetwork(StepNetwork):
    """The decoder is told the context and what was known, so it need not spend code on them."""

    learns_from_fakes = False

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Conv1d(CHANNELS, WIDTH, 3, padding=1)
        self.down = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 2, stride=2) for _ in range(2))
        self.code = nn.Conv1d(WIDTH, BOTTLENECK, 1)
        self.expand = nn.Conv1d(BOTTLENECK, WIDTH, 3, padding=1)
        self.up = nn.ModuleList(nn.ConvTranspose1d(WIDTH, WIDTH, 2, stride=2) for _ in range(2))
        self.leave = nn.Conv1d(WIDTH + MASKS + CONTEXT, VALUES, 3, padding=1)

    def forward(self, batch: Batch) -> Tensor:
        squares, known = self._squares(batch)
        mean = squares.sum(dim=1) / torch.clamp(known.sum(dim=1), min=1.0)
        return torch.log(mean + LEAST_ERROR)

    def loss(self, batch: Batch, fake: Tensor, weights: Tensor) -> Tensor:
        squares, known = self._squares(batch)
        # Huber: organic series have strange steps too, and they are not to be learned
        errors = torch.sqrt(squares + 1e-12)
        each = torch.where(errors < 2.0, squares, 4.0 * errors - 4.0)
        return weighted_mean(each, known * weights.unsqueeze(1))

    def _squares(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Squared errors of the known values and which are known, (windows, VALUES, steps)."""
        channels = batch.channels.transpose(1, 2)
        steps = channels.shape[2]
        extra = -steps % SHRINK
        channels = nn.functional.pad(channels, (0, extra))
        real = nn.functional.pad(batch.real, (0, extra)).unsqueeze(1)
        hidden = nn.functional.relu(self.enter(channels)) * real
        scales = [real]
        for layer in self.down:
            scales.append(nn.functional.max_pool1d(scales[-1], 2))
            hidden = nn.functional.relu(layer(hidden)) * scales[-1]
        hidden = nn.functional.relu(self.expand(self.code(hidden) * scales[-1]))
        for layer, scale in zip(self.up, reversed(scales[:-1]), strict=True):
            hidden = nn.functional.relu(layer(hidden)) * scale
        # what is not a value may be read off: masks, length of the step, hour
        rebuilt = self.leave(torch.cat([hidden, channels[:, VALUES:]], dim=1))
        values, known = channels[:, :VALUES], channels[:, VALUES : VALUES + MASKS]
        squares = torch.square(values - rebuilt) * known
        return squares[:, :, :steps], known[:, :, :steps]


class AutoencoderDetector(DeepDetector):
    """Score of a step: log of its rebuilding error against organic steps (`OrganicUnits`)."""

    name = "autoencoder"

    def build(self) -> StepNetwork:
        return AutoencoderNetwork()


DETECTOR = AutoencoderDetector
