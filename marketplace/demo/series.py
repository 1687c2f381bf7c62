"""Some posts counted by the hour, a few with bought engagement (docs/demo-market.md, section 5).

Written apart from the simulator that the engagement model learns from: other equations,
other attacks. What was bought goes to the answer key only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from marketplace.demo.engagement import settled_share

FOLLOWED_EVERY = 20
"""The first account of every twentieth creator is followed, from the first on."""
POSTS_FOLLOWED = 3
YOUNGEST_DAYS = 3.2
BUYERS = 0.35
BOUGHT = 0.7
COUNTED = ("views", "likes", "comments", "shares", "saves")
# Where a platform shows no views, people still see the post.
LIKES_PER_UNSEEN_VIEW = 0.08


class Purchase(StrEnum):
    """What somebody bought for a post."""

    LIKES = "bought_likes"
    VIEWS = "bought_views"
    COMMENTS = "comment_ring"
    NIGHTS = "night_bursts"


@dataclass(frozen=True)
class Bought:
    """One purchase; ``hours`` are the hours after publication in which it was delivered."""

    kind: Purchase
    hours: tuple[int, ...]
    amount: int


@dataclass(frozen=True)
class Followed:
    """Cumulative counts ``hours`` after publication, (n,) each, and what was bought.

    The last ones are those of today. A count that the platform does not show is missing.
    """

    hours: np.ndarray
    counts: Mapping[str, np.ndarray]
    bought: Bought | None


def is_followed(number: int) -> bool:
    return number % FOLLOWED_EVERY == 1


def buys_engagement(rng: np.random.Generator, *, number: int) -> bool:
    """The first creator does not, because the demo log-in claims it."""
    return bool(rng.random() < BUYERS) and number != 1


def follow_post(
    rng: np.random.Generator,
    *,
    platform: str,
    age_days: float,
    published_hour: float,
    today: Mapping[str, int | None],
    buys: bool,
    turn: int,
) -> Followed:
    """Hourly or three-hourly counts of the first days, ending in ``today``'s honest counts.

    :param today: the counts after ``age_days``; None where the platform shows none.
    :param turn: which of the purchases, if one is made: they take turns, for an even mix.
    """
    step = int(rng.choice([1, 3], p=[0.7, 0.3]))
    followed = int(rng.integers(72, 121)) if step == 1 else 168
    # Before today, whose counts come last.
    hours = np.arange(min(followed, int(np.ceil(age_days * 24)) - 1) + 1)
    interest = _interest(rng, platform=platform, hours=hours, published_hour=published_hour)
    reached = settled_share(platform, age_days=hours[-1] / 24) / settled_share(
        platform, age_days=age_days
    )
    totals = {name: today[name] or 0 for name in COUNTED}
    views = float(today["views"] or totals["likes"] / LIKES_PER_UNSEEN_VIEW)
    seen = _drawn(rng, views * reached * interest / interest.sum())
    gained = {"views": seen}
    for name in COUNTED[1:]:
        rate = totals[name] / max(views, 1.0) * _drift(interest)
        gained[name] = rng.binomial(seen, np.clip(rate, 0.0, 1.0))
    bought = None
    if buys and rng.random() < BOUGHT:
        bought = _buy(rng, gained, totals=totals, night=_quiet_hours(hours, published_hour),
                      has_views=today["views"] is not None, turn=turn)  # fmt: skip
    summed = {name: np.concatenate([[0], np.cumsum(gain)]) for name, gain in gained.items()}
    kept = hours[::step]
    last = {name: max(totals[name] - round(totals[name] * reached), 0) for name in COUNTED}
    counts = {
        name: np.append(summed[name][kept], summed[name][-1] + last[name])
        for name in COUNTED
        if today[name] is not None
    }
    if "views" in counts:  # nobody likes what they have not seen
        counts["likes"] = np.minimum(counts["likes"], counts["views"])
    return Followed(np.append(kept, age_days * 24), counts, bought)


def _interest(
    rng: np.random.Generator, *, platform: str, hours: np.ndarray, published_hour: float
) -> np.ndarray:
    """Relative interest in each hour, shape (n - 1,): settling, the day, moods, second waves."""
    settled = np.array([settled_share(platform, age_days=hour / 24) for hour in hours])
    clock = published_hour + hours[:-1]
    evening, depth = rng.normal(20.0, 1.5), rng.uniform(0.15, 0.5)
    rhythm = 1.0 + depth * np.cos(2 * np.pi * (clock - evening) / 24)
    mood, moods = 0.0, np.empty(len(clock))
    for place, shock in enumerate(rng.normal(0.0, 0.15, size=len(clock))):
        mood = 0.7 * mood + shock
        moods[place] = mood
    interest = np.diff(settled) * rhythm * np.exp(moods)
    if rng.random() < 0.3 and len(clock) > 48:  # shared again by somebody large
        start = int(rng.integers(24, len(clock) - 18))
        height = rng.uniform(0.3, 0.9) * interest[:6].mean()
        since = np.arange(len(clock)) - start
        interest = interest + np.where(since >= 0, height * np.exp(-np.maximum(since, 0) / 8), 0)
    return interest


def _drawn(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Counts around ``mean`` that vary more than Poisson's: a gamma of shape 20 mixes them."""
    return rng.poisson(mean * rng.gamma(20.0, 1 / 20.0, size=len(mean)))


