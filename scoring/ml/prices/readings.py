"""One fact of a request or a priced row as a number or as names; None where unknown."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np

from scoring.ml.prices.facts import MarketRow, PriceRequest, known_positive, names_in, plain

NUMBERS: Final = (
    "log_followers",
    "follower_growth",
    "log_engagement",
    "log_median_views",
    "log_expected_views",
    "log_median_interactions",
    "authenticity",
    "years",
)
MONTHS: Final = tuple(f"month {month}" for month in range(1, 13))
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "follower_count_premium": NUMBERS[:2],
    "engagement_premium": NUMBERS[2:6],
    "authenticity_premium": ("authenticity",),
    "market_trend": ("years",),
    "seasonality": MONTHS,
}
NAMED: Final[Mapping[str, str]] = {
    "campaign_type": "campaign_types",
    "geography": "countries",
    "deliverable_type": "deliverables",
    "niche": "niches",
}
FACTORS: Final = (*GROUPS, *NAMED)
KIND: Final = "agreed"
Facts = PriceRequest | MarketRow


def month_of(row: MarketRow) -> int | None:
    if row.month is not None:
        return row.month
    return row.priced_at.month if row.priced_at else None


def numbers_of(facts: Iterable[Facts], name: str) -> np.ndarray:
    """The values of one of `NUMBERS`, shape (n,), NaN where unknown."""
    read = _NUMBER_OF[name]
    return np.array([math.nan if (v := read(one)) is None else v for one in facts], dtype=float)


def _log(value: float | None) -> float | None:
    found = known_positive(value)
    return None if found is None else math.log1p(found)


def _log_rate(value: float | None) -> float | None:
    """Log of a rate with a floor of 0.1 %; a rate of exactly 0 is known."""
    if value is None or not math.isfinite(value) or value < 0:
        return None
    return math.log(value + 0.001)


def _growth(value: float | None) -> float | None:
    """Beyond a fifth in 15 days it matters no more how much."""
    return min(max(value, -0.2), 0.2) if value is not None and math.isfinite(value) else None


def _share(value: float | None) -> float | None:
    return value if value is not None and 0 <= value <= 1 else None


_NUMBER_OF: Final[Mapping[str, Callable[[Facts], float | None]]] = {
    "log_followers": lambda facts: _log(facts.followers),
    "follower_growth": lambda facts: _growth(facts.follower_growth),
    "log_engagement": lambda facts: _log_rate(facts.engagement_rate),
    "log_median_views": lambda facts: _log(facts.median_views),
    "log_expected_views": lambda facts: _log(facts.expected_views),
    "log_median_interactions": lambda facts: _log(facts.median_interactions),
    "authenticity": lambda facts: _share(facts.authenticity),
}
NAMES_OF: Final[Mapping[str, Callable[[Facts], tuple[str, ...]]]] = {
    "deliverable_type": lambda facts: (plain(facts.deliverable),),
    "niche": lambda facts: names_in(facts.niche),
    "geography": lambda facts: names_in(facts.country),
    "campaign_type": lambda facts: names_in(facts.campaign_type),
}
