"""What the detector asks of a network, and the head that LSTM and TCN share."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from scoring.ml.engagement.deep.batch import Batch


class StepNetwork(nn.Module, ABC):
    """Raw suspicion per step; `learns_from_fakes` tells an unsupervised one from the others."""

    learns_from_fakes = True

    @abstractmethod
    def forward(self, batch: Batch) -> Tensor:
        """Shape (windows, steps), higher is more suspicious; padded steps are arbitrary."""

    @abstractmethod
    def loss(self, batch: Batch, fake: Tensor, weights: Tensor) -> Tensor:
        """A scalar.

        :param fake: (windows, steps), 1 where fake. :param weights: (windows, steps), 0 where
            a step is padded or unknown.
        """


class SupervisedNetwork(StepNetwork):
    """Log-odds that a step is fake, learned by weighted cross-entropy."""

    def loss(self, batch: Batch, fake: Tensor, weights: Tensor) -> Tensor:
        each = nn.functional.binary_cross_entropy_with_logits(self(batch), fake, reduction="none")
        return weighted_mean(each, weights)


def weighted_mean(each: Tensor, weights: Tensor) -> Tensor:
    """0 where nothing has a weight."""
    return (each * weights).sum() / torch.clamp(weights.sum(), min=1e-6)
