"""Simulated organic growth, with the honest jumps that look bought.

Followers arrive through posts: each post brings people for days, by a power law in its age,
and a few posts bring very many (Pareto). On top come causes that make honest growth look
sudden: a post that goes viral, television, a giveaway, a collaboration, paid advertising,
and the platform's own clean-ups. Every parameter is drawn widely, because nobody knows its
true distribution. This shares no equation with the product's demonstration market.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.growth_series import GrowthSeries

CAUSES: Final = ("viral_post", "tv", "giveaway", "collaboration", "advertising")
START: Final = np.datetime64("2024-01-01", "D")


@dataclass(frozen=True)
class OrganicGrowth:
    """Daily values of shape (days,); `cause` is the honest jump among `CAUSES`, or None.

    `cause_days` are the first and last day of the cause itself.
    """

    followers: np.ndarray
    interactions: np.ndarray
    cause: str | None
    cause_days: tuple[int, int] | None


def simulate_organic(rng: np.random.Generator) -> OrganicGrowth:
    """One account's honest history of 45 to 365 days."""
    days = int(rng.integers(45, 366))
    size = float(np.exp(rng.uniform(np.log(800), np.log(3e6))))
    arrivals, attention = _from_posts(rng, days)
    weekly = np.exp(rng.normal(0, rng.uniform(0, 0.35), 7))
    arrivals *= weekly[(np.arange(days) + rng.integers(7)) % 7]
    # Per cent a month: half of all accounts between 0.8 and 4.
    monthly = float(np.clip(np.exp(rng.normal(np.log(0.018), 1.1)), 0.0005, 0.6))
    relative = arrivals / arrivals.mean() * monthly / 30
    cause = str(rng.choice(CAUSES)) if rng.random() < 0.5 else None
    cause_days = None
    quality = np.zeros(days)
    leaving = np.zeros(days)
    if cause is not None:
        extra, lift, leaving, cause_days = _cause(rng, cause, days)
        relative, quality = relative + extra, extra
        attention = attention * lift
    followers, newcomers = _counts(rng, size, relative, quality, leaving)
    if rng.random() < 0.08:  # the platform removes dead accounts
        followers[int(rng.integers(5, days)) :] *= 1 - rng.uniform(0.002, 0.03)
    rate = np.exp(rng.normal(np.log(0.03), 0.8))
    # Who came for one moment reacts less than who was there before.
    eager = rng.uniform(0.2, 1.0)
    reacting = followers - (1 - eager) * np.minimum(newcomers, followers)
    slow = np.cumsum(rng.normal(0, rng.uniform(0.002, 0.015), days))
    interactions = rate * reacting * attention * np.exp(slow)
    return OrganicGrowth(np.rint(followers), interactions, cause, cause_days)


def observe(
    rng: np.random.Generator, followers: np.ndarray, interactions: np.ndarray
) -> GrowthSeries:
    """What is known of a history: some days, rounded counts, reactions or none of them."""
    days = len(followers)
    kind = rng.random()
    if kind < 0.65:
        kept = np.arange(days)
        if rng.random() < 0.3:
            kept = kept[rng.random(days) > rng.uniform(0.02, 0.4)]
    elif kind < 0.8:
        kept = np.arange(0, days, int(rng.integers(2, 5)))
    else:
        kept = np.arange(0, days, 7)
    counts = np.rint(followers[kept])
    if rng.random() < 0.3:
        counts = round_counts(counts)
    rates = interactions[kept] / np.maximum(counts, 1)
    noise = np.exp(rng.normal(0, rng.uniform(0.02, 0.3), len(kept)))
    rates = rates * noise
    if rng.random() < 0.3:
        rates = np.full(len(kept), np.nan)
    elif rng.random() < 0.2:
        rates[rng.random(len(kept)) < rng.uniform(0.3, 0.8)] = np.nan
    return GrowthSeries(START + kept.astype("timedelta64[D]"), counts, rates)


