"""The points score for fake followers of seed document 001, exactly as stated there.

    score = min(100, spikes + engagement + growth)
    spikes      min(10 × days with unusual growth, 50)
    engagement  rate < 2 % → 40, < 5 % → 30, ≤ 8 % → 15, above → 0
    growth      > 70 % → 30, > 50 % → 20, > 30 % → 10, otherwise 0

A day is unusual when its change in followers exceeds the mean change by more than two
standard deviations (population, of the absolute daily differences; relative differences
give other counts than the document's own output for five of its thirty accounts).
The engagement rate is rounded to the two decimals it is shown with before it is judged,
so that what is shown explains the points. A named baseline beside the learned
authenticity model: simple, open, and crude.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SPIKE_POINTS = 10.0
SPIKE_POINTS_LIMIT = 50.0
SCORE_LIMIT = 100.0
SPIKES_IN_WORDS = 3
NORMAL = "Normal activity pattern"


class BadGrowthFacts(ValueError):
    """The points score has no meaning for these facts; `field` names the culprit."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class PointsScore:
    """The score and everything it was added up from.

    `engagement_rate` and `total_growth_pct` are in per cent with two decimals; the three
    `…_points` add up to `score` unless that was capped at 100.
    """

    engagement_rate: float
    spike_count: int
    total_growth_pct: float
    spike_points: float
    engagement_points: float
    growth_points: float
    score: float
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The reasons in one line, as the document's output has them."""
        return "; ".join(self.reasons)


def score_account(
    *, followers: float, avg_likes: float, avg_comments: float, series: Sequence[float]
) -> PointsScore:
    """Score one account.

    :param series: followers day by day, oldest first, at least two days.
    :raises BadGrowthFacts: followers not positive, a count negative or not a number, a
        series shorter than two days or starting at zero (growth has no percentage then).
    """
    rate = engagement_rate(followers=followers, avg_likes=avg_likes, avg_comments=avg_comments)
    days = _checked_series(series)
    spikes = count_spikes(days)
    growth = float((days[-1] - days[0]) / days[0] * 100)
    spike_points = min(spikes * SPIKE_POINTS, SPIKE_POINTS_LIMIT)
    engagement_points = _engagement_points(rate)
    growth_points = _growth_points(growth)
    return PointsScore(
        engagement_rate=rate,
        spike_count=spikes,
        total_growth_pct=round(growth, 2),
        spike_points=spike_points,
        engagement_points=engagement_points,
        growth_points=growth_points,
        score=min(spike_points + engagement_points + growth_points, SCORE_LIMIT),
        reasons=_reasons(spikes, rate, growth),
    )


def engagement_rate(*, followers: float, avg_likes: float, avg_comments: float) -> float:
    """(likes + comments) / followers, in per cent, rounded to two decimals.

    :raises BadGrowthFacts: followers not positive, or a count negative or not a number.
    """
    for field, value in (
        ("followers", followers),
        ("avg_likes", avg_likes),
        ("avg_comments", avg_comments),
    ):
        if not math.isfinite(value) or value < 0:
            raise BadGrowthFacts(field, f"{field} must be a number of at least 0, not {value}")
    if followers == 0:
        raise BadGrowthFacts("followers", "followers is 0, so there is no engagement rate")
    return round((avg_likes + avg_comments) / followers * 100, 2)


def count_spikes(series: Sequence[float] | np.ndarray) -> int:
    """Days whose change exceeds mean + 2 standard deviations of all daily changes.

    A series that changes by the same amount every day has no spikes. The largest of n
    changes lies at most √(n−1) population deviations above the mean, so five changes or
    fewer can never show one.

    :raises BadGrowthFacts: shorter than two days, or not finite and non-negative.
    """
    days = _checked_series(series, growth=False)
    changes = np.diff(days)
    # Rounding in counts that are not whole must not look like a deviation.
    threshold = changes.mean() + 2 * changes.std() + 1e-9 * days.max()
    return int(np.count_nonzero(changes > threshold))


def _checked_series(series: Sequence[float] | np.ndarray, *, growth: bool = True) -> np.ndarray:
    field = "follower_growth_last_30_days"
    days = np.asarray(series, dtype=float)
    if days.ndim != 1 or days.size < 2:
        raise BadGrowthFacts(field, f"the series needs at least two days, it has {days.size}")
    bad = np.flatnonzero(~np.isfinite(days) | (days < 0))
    if bad.size:
        raise BadGrowthFacts(
            field, f"day {bad[0] + 1} of the series is {days[bad[0]]}, not a follower count"
        )
    if growth and days[0] == 0:
        raise BadGrowthFacts(field, "the series starts at 0 followers, so growth has no percentage")
    return days


def _engagement_points(rate: float) -> float:
    if rate < 2:
        return 40.0
    if rate < 5:
        return 30.0
    return 15.0 if rate <= 8 else 0.0


def _growth_points(growth: float) -> float:
    if growth > 70:
        return 30.0
    if growth > 50:
        return 20.0
    return 10.0 if growth > 30 else 0.0


def _reasons(spikes: int, rate: float, growth: float) -> tuple[str, ...]:
    reasons = []
    if spikes:
        # The document's wording: singular below its red flag of three.
        word = "spikes" if spikes >= SPIKES_IN_WORDS else "spike"
        reasons.append(f"{spikes} follower {word} detected")
    if rate < 5:
        reasons.append(f"{'Very low' if rate < 2 else 'Low'} engagement rate ({rate:.2f}%)")
    if growth > 50:
        pace = "Extremely" if growth > 70 else "Unusually"
        reasons.append(f"{pace} rapid growth ({round(growth, 2):.1f}%)")
    return tuple(reasons) or (NORMAL,)
