"""How the simulated audience of one post behaves when nobody cheats.

Each profile gives the expected views of every hour; each hard negative bends a stretch of
them in a way that is honest but looks bought.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

CATEGORIES: Final = ("music", "news", "gaming", "howto", "comedy", "sports", "beauty")
Decay = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def _power_law(age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.asarray((age + rng.uniform(1.0, 12.0)) ** -rng.uniform(0.8, 1.7))


def _exponential(age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    tail = 10 ** rng.uniform(-3.0, -1.0)
    return np.asarray(np.exp(-age / rng.uniform(6.0, 120.0)) + tail)


def _self_exciting(age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Views that bring views: a branching process with an exponential kernel, in rates."""
    start = _power_law(age, rng)
    branching, memory = rng.uniform(0.5, 0.95), rng.uniform(2.0, 30.0)
    luck = rng.gamma(2.0, 0.5, size=len(age))
    keep = np.exp(-1.0 / memory)
    gain = branching * (1.0 - keep)
    rate, excited = np.empty(len(age)), 0.0
    for hour, base in enumerate(start):
        rate[hour] = base + excited
        excited = keep * excited + gain * luck[hour] * rate[hour]
    return rate


def _search_driven(age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    found = 1.0 - np.exp(-age / rng.uniform(24.0, 400.0))
    return np.asarray(found * np.exp(-age / rng.uniform(1500.0, 9000.0)) + 0.02)


PROFILES: Final[dict[str, Decay]] = {
    "power_law": _power_law,
    "exponential": _exponential,
    "self_exciting": _self_exciting,
    "search_driven": _search_driven,
}


class Audience:
    """Expected views per hour and, per metric, how many follow from a view.

    `views` is of shape (h,), relative; `ratios` holds an (h,) factor for likes, comments and
    shares. `age` is the hours since publication, `clock` the local hours since midnight of a
    Monday, `seen` the (first, last) hour that will be observed.
    """

    def __init__(
        self, age: np.ndarray, clock: np.ndarray, views: np.ndarray, seen: tuple[int, int]
    ) -> None:
        self.age = age
        self.clock = clock
        self.views = views
        self.seen = seen
        self.ratios = {m: np.ones(len(age)) for m in ("likes", "comments", "shares")}

    def moment(self, rng: np.random.Generator) -> int:
        """An hour in the observed part, not too near its ends."""
        first, last = self.seen
        return int(first + (last - first) * rng.uniform(0.1, 0.9))

    def wave(self, start: int, rise: float, fade: float) -> np.ndarray:
        """A wave that begins at hour `start` and peaks at 1."""
        since = np.maximum(np.arange(len(self.age)) - start, 0.0)
        shape = (1.0 - np.exp(-since / rise)) * np.exp(-since / fade)
        return np.asarray(shape / max(float(shape.max()), 1e-12))

    def level(self) -> float:
        """The strongest usual hour among those that are observed."""
        first, last = self.seen
        return float(np.quantile(self.views[first : last + 1], 0.9))


def daily_rhythm(
    clock: np.ndarray, rng: np.random.Generator, *, peak: float | None = None, depth: float = 0.0
) -> np.ndarray:
    """Factor of every local hour: sleep, an evening peak, another weekend."""
    top = rng.normal(20.0, 2.0) if peak is None else peak
    swing = depth or rng.uniform(0.15, 0.85)
    angle = 2.0 * np.pi * (clock - top) / 24.0
    rhythm = 1.0 + swing * (0.85 * np.cos(angle) + 0.15 * np.cos(2.0 * angle + rng.uniform(0, 6)))
    weekend = (clock // 24) % 7 >= 5
    return np.asarray(np.maximum(rhythm, 0.02) * np.where(weekend, rng.uniform(0.6, 1.6), 1.0))


def _viral_twice(audience: Audience, rng: np.random.Generator) -> None:
    size = audience.level() * 10 ** rng.uniform(0.0, 1.0)
    wave = audience.wave(audience.moment(rng), rng.uniform(1.0, 12.0), rng.uniform(8.0, 72.0))
    audience.views += size * wave


def _news_spike(audience: Audience, rng: np.random.Generator) -> None:
    size = audience.level() * 10 ** rng.uniform(0.3, 1.5)
    wave = audience.wave(audience.moment(rng), rng.uniform(0.2, 1.0), rng.uniform(2.0, 12.0))
    audience.views += size * wave
    audience.ratios["comments"] *= 1.0 + rng.uniform(0.0, 3.0) * wave
    audience.ratios["shares"] *= 1.0 + rng.uniform(0.0, 4.0) * wave


def _night_owls(audience: Audience, rng: np.random.Generator) -> None:
    audience.views *= daily_rhythm(
        audience.clock, rng, peak=rng.uniform(1.0, 5.0), depth=rng.uniform(0.8, 0.98)
    )


def _giveaway(audience: Audience, rng: np.random.Generator) -> None:
    wave = audience.wave(audience.moment(rng), rng.uniform(0.5, 4.0), rng.uniform(12.0, 72.0))
    audience.ratios["comments"] *= 1.0 + rng.uniform(2.0, 20.0) * wave
    audience.ratios["likes"] *= 1.0 + rng.uniform(0.0, 1.5) * wave
    audience.views *= 1.0 + rng.uniform(0.0, 1.0) * wave


def _embedded(audience: Audience, rng: np.random.Generator) -> None:
    """A newsletter or an embedding site: bursts at one hour of the day, few of them like."""
    hour, every = int(rng.integers(0, 24)), int(rng.choice((24, 24, 168)))
    start, size = audience.moment(rng), audience.level() * 10 ** rng.uniform(-0.3, 0.8)
    since = np.arange(len(audience.age)) - start
    burst = np.where(since >= 0, np.exp(-((audience.clock - hour) % every) / rng.uniform(1, 4)), 0)
    burst = burst * size * np.exp(-np.maximum(since, 0) / rng.uniform(48.0, 400.0))
    share = burst / (audience.views + burst)
    audience.views += burst
    for metric in audience.ratios:
        audience.ratios[metric] *= 1.0 - rng.uniform(0.3, 0.95) * share


def _recommended(audience: Audience, rng: np.random.Generator) -> None:
    """The platform pushes the post at a steady rate for some days, to strangers."""
    start, lasts = audience.moment(rng), rng.uniform(12.0, 120.0)
    since = np.arange(len(audience.age)) - start
    pushed = ((since >= 0) & (since < lasts)) * audience.level() * 10 ** rng.uniform(-0.3, 0.7)
    pushed = pushed * daily_rhythm(audience.clock, rng, depth=rng.uniform(0.05, 0.5))
    share = pushed / (audience.views + pushed)
    audience.views += pushed
    for metric in audience.ratios:
        audience.ratios[metric] *= 1.0 - rng.uniform(0.0, 0.7) * share


HARD_NEGATIVES: Final[dict[str, Callable[[Audience, np.random.Generator], None]]] = {
    "viral_twice": _viral_twice,
    "news_spike": _news_spike,
    "night_owls": _night_owls,
    "giveaway": _giveaway,
    "embedded": _embedded,
    "recommended": _recommended,
}
"""Honest events that look bought; each changes the audience it is given."""