def round_counts(counts: np.ndarray) -> np.ndarray:
    """To three figures, cut off, as platforms show large counts."""
    step = 10 ** np.maximum(np.floor(np.log10(np.maximum(counts, 1))) - 2, 0)
    return np.asarray(np.floor(counts / step) * step)


def _from_posts(rng: np.random.Generator, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Relative arrivals and relative reactions a post, each (days,) with mean near 1."""
    posted = rng.poisson(rng.uniform(0.1, 1.5), days + 60)
    fade = (1 + np.arange(60) / rng.uniform(0.5, 3)) ** -rng.uniform(1.2, 2.5)
    strength = np.array([rng.pareto(rng.uniform(1.3, 3), count).sum() for count in posted])
    reach = np.convolve(strength, fade)[60 : 60 + days]
    ambient = rng.uniform(0.2, 3) * max(float(reach.mean()), 0.1)
    arrivals = (reach + ambient) * rng.gamma(k := rng.uniform(4, 60), 1 / k, days)
    attention = (reach + ambient) / (reach + ambient).mean()
    # Averages over the latest posts move slowly.
    width = int(rng.integers(1, 8))
    attention = np.convolve(attention, np.ones(width) / width, mode="same") ** rng.uniform(0.1, 0.6)
    return arrivals, attention


def _cause(
    rng: np.random.Generator, cause: str, days: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[int, int]]:
    """Arrivals a day as shares of the followers, factor on reactions, later losses."""
    start = int(rng.integers(5, days - 12))
    after = np.arange(days) - start
    begun = (after >= 0).astype(float)
    age = np.maximum(after, 0).astype(float)
    length, losses = 1, np.zeros(days)
    if cause == "viral_post":
        shape = begun * (1 + age / rng.uniform(0.5, 3)) ** -rng.uniform(1.3, 2.6)
        total, rise = np.exp(rng.uniform(np.log(0.03), np.log(1.2))), rng.uniform(1.2, 6)
    elif cause == "tv":
        shape = begun * np.exp(-age / rng.uniform(0.6, 2.5))
        total, rise = np.exp(rng.uniform(np.log(0.02), np.log(0.4))), rng.uniform(1.0, 2)
    elif cause == "giveaway":
        length = int(rng.integers(3, 12))
        shape = begun * (after < length) * (0.3 + age / length) ** rng.uniform(0.5, 2)
        total, rise = np.exp(rng.uniform(np.log(0.02), np.log(0.5))), rng.uniform(1.3, 5)
        losses = ((after >= length) & (after < length + 14)) * total * rng.uniform(0.03, 0.3) / 14
    elif cause == "collaboration":
        shape = begun * np.exp(-age / rng.uniform(0.4, 1.5))
        total, rise = np.exp(rng.uniform(np.log(0.01), np.log(0.3))), rng.uniform(1.1, 2.5)
    else:
        length = int(rng.integers(5, max(6, min(60, days - start))))
        shape = begun * (after < length) * rng.normal(1, rng.uniform(0.05, 0.4), days).clip(0)
        total, rise = np.exp(rng.uniform(np.log(0.02), np.log(0.4))), rng.uniform(1.0, 1.5)
    lift = 1 + (rise - 1) * begun * np.exp(-np.maximum(after - length, 0) / rng.uniform(1, 8))
    arrivals = total * shape / max(float(shape.sum()), 1e-9)
    return arrivals, lift, losses, (start, min(start + length - 1, days - 1))


def _counts(
    rng: np.random.Generator,
    size: float,
    relative: np.ndarray,
    of_cause: np.ndarray,
    leaving: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Followers and how many of them came through the cause, each (days,)."""
    churn = rng.uniform(0.00005, 0.001)
    followers, newcomers = np.empty(len(relative)), np.empty(len(relative))
    present, new = size, 0.0
    for day, share in enumerate(relative):
        gained = rng.poisson(max(present * share, 0))
        present = max(present + gained - rng.poisson(present * (churn + leaving[day])), 10.0)
        new += gained * of_cause[day] / max(share, 1e-12)
        followers[day], newcomers[day] = present, new
    return followers, newcomers
