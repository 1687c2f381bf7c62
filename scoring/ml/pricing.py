"""Price suggestions from published asking prices, or an admission that there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PriceFactors:
    """Multiplicative premiums against the typical priced creator; None where unsupported."""

    follower_count_premium: float | None
    engagement_premium: float | None
    authenticity_premium: float | None
    market_trend: float | None


@dataclass(frozen=True)
class PriceSuggestion:
    """Prices in minor units of `currency` (fen for CNY), min <= suggested <= max."""

    currency: str
    min_minor: int
    suggested_minor: int
    max_minor: int
    confidence: float
    factors: PriceFactors
    comparable_rows: int
    basis: str


@dataclass(frozen=True)
class NoComparableMarketData:
    """There is nothing to compare with; `reason` says what is missing."""

    platform: str
    reason: str


class PriceModel:
    def suggest(
        self,
        *,
        columns: Mapping[str, np.ndarray],
        platforms: Sequence[str],
        deliverable_types: Sequence[str],
    ) -> list[PriceSuggestion | NoComparableMarketData]:
        raise NotImplementedError
