"""What the price model answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.ml.prices.facts import MarketRow


@dataclass(frozen=True)
class Coverage:
    """How often such ranges held the price, on creators not learned from.

    `observed` over `prices` of `creators` of `part` (a size tier or the whole market), with the
    95 % Wilson interval [low, high] counting creators; `nominal` is what was aimed at.
    `borrowed` says that the tier has too few creators and the market's margin is used.
    """

    nominal: float
    observed: float
    low: float
    high: float
    prices: int
    creators: int
    part: str
    borrowed: bool


@dataclass(frozen=True)
class PriceSuggestion:
    """Prices in minor units of `currency`, min <= suggested <= max.

    `suggested` is `base` (major units) times all known `factors`, rounded to three significant
    digits. `factors` are multiplicative premiums against the market's typical priced piece; None
    where the market's rows or this request do not support one, and `unsupported` says why.
    `confidence` is the share of held-out prices, among ranges about as wide, within a factor of
    two of the middle. `comparable_creators` have a price for the same deliverable and half to
    twice the followers. `simulated`: learned from simulated prices.
    """

    platform: str
    deliverable: str
    currency: str
    minor_digits: int
    min_minor: int
    suggested_minor: int
    max_minor: int
    base: float
    confidence: float
    coverage: Coverage
    factors: Mapping[str, float | None]
    unsupported: Mapping[str, str]
    tier: str
    comparable_creators: int
    basis: str
    model_version: str
    simulated: bool


@dataclass(frozen=True)
class NoComparableMarketData:
    """There is nothing to compare with; `reason` says what is missing.

    `nearest` are the markets there are, like "video_21_60s on douyin in CNY", nearest first.
    """

    platform: str
    reason: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparable:
    """A price near the request; the row is blurred so that it names nobody.

    Its creator key is empty, what counts it has fit at least five creators, and the day is the
    first of its month.
    """

    row: MarketRow
    distance: float


@dataclass(frozen=True)
class RecentMarket:
    """Prices near a request over the last year; amounts in major units, None where too few.

    `trend` is the ratio of the middle price of the later six months to that of the earlier six,
    [trend_low, trend_high] its 95 % interval by bootstrap over creators.
    """

    typical: float | None
    average: float | None
    prices: int
    creators: int
    trend: float | None = None
    trend_low: float | None = None
    trend_high: float | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
