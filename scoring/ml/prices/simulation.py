"""A simulated market of agreed prices: equations of its own, hidden from every feature.

No public set of agreed prices exists. This one is made up; docs/price-simulator.md has its
equations and what they leave out. Every row says `simulated`, and no price model learns
simulated rows together with real ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

import numpy as np

from scoring.ml.prices.facts import MarketRow, PriceKind

T = TypeVar("T")
CREATOR_NOISE: Final = 0.15
OFFER_NOISE: Final = 0.16
ASKED_MARKUP: Final = 0.18
ASKED_NOISE: Final = 0.30
ABSURD_SHARE: Final = 0.01
UNKNOWN_SHARE: Final = 0.2
REFERENCE_FOLLOWERS: Final = 50_000.0
EPOCH: Final = date(2024, 1, 1)
DAYS_PER_YEAR: Final = 365.25

SEASON: Final = (-0.10, -0.06, -0.01, 0.0, 0.02, 0.01, -0.05, -0.04, 0.03, 0.05, 0.13, 0.16)
CAMPAIGNS: Final[Mapping[str, float]] = {
    "awareness": 0.0,
    "launch": 0.12,
    "sales": -0.04,
    "content": -0.22,
    "community": -0.08,
    "event": 0.18,
    "always_on": -0.10,
}
NICHES: Final[Mapping[str, float]] = {
    "beauty": 0.12,
    "fashion": 0.08,
    "fitness": 0.05,
    "food": -0.04,
    "travel": 0.06,
    "gaming": -0.12,
    "lifestyle": 0.0,
    "music": -0.10,
    "cooking": -0.03,
    "outdoors": -0.02,
}
COUNTRIES: Final[Mapping[str, float]] = {
    "US": 0.25, "GB": 0.15, "DE": 0.10, "FR": 0.05, "ES": -0.10, "IT": -0.08, "PL": -0.30,
    "IN": -0.80, "BR": -0.55,
}  # fmt: skip


@dataclass(frozen=True)
class MarketSpec:
    """`level` is the log price of the first deliverable at 50,000 followers; `deliverables`
    are log premiums on it; `yearly` is the trend; `typical_rate` engagements per follower."""

    platform: str
    currency: str
    level: float
    elasticity: float
    yearly: float
    typical_rate: float
    deliverables: Mapping[str, float]
    countries: tuple[str, ...]


MARKETS: Final = (
    MarketSpec(
        "instagram", "EUR", math.log(420), 0.80, 0.05, 0.025,
        {"static_post": 0.0, "reel": 0.38, "story": -0.85, "carousel": 0.14},
        ("DE", "FR", "ES", "IT", "PL"),
    ),
    MarketSpec(
        "tiktok", "USD", math.log(310), 0.72, 0.14, 0.055,
        {"tiktok_video": 0.0, "tiktok_story": -0.9},
        ("US", "GB", "BR", "IN"),
    ),
    MarketSpec(
        "youtube", "USD", math.log(1450), 0.86, 0.02, 0.035,
        {"dedicated_video": 0.0, "integration": -0.40, "short": -0.95},
        ("US", "GB", "IN", "BR"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class SimulatedCreator:
    """`temper` is what nobody sees: how dear this creator is, in log price."""

    key: str
    market: MarketSpec
    followers: float
    engagement_rate: float
    authenticity: float
    niche: str
    country: str
    median_views: float
    temper: float


@dataclass(frozen=True)
class SimulatedPrice:
    """A row, and the true median of agreed prices for its facts (major units)."""

    row: MarketRow
    true_median: float


def simulate_market(
    *,
    random_state: int,
    creators: int = 400,
    offers: float = 6.0,
    first_day: date = date(2024, 1, 1),
    last_day: date = date(2025, 12, 31),
    asked_share: float = 0.0,
    markets: Sequence[MarketSpec] = MARKETS,
) -> list[SimulatedPrice]:
    """Prices of `creators` per market, `offers` each on average, in order of date."""
    generator = np.random.default_rng(random_state)
    found = [
        price
        for market in markets
        for creator in simulate_creators(market, creators, generator)
        for price in simulate_prices(
            creator,
            count=int(generator.poisson(offers)),
            first_day=first_day,
            last_day=last_day,
            asked_share=asked_share,
            generator=generator,
        )
    ]
    return sorted(found, key=lambda price: (price.row.priced_at or EPOCH, price.row.creator_key))


def simulate_creators(
    market: MarketSpec, count: int, generator: np.random.Generator
) -> list[SimulatedCreator]:
    """Creators of one market: log-normal followers, rates that fall with size."""
    found = []
    for number in range(count):
        followers = float(np.clip(np.exp(generator.normal(11.0, 1.4)), 1_500, 2e7))
        rate = market.typical_rate * (followers / REFERENCE_FOLLOWERS) ** -0.12
        rate = float(rate * np.exp(generator.normal(0, 0.55)))
        found.append(
            SimulatedCreator(
                key=f"{market.platform}-{market.currency}-{number}",
                market=market,
                followers=round(followers),
                engagement_rate=round(min(rate, 0.6), 5),
                authenticity=float(generator.beta(8, 2)),
                niche=str(generator.choice(list(NICHES))),
                country=str(generator.choice(list(market.countries))),
                median_views=round(followers * 0.25 * float(np.exp(generator.normal(0, 0.6)))),
                temper=float(generator.normal(0, CREATOR_NOISE)),
            )
        )
    return found


def simulate_prices(
    creator: SimulatedCreator,
    *,
    count: int,
    first_day: date,
    last_day: date,
    generator: np.random.Generator,
    asked_share: float = 0.0,
) -> list[SimulatedPrice]:
    """Prices of one creator on days even over the span; some are asks, few of them absurd."""
    names = list(creator.market.deliverables)
    span = (last_day - first_day).days
    found = []
    for _ in range(count):
        day = first_day + timedelta(days=int(generator.integers(0, span + 1)))
        deliverable = str(generator.choice(names))
        campaign = str(generator.choice(list(CAMPAIGNS)))
        median = math.exp(log_median(creator, deliverable, campaign, day))
        log_price = math.log(median) + creator.temper + generator.normal(0, OFFER_NOISE)
        kind: PriceKind = "asked" if generator.random() < asked_share else "agreed"
        if kind == "asked":
            log_price += ASKED_MARKUP + generator.normal(0, ASKED_NOISE)
            if generator.random() < ABSURD_SHARE:
                log_price += math.log(200) * generator.choice([-1, 1])
        row = _row(creator, deliverable, campaign, day, kind, _quoted(log_price), generator)
        found.append(SimulatedPrice(row=row, true_median=median))
    return found


def log_median(creator: SimulatedCreator, deliverable: str, campaign: str, day: date) -> float:
    """The log median of agreed prices for everything but the creator's temper."""
    market = creator.market
    size = math.log(creator.followers / REFERENCE_FOLLOWERS)
    norm = market.typical_rate * math.exp(-0.12 * size)
    liveliness = math.tanh(math.log(creator.engagement_rate / norm))
    views = math.tanh(math.log(max(creator.median_views, 1.0) / (0.25 * creator.followers)))
    years = (day - EPOCH).days / DAYS_PER_YEAR
    season = SEASON[day.month - 1]
    if creator.niche in ("beauty", "fashion"):
        season *= 1.5
    return (
        market.level
        + market.deliverables[deliverable] * (1 + 0.06 * size)
        + market.elasticity * size
        - 0.02 * size**2
        + 0.30 * liveliness
        + 0.12 * views
        + 1.0 * (creator.authenticity - 0.8)
        - 0.5 * max(0.55 - creator.authenticity, 0.0) / 0.15
        + NICHES.get(creator.niche, 0.0)
        + COUNTRIES.get(creator.country, 0.0)
        + CAMPAIGNS.get(campaign, 0.0)
        + season
        + market.yearly * years
        + 0.03 * math.sin(2 * math.pi * years / 1.7)
    )


