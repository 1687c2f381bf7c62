"""Training a network: what it learns from, and stopping when later series gain nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch

from scoring.ml.engagement.deep.batch import Batch, batch_of, padded
from scoring.ml.engagement.deep.inputs import can_judge, step_channels
from scoring.ml.engagement.deep.network import StepNetwork
from scoring.ml.engagement.deep.units import KINDS, kind_of
from scoring.ml.engagement.deep.windows import batches_by_length, windows_over
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.splitting import split_by_time

FRACTIONS: Final = (0.8, 0.2, 0.0)
"""Of the examples, by time: learned from, and watched for when to stop."""
EPOCHS: Final = 20
PATIENCE: Final = 4
LEARNING_RATE: Final = 4e-3
WEIGHT_DECAY: Final = 1e-3
LARGEST_GRADIENT: Final = 1.0
HEAVIEST: Final = 8.0
"""A fake step weighs at most so many organic ones, however rare it is."""


TrainingBatch = tuple[Batch, torch.Tensor, torch.Tensor]
"""A batch, which of its steps are fake, and their weights."""


@dataclass(frozen=True)
class Parts:
    training: Sequence[LabelledSeries]
    validation: Sequence[LabelledSeries]


@dataclass(frozen=True)
class Learnt:
    """One window of one example; `weights` are 0 where nothing is known of a step."""

    channels: np.ndarray
    fake: np.ndarray
    weights: np.ndarray


def learnable(examples: Sequence[LabelledSeries], *, fakes: bool, random_state: int) -> Parts:
    """The examples by time, real and simulated ones apart, whose years are not the same ones.

    :param fakes: whether fake series are learned from.
    :raises ValueError: either part would lack organic or needed fake series.
    """
    chosen = [one for one in examples if len(one.series) > 2 and (fakes or not one.is_fake)]
    parts = Parts(training=[], validation=[])
    for real in (True, False):
        own = [one for one in chosen if (one.profile == "real") == real]
        if not own:
            continue
        split = split_by_time(own, random_state=random_state, fractions=FRACTIONS)
        parts = Parts(
            [*parts.training, *(own[i] for i in split.training)],
            [*parts.validation, *(own[i] for i in split.validation)],
        )
    for part in (parts.training, parts.validation):
        labels = {one.is_fake for one in part}
        if False not in labels or (fakes and True not in labels):
            raise ValueError("A deep detector needs more series to learn from.")
    return parts


def fit_network(network: StepNetwork, parts: Parts, *, random_state: int) -> StepNetwork:
    """The network with the weights of its best epoch on the validation part.

    AdamW under one cosine; the global torch generator decides initial weights and dropout.
    """
    rng = np.random.default_rng(random_state)
    heavier = _fake_weights(parts.training)
    training = _windows(parts.training, heavier)
    watched = list(_batches(_windows(parts.validation, heavier)))
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    best, best_loss, waited = _copied(network), float("inf"), 0
    for _ in range(EPOCHS):
        network.train()
        for batch in _batches(training, rng):
            optimiser.zero_grad()
            network.loss(*batch).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT)
            optimiser.step()
        schedule.step()
        loss = _mean_loss(network, watched)
        waited += 1
        if loss < best_loss:
            best, best_loss, waited = _copied(network), loss, 0
        if waited == PATIENCE:
            break
    network.load_state_dict(best)
    return network


def _copied(network: StepNetwork) -> dict[str, torch.Tensor]:
    return {key: value.detach().clone() for key, value in network.state_dict().items()}


def _mean_loss(network: StepNetwork, batches: Sequence[TrainingBatch]) -> float:
    network.eval()
    with torch.inference_mode():
        return float(np.mean([float(network.loss(*batch)) for batch in batches]))


def _fake_weights(examples: Sequence[LabelledSeries]) -> dict[str, float]:
    """How many organic steps a fake one weighs, by length of the steps."""
    heavier = {}
    for kind in KINDS:
        fake = np.concatenate(
            [np.empty(0, bool), *(e.fake_steps for e in examples if kind_of(e.series) == kind)]
        )
        rare = (len(fake) - fake.sum()) / max(int(fake.sum()), 1)
        heavier[kind] = float(np.clip(rare, 1.0, HEAVIEST))
    return heavier


def _windows(examples: Sequence[LabelledSeries], heavier: dict[str, float]) -> list[Learnt]:
    windows = []
    for example in examples:
        channels = step_channels(example.series)
        weights = np.where(example.fake_steps, heavier[kind_of(example.series)], 1.0)
        weights = weights * can_judge(channels)
        for window in windows_over(len(channels)):
            steps = slice(window.first, window.end)
            windows.append(Learnt(channels[steps], example.fake_steps[steps], weights[steps]))
    return windows


def _batches(
    windows: Sequence[Learnt], rng: np.random.Generator | None = None
) -> Iterator[TrainingBatch]:
    for places in batches_by_length([len(one.fake) for one in windows], rng):
        own = [windows[place] for place in places]
        yield (
            batch_of([one.channels for one in own]),
            padded([one.fake for one in own]),
            padded([one.weights for one in own]),
        )
