"""Bought growth of widely varied size and shape, added to organic series.

Simulated: there is no public collection of follower series known to be bought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

KINDS: Final = ("step", "steps", "drip", "follow_unfollow", "step_purged")


@dataclass(frozen=True)
class Attack:
    """`size` is the largest number of bots over the followers when they began to come."""

    kind: str
    size: float
    followers: np.ndarray
    interactions: np.ndarray


def inject(
    rng: np.random.Generator,
    days: np.ndarray,
    followers: np.ndarray,
    interactions: np.ndarray,
    kind: str | None = None,
) -> Attack:
    """Add bots to a series.

    :param days: (n,) of float, ascending. :param followers: (n,).
    :param interactions: (n,), NaN unknown. :param kind: one of `KINDS`, drawn when left out.
    """
    kind = kind or str(rng.choice(KINDS))
    span = float(days[-1] - days[0])
    start = float(days[0] + span * rng.uniform(0.1, 0.8))
    size = max(float(np.interp(start, days, followers)), 1.0)
    bots = size * _SHAPES[kind](rng, days, start)
    # Bots are deleted, and sellers' accounts die.
    bots *= np.exp(-np.exp(rng.uniform(-9, -5)) * np.clip(days - start, 0, None))
    activity = rng.uniform(0.7, 1.1) if rng.random() < 0.12 else rng.uniform(0, 0.25)
    per_follower = interactions / np.maximum(followers, 1)
    base = float(np.nanmedian(per_follower)) if np.isfinite(per_follower).any() else 0.0
    return Attack(
        kind=kind,
        size=float(bots.max() / size),
        followers=np.rint(followers + bots),
        interactions=interactions + activity * base * bots,
    )


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _delivered(rng: np.random.Generator, days: np.ndarray, start: float) -> np.ndarray:
    """Share delivered by each day: evenly, or fast at first, over hours to ten days."""
    lasts = _log_uniform(rng, 0.5, 10)
    return np.asarray(np.clip((days - start) / lasts, 0, 1) ** rng.uniform(0.5, 1.3))


def _step(rng: np.random.Generator, days: np.ndarray, start: float) -> np.ndarray:
    return _log_uniform(rng, 0.03, 2.0) * _delivered(rng, days, start)


def _steps(rng: np.random.Generator, days: np.ndarray, start: float) -> np.ndarray:
    count = int(rng.integers(2, 6))
    starts = rng.uniform(start, days[-1], count)
    parts = [_log_uniform(rng, 0.02, 0.5) * _delivered(rng, days, moment) for moment in starts]
    return np.asarray(np.sum(parts, axis=0))


def _drip(rng: np.random.Generator, days: np.ndarray, start: float) -> np.ndarray:
    lengths = np.diff(days, prepend=days[0])
    daily = _log_uniform(rng, 0.0008, 0.02) * rng.normal(1, rng.uniform(0, 0.3), len(days)).clip(0)
    if rng.random() < 0.3:  # delivered by people who rest
        daily = daily * np.where((days.astype(int) + int(rng.integers(7))) % 7 >= 5, 0.0, 1.4)
    until = start + (_log_uniform(rng, 20, 365) if rng.random() < 0.5 else 1e9)
    return np.asarray(np.cumsum(daily * lengths * ((days > start) & (days <= until))))


def _follow_unfollow(rng: np.random.Generator, days: np.ndarray, start: float) -> np.ndarray:
    """Followed back for some days, then dropped and lost again, over and over."""
    rise, fall = rng.uniform(4, 15, 2)
    pace, kept = _log_uniform(rng, 0.002, 0.015), rng.uniform(0.2, 0.7)
    cycle = rise + fall
    since = np.clip(days - start, 0, None)
    done, phase = np.floor(since / cycle), since % cycle
    peak = pace * rise
    current = np.where(
        phase < rise, peak * phase / rise, peak * (1 - (1 - kept) * (phase - rise) / fall)
    )
    return np.asarray((days > start) * (done * kept * peak + current))


def _step_purged(rng: np.random.Generator, days: np.ndarray, start: float) -> np.ndarray:
    bots = _step(rng, days, start)
    after = start + _log_uniform(rng, 4, 60)
    lasts = _log_uniform(rng, 0.5, 20)
    gone = rng.uniform(0.1, 0.9) * np.clip((days - after) / lasts, 0, 1)
    return np.asarray(bots * (1 - gone))


_SHAPES: Final = {
    "step": _step,
    "steps": _steps,
    "drip": _drip,
    "follow_unfollow": _follow_unfollow,
    "step_purged": _step_purged,
}
