"""Price suggestions as JSON: for the API and for commands."""

from decimal import Decimal
from typing import Any

from accounts.money import to_major
from scoring.ml.prices.suggestions import RecentMarket
from scoring.pricing.comparing import ComparablePrice
from scoring.pricing.currencies import Conversion
from scoring.pricing.suggesting import Coverage, Suggestion

DOCUMENT_000 = (
    "follower_count_premium", "engagement_premium", "authenticity_premium", "market_trend",
)  # fmt: skip
FACTORS = (
    *DOCUMENT_000, "seasonality", "campaign_type", "geography", "deliverable_type", "niche",
)  # fmt: skip


def suggestion_as_json(suggestion: Suggestion) -> dict[str, Any]:
    """The answer of document 000 section 3 with what stands behind it; amounts in major units."""
    return {
        "currency": suggestion.currency,
        "min_price": _major(suggestion.min_minor, suggestion.currency),
        "suggested_price": _major(suggestion.suggested_minor, suggestion.currency),
        "max_price": _major(suggestion.max_minor, suggestion.currency),
        "confidence": suggestion.confidence,
        "factors": {name: suggestion.factors.get(name) for name in FACTORS},
        "unsupported": dict(suggestion.unsupported),
        "coverage": coverage_as_json(suggestion.coverage),
        "comparables": [comparable_as_json(one) for one in suggestion.comparables],
        "comparables_note": suggestion.comparables_note,
        "recent_market": recent_as_json(suggestion.market.recent, suggestion.market.currency),
        "comparable_creators": suggestion.comparable_creators,
        "conversion": conversion_as_json(suggestion.conversion),
        "basis": suggestion.basis,
        "model_version": suggestion.model_version,
        "simulated": suggestion.simulated,
        "as_of": suggestion.as_of.isoformat(),
        "account_id": suggestion.account_id,
        "platform": suggestion.platform,
        "deliverable_type": suggestion.deliverable,
    }


def coverage_as_json(coverage: Coverage) -> dict[str, Any]:
    return {
        "nominal": coverage.nominal,
        "held_out": coverage.held_out,
        "held_out_low": coverage.held_out_low,
        "held_out_high": coverage.held_out_high,
        "held_out_prices": coverage.held_out_prices,
        "part": coverage.part,
        "observed": coverage.observed,
        "observed_prices": coverage.observed_prices,
    }


def comparable_as_json(one: ComparablePrice) -> dict[str, Any]:
    return {
        "deliverable_type": one.deliverable,
        "kind": one.kind,
        "price": _major(one.price_minor, one.currency),
        "currency": one.currency,
        "followers": one.followers,
        "engagement_rate": one.engagement_rate,
        "niche": one.niche,
        "month": f"{one.month:%Y-%m}" if one.month else None,
        "distance": round(one.distance, 3),
    }


def recent_as_json(recent: RecentMarket, currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "typical_price": recent.typical,
        "average_price": recent.average,
        "prices": recent.prices,
        "creators": recent.creators,
        "trend": recent.trend,
        "trend_low": recent.trend_low,
        "trend_high": recent.trend_high,
        "reasons": dict(recent.reasons),
    }


def conversion_as_json(conversion: Conversion | None) -> dict[str, Any] | None:
    if conversion is None:
        return None
    return {
        "from": conversion.base,
        "to": conversion.quote,
        "rate": f"{conversion.rate.normalize():f}",
        "day": conversion.day.isoformat(),
        "source": conversion.source,
        "inverted": conversion.inverted,
    }


def _major(minor: int, currency: str) -> float:
    amount: Decimal = to_major(minor, currency)
    return float(amount)
