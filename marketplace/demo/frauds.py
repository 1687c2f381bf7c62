"""Planted frauds: what each adds to an honest account (docs/demo-market.md, section 5).

Which account has which plant goes to the answer key only. No feature, score or page reads
it; the facts hold nothing but the counts a platform would show.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

FRAUD_SHARE = 0.12


class Fraud(StrEnum):
    BOUGHT_FOLLOWERS = "bought_followers"
    SLOW_DRIP = "slow_drip"
    ENGAGEMENT_POD = "engagement_pod"
    COMMENT_SPAM = "comment_spam"


@dataclass(frozen=True)
class Effects:
    """What a plant adds per day, each of shape (days,).

    ``bots`` is a stock of followers, ``likes`` and ``comments`` come on top of a post's own.
    """

    kind: Fraud
    starts: int
    strength: float
    bots: np.ndarray
    likes: np.ndarray
    comments: np.ndarray


def draw_culprits(rng: np.random.Generator, *, creators: int) -> dict[int, Fraud]:
    """Which creators cheat and how: an even mix of kinds, at least one of each from 8 on.

    The first creator is honest, because the demo log-in claims it.
    """
    kinds = list(Fraud)
    count = max(round(FRAUD_SHARE * creators), len(kinds) if creators > 2 * len(kinds) else 0)
    chosen = 1 + rng.permutation(max(creators - 1, 0))[:count]
    return {int(number): kinds[k % len(kinds)] for k, number in enumerate(chosen)}


def plant(
    kind: Fraud,
    rng: np.random.Generator,
    *,
    followers: np.ndarray,
    likes: np.ndarray,
    comments: np.ndarray,
) -> Effects:
    """The effects of one fraud on an account's honest daily series, each of shape (days,)."""
    days = len(followers)
    zeros = np.zeros(days)
    if kind is Fraud.BOUGHT_FOLLOWERS:
        starts = int(rng.integers(days // 4, days - 10))
        strength = float(rng.uniform(0.4, 1.8))
        bots = _bought_step(rng, followers=followers, starts=starts, strength=strength)
        return Effects(kind, starts, strength, bots, zeros, zeros)
    if kind is Fraud.SLOW_DRIP:
        starts = int(rng.integers(0, days // 3))
        strength = float(rng.uniform(0.006, 0.02))
        bots = _slow_drip(rng, followers=followers, starts=starts, strength=strength)
        return Effects(kind, starts, strength, bots, zeros, zeros)
    if kind is Fraud.ENGAGEMENT_POD:
        starts = int(rng.integers(0, days // 3))
        strength = float(rng.uniform(0.01, 0.03))
        active = np.arange(days) >= starts
        members = strength * followers[starts] * active
        return Effects(
            kind,
            starts,
            strength,
            zeros,
            members * rng.uniform(0.95, 1.0, size=days),
            members * rng.uniform(0.5, 0.8),
        )
    starts = int(rng.integers(0, days // 2))
    strength = float(rng.uniform(5.0, 14.0))
    active = np.arange(days) >= starts
    return Effects(kind, starts, strength, zeros, zeros, strength * comments * active)


def _bought_step(
    rng: np.random.Generator, *, followers: np.ndarray, starts: int, strength: float
) -> np.ndarray:
    """``strength`` times the followers of day ``starts``, delivered in two days, then purged."""
    delivered = np.zeros(len(followers))
    total = strength * followers[starts]
    delivered[starts], delivered[starts + 1] = 0.7 * total, 0.3 * total
    return _stock(delivered, purge=rng.uniform(0.001, 0.005))


def _slow_drip(
    rng: np.random.Generator, *, followers: np.ndarray, starts: int, strength: float
) -> np.ndarray:
    """The same number of bots each day, give or take 3 %, without weekends."""
    days = len(followers)
    daily = strength * followers[starts] * rng.normal(1.0, 0.03, size=days)
    return _stock(np.where(np.arange(days) >= starts, daily, 0.0), purge=0.0005)


def _stock(delivered: np.ndarray, *, purge: float) -> np.ndarray:
    """Bots still there each day when the platform removes a share ``purge`` of them daily."""
    stock = np.empty(len(delivered))
    present = 0.0
    for day, arrived in enumerate(delivered):
        present = (present + arrived) * (1.0 - purge)
        stock[day] = present
    return stock