def _drift(interest: np.ndarray) -> np.ndarray:
    """Fans come first and like more than those who come later: from 1.15 down to 0.85."""
    return 1.15 - 0.3 * np.cumsum(interest) / interest.sum()


def _quiet_hours(hours: np.ndarray, published_hour: float) -> np.ndarray:
    """Whether each hour is between two and five in the morning, UTC."""
    clock = (published_hour + hours[:-1]) % 24
    return (clock >= 2) & (clock < 5)


def _buy(
    rng: np.random.Generator,
    gained: dict[str, np.ndarray],
    *,
    totals: Mapping[str, int],
    night: np.ndarray,
    has_views: bool,
    turn: int,
) -> Bought:
    """Add one purchase to what was gained, in place."""
    length = len(gained["views"])
    kinds = list(Purchase) if has_views else [Purchase.LIKES, Purchase.COMMENTS]
    kind = kinds[turn % len(kinds)]
    start = int(rng.integers(12, length - 26))
    if kind is Purchase.LIKES:
        hours = np.arange(start, start + int(rng.integers(2, 5)))
        amount = max(60, round(rng.uniform(0.5, 1.5) * totals["likes"]))
        gained["likes"] = gained["likes"] + _delivered(rng, amount, hours, length)
    elif kind is Purchase.COMMENTS:
        hours = np.arange(start, start + int(rng.integers(1, 4)))
        amount = max(40, round(rng.uniform(2.0, 6.0) * totals["comments"]))
        gained["comments"] = gained["comments"] + _delivered(rng, amount, hours, length)
    else:
        if kind is Purchase.VIEWS:
            hours = np.arange(start, start + int(rng.integers(8, 21)))
            amount = max(500, round(rng.uniform(0.8, 2.0) * totals["views"]))
        else:
            hours = np.flatnonzero(night & (np.arange(length) >= 12))[:9]
            amount = max(500, round(rng.uniform(0.8, 1.6) * totals["views"]))
            liked = _delivered(rng, round(0.05 * amount), hours, length)
            gained["likes"] = gained["likes"] + liked
        gained["views"] = gained["views"] + _delivered(rng, amount, hours, length)
    return Bought(kind, tuple(int(hour) for hour in hours), amount)


def _delivered(rng: np.random.Generator, amount: int, hours: np.ndarray, length: int) -> np.ndarray:
    """``amount`` spread evenly over ``hours``, as a panel delivers it; shape (length,)."""
    added = np.zeros(length, dtype=np.int64)
    added[hours] = rng.multinomial(amount, np.full(len(hours), 1 / len(hours)))
    return added
