"""Labelled series for the growth model: organic ones, and the same with bought growth added.

Organic are windows of real weekly series and simulated daily histories; every organic
series comes once as it is and once attacked, so that nothing but the attack tells the two
apart. Both carry the same group, which no split may cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.ml.growth_attacks import inject
from scoring.ml.growth_changes import rounding_step
from scoring.ml.growth_data import NamedSeries
from scoring.ml.growth_features import features_of
from scoring.ml.growth_model import why_abstain
from scoring.ml.growth_series import GrowthSeries
from scoring.ml.growth_simulation import observe, simulate_organic
from scoring.ml.growth_spikes import judge_spikes

WINDOWS_PER_CHANNEL = 8
SMALLEST_ATTACK = 0.02


@dataclass(frozen=True)
class Samples:
    """Rows of features, (n, features), with what is known of each, (n,).

    group: never split. weight: real and simulated rows weigh the same in all. kind: the
    attack, "" for organic. cause: the simulated honest jump, "" for none. size: the attack's
    bots over followers, 0 for organic. is_real: built on a real series.
    """

    features: np.ndarray
    labels: np.ndarray
    group: np.ndarray
    weight: np.ndarray
    kind: np.ndarray
    cause: np.ndarray
    size: np.ndarray
    is_real: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class _Sample:
    series: GrowthSeries
    group: str
    kind: str = ""
    cause: str = ""
    size: float = 0.0


def draw_samples(
    channels: Sequence[NamedSeries], *, simulated: int, rng: np.random.Generator
) -> Samples:
    """Windows of the channels and `simulated` accounts, each organic and attacked.

    Attacks that end below two per cent of the followers are left out: nobody could see them,
    and nobody would pay for them.
    """
    real = list(_real(channels, rng))
    made = list(_simulated(simulated, rng))
    return _table(real, made)


def _real(channels: Sequence[NamedSeries], rng: np.random.Generator) -> Iterator[_Sample]:
    for channel in channels:
        for _ in range(WINDOWS_PER_CHANNEL):
            length = int(rng.integers(12, 53))
            if len(channel.series) <= length:
                window = channel.series
            else:
                start = int(rng.integers(0, len(channel.series) - length + 1))
                window = _cut(channel.series, start, start + length)
            if why_abstain(window):
                continue
            yield _Sample(window, channel.id)
            days = (window.days - window.days[0]).astype(float)
            attack = inject(rng, days, window.followers, window.interactions)
            followers = _rounded_like(window.followers, attack.followers)
            rates = attack.interactions / np.maximum(followers, 1)
            attacked = GrowthSeries(window.days, followers, rates)
            if attack.size >= SMALLEST_ATTACK and not why_abstain(attacked):
                yield _Sample(attacked, channel.id, attack.kind, "", attack.size)


def _simulated(count: int, rng: np.random.Generator) -> Iterator[_Sample]:
    for number in range(count):
        group = f"simulated {number}"
        history = simulate_organic(rng)
        # The same randomness observes both, so that they differ by the attack alone.
        seed = int(rng.integers(2**32))
        plain = observe(np.random.default_rng(seed), history.followers, history.interactions)
        cause = history.cause or ""
        if not why_abstain(plain):
            yield _Sample(plain.recent(), group, "", cause)
        days = np.arange(len(history.followers), dtype=float)
        attack = inject(rng, days, history.followers, history.interactions)
        seen = observe(np.random.default_rng(seed), attack.followers, attack.interactions)
        if attack.size >= SMALLEST_ATTACK and not why_abstain(seen):
            yield _Sample(seen.recent(), group, attack.kind, cause, attack.size)


def _table(real: list[_Sample], made: list[_Sample]) -> Samples:
    samples = [*real, *made]
    features = features_of([judge_spikes(sample.series, ()) for sample in samples])
    is_real = np.arange(len(samples)) < len(real)
    weight = np.where(is_real, 0.5 / max(len(real), 1), 0.5 / max(len(made), 1)) * len(samples)
    return Samples(
        features=features,
        labels=np.array([sample.kind != "" for sample in samples], dtype=int),
        group=np.array([sample.group for sample in samples]),
        weight=weight,
        kind=np.array([sample.kind for sample in samples]),
        cause=np.array([sample.cause for sample in samples]),
        size=np.array([sample.size for sample in samples]),
        is_real=is_real,
    )


def _rounded_like(organic: np.ndarray, attacked: np.ndarray) -> np.ndarray:
    """Round the attacked counts where the organic ones are, or rounding would tell them apart."""
    step = rounding_step(organic[-12:])
    rounded = np.mod(organic, step) == 0
    return np.where(rounded, np.rint(attacked / step) * step, attacked)


def _cut(series: GrowthSeries, start: int, stop: int) -> GrowthSeries:
    part = slice(start, stop)
    return GrowthSeries(series.days[part], series.followers[part], series.engagement[part])
