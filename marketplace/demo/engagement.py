"""How many people react: daily averages and single posts (docs/demo-market.md, section 4)."""

from dataclasses import dataclass

import numpy as np

from accounts.models import Platform


@dataclass(frozen=True)
class Habits:
    """What the simulator assumes of a platform.

    ``rate`` is interactions per follower at 10,000 followers and falls with size to the
    power of ``-falls``; ``per_view`` is interactions per view; a post has gathered
    ``1 - exp(-age / settles)`` of its counts after ``age`` days.
    """

    rate: float
    falls: float
    per_view: float
    settles: float
    kinds: tuple[str, ...]
    video_kinds: tuple[str, ...]
    seconds: tuple[float, float]
    has_shares: bool
    has_saves: bool
    window_days: int


HABITS: dict[str, Habits] = {
    Platform.INSTAGRAM: Habits(
        0.055, 0.22, 0.06, 1.0, ("image", "carousel", "reel"), ("reel",), (8, 75), False, True, 45
    ),
    Platform.TIKTOK: Habits(0.11, 0.06, 0.10, 1.5, ("video",), ("video",), (7, 90), True, True, 40),
    Platform.YOUTUBE: Habits(
        0.04, 0.12, 0.05, 3.0, ("video", "short"), ("video", "short"), (30, 900), False, False, 55
    ),
    # Within 30 days, because prices are read off 30-day figures.
    Platform.DOUYIN: Habits(
        0.03, 0.12, 0.03, 1.5, ("video",), ("video",), (8, 150), True, True, 28
    ),
}


@dataclass(frozen=True)
class Audience:
    """One account's honest reactions per post; arrays have shape (days,)."""

    likes: np.ndarray
    comments: np.ndarray
    per_view: float


def simulate_engagement(
    rng: np.random.Generator, *, platform: str, followers: np.ndarray, lift: np.ndarray
) -> Audience:
    """Average likes and comments of a post on each day.

    ``r = rate (F0 / 10,000)^-falls exp(N(0, 0.4))``; ``E[t] = r F[t] lift[t] exp(a[t])`` with
    ``a`` an AR(1) of coefficient 0.8; comments are a log-normal share of likes, median 3 %.
    """
    habits = HABITS[platform]
    rate = habits.rate * (max(followers[0], 100.0) / 10_000.0) ** -habits.falls
    rate = min(0.5, rate * np.exp(rng.normal(0.0, 0.4)))
    noise = _autoregression(rng.normal(0.0, 0.06, size=len(followers)), coefficient=0.8)
    interactions = rate * followers * lift * np.exp(noise)
    ratio = min(0.25, 0.03 * np.exp(rng.normal(0.0, 0.6)))
    return Audience(
        likes=interactions / (1.0 + ratio),
        comments=interactions * ratio / (1.0 + ratio),
        per_view=habits.per_view * float(np.exp(rng.normal(0.0, 0.3))),
    )


def settled_share(platform: str, *, age_days: float) -> float:
    """The part of its final counts that a post of this age has gathered, 0–1."""
    return float(1.0 - np.exp(-max(age_days, 0.0) / HABITS[platform].settles))


def _autoregression(shocks: np.ndarray, *, coefficient: float) -> np.ndarray:
    values = np.empty(len(shocks))
    level = 0.0
    for day, shock in enumerate(shocks):
        level = coefficient * level + shock
        values[day] = level
    return values