def _quoted(log_price: float) -> float:
    """Prices are quoted in round figures: two digits, or half of the second."""
    price = math.exp(log_price)
    step = 10 ** (math.floor(math.log10(price)) - 1) / 2
    return max(round(price / step) * step, step)


def _row(
    creator: SimulatedCreator,
    deliverable: str,
    campaign: str,
    day: date,
    kind: PriceKind,
    price: float,
    generator: np.random.Generator,
) -> MarketRow:
    """What a market records: counts wobble with time, and a fifth of the facts are unknown."""

    def seen(value: T) -> T | None:
        return None if generator.random() < UNKNOWN_SHARE else value

    wobble = float(np.exp(generator.normal(0, 0.05)))
    views = creator.median_views * float(np.exp(generator.normal(0, 0.2)))
    return MarketRow(
        platform=creator.market.platform,
        deliverable=deliverable,
        followers=round(creator.followers * wobble),
        price=price,
        currency=creator.market.currency,
        priced_at=day,
        creator_key=creator.key,
        kind=kind,
        simulated=True,
        engagement_rate=seen(creator.engagement_rate),
        authenticity=seen(creator.authenticity),
        niche=seen(creator.niche) or "",
        country=creator.country,
        campaign_type=seen(campaign) or "",
        median_views=seen(round(views)),
        median_interactions=seen(round(creator.engagement_rate * creator.followers * wobble)),
    )
