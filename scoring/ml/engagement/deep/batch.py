"""Windows of several series side by side, padded to one length; padding is never seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """`channels` (windows, steps, channels); `real` (windows, steps) is 0 where padded.

    `lengths` is of shape (windows,) and stays on the CPU.
    """

    channels: Tensor
    real: Tensor
    lengths: Tensor


def batch_of(channels: Sequence[np.ndarray]) -> Batch:
    """:param channels: a (steps, channels) array per window."""
    lengths = torch.tensor([len(one) for one in channels])
    real = torch.arange(int(lengths.max()))[None, :] < lengths[:, None]
    return Batch(channels=padded(channels), real=real.float(), lengths=lengths)


def padded(parts: Sequence[np.ndarray]) -> Tensor:
    """Arrays (steps, …) of several lengths as one tensor, zero behind the end of each."""
    tensors = [torch.from_numpy(np.ascontiguousarray(part, dtype=np.float32)) for part in parts]
    return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True)
