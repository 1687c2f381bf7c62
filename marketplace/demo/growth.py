"""Organic followers of a simulated account, day by day (docs/demo-market.md, section 3)."""

from dataclasses import dataclass

import numpy as np

MEDIAN_DAILY_GROWTH = 0.0018
REFERENCE_SIZE = 50_000.0
SIZE_EXPONENT = -0.15
JUMP_DECAY_DAYS = 1.5
LIFT_DECAY_DAYS = 3.0


@dataclass(frozen=True)
class Jump:
    """A post that went viral: honest growth that looks sudden."""

    day: int
    gain: float  # followers gained in all, as a share of the followers before


@dataclass(frozen=True)
class OrganicGrowth:
    """``followers`` are counts of shape (days,); ``lift`` multiplies that day's engagement."""

    followers: np.ndarray
    lift: np.ndarray


def draw_jumps(rng: np.random.Generator, *, days: int) -> list[Jump]:
    """None for most accounts, one for every eighth, two for a few; all end before the window."""
    count = int(rng.choice([0, 1, 2], p=[0.86, 0.11, 0.03]))
    days_of_jumps = sorted(rng.choice(np.arange(10, days - 5), size=count, replace=False))
    return [Jump(day=int(day), gain=float(rng.uniform(0.05, 0.25))) for day in days_of_jumps]


def simulate_organic(
    rng: np.random.Generator, *, size: float, days: int, first_weekday: int, jumps: list[Jump]
) -> OrganicGrowth:
    """Followers after each day's gains and losses.

    ``F[t] = F[t-1] + Poisson(F[t-1] g w[t] e[t]) - Poisson(F[t-1] c) + jumps``
    with growth g, weekly season w, daily noise e of mean 1 and churn c.
    """
    growth = MEDIAN_DAILY_GROWTH * (size / REFERENCE_SIZE) ** SIZE_EXPONENT
    growth *= np.exp(rng.normal(0.0, 0.5))
    churn = rng.uniform(0.0003, 0.0012)
    weekdays = (first_weekday + np.arange(days)) % 7
    depth, peak = rng.uniform(0.1, 0.35), rng.integers(0, 7)
    season = 1.0 + depth * np.cos(2.0 * np.pi * (weekdays - peak) / 7.0)
    noise = np.exp(rng.normal(0.0, 0.35, size=days) - 0.35**2 / 2)
    followers = np.empty(days)
    lift = np.ones(days)
    arrivals = np.zeros(days)
    present = float(size)
    by_day = {jump.day: jump for jump in jumps}
    for day in range(days):
        if day in by_day:
            arrivals += _arrivals(by_day[day], present, days)
            after = np.arange(days) - day
            lift += np.where(after >= 0, 3.0 * np.exp(-after / LIFT_DECAY_DAYS), 0.0)
        gained = rng.poisson(present * growth * season[day] * noise[day])
        lost = rng.poisson(present * churn)
        present = max(0.0, present + gained - lost + round(arrivals[day]))
        followers[day] = present
    return OrganicGrowth(followers=followers, lift=lift)


def _arrivals(jump: Jump, followers: float, days: int) -> np.ndarray:
    """Followers a jump brings on each day, shape (days,): exponential decay after its day."""
    after = np.arange(days) - jump.day
    decay = np.where(after >= 0, np.exp(-np.maximum(after, 0) / JUMP_DECAY_DAYS), 0.0)
    return followers * jump.gain * decay * (1.0 - np.exp(-1.0 / JUMP_DECAY_DAYS))
