"""What is asked of the price model, and the prices it learns from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

ASKED: Final = "asked"
AGREED: Final = "agreed"
PriceKind = Literal["asked", "agreed"]


@dataclass(frozen=True, slots=True)
class PriceRequest:
    """One piece of work by one creator, as far as known; None and "" are unknown.

    :param followers: a count; a suggestion needs it.
    :param engagement_rate: engagements per follower or per view, as the market's rows have it.
    :param authenticity: 0 (fake) to 1.
    :param niche: one niche, or several parted by ";".
    :param month: 1 to 12, when the work is to appear; None is the month of asking.
    :param median_views, expected_views, median_interactions: counts per post.
    :param currency: "" is the platform's market with the most creators.
    :param follower_growth: change of followers over 15 days as a share of them.
    """

    platform: str
    deliverable: str
    followers: float | None
    engagement_rate: float | None = None
    authenticity: float | None = None
    niche: str = ""
    country: str = ""
    campaign_type: str = ""
    month: int | None = None
    median_views: float | None = None
    expected_views: float | None = None
    median_interactions: float | None = None
    currency: str = ""
    follower_growth: float | None = None


@dataclass(frozen=True, slots=True)
class MarketRow:
    """A price that was asked or agreed, with what was known of the creator then.

    The facts are those of `PriceRequest`. `price` is in major units of `currency`;
    `month` is the month the work was for (None: that of `priced_at`); `priced_at` None is
    a price of unknown date. Rows of one creator share `creator_key`.
    """

    platform: str
    deliverable: str
    followers: float | None
    price: float
    currency: str
    priced_at: date | None
    creator_key: str
    kind: PriceKind = "asked"
    simulated: bool = False
    engagement_rate: float | None = None
    authenticity: float | None = None
    niche: str = ""
    country: str = ""
    campaign_type: str = ""
    month: int | None = None
    median_views: float | None = None
    expected_views: float | None = None
    median_interactions: float | None = None
    follower_growth: float | None = None


def is_usable(row: MarketRow) -> bool:
    """Whether a row can be learned from: a price and a follower count above zero."""
    return known_positive(row.price) is not None and known_positive(row.followers) is not None


def known_positive(value: float | None) -> float | None:
    """The value if it is a finite number above zero."""
    return value if value is not None and math.isfinite(value) and value > 0 else None


def market_of(row: MarketRow) -> tuple[str, str]:
    """(platform, currency), the unit that is learned together."""
    return plain(row.platform), row.currency.strip().upper()


def plain(text: str) -> str:
    """A name as it is compared."""
    return text.strip().lower()


def names_in(text: str) -> tuple[str, ...]:
    """The names of a text like "beauty;fashion", each once, in order."""
    return tuple(dict.fromkeys(name for part in text.split(";") if (name := plain(part))))
