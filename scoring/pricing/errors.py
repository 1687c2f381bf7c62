"""Refusals about prices."""

from typing import Any

from accounts.errors import DomainError


class NoMarketData(DomainError):
    """``details``: the nearest markets there are."""

    code = "no_comparable_market_data"
    http_status = 422


class RateMissing(DomainError):
    """``details``: the pair and the day."""

    code = "currency_rate_missing"
    http_status = 422


class RateRefused(DomainError):
    code = "currency_rate_refused"
    http_status = 422


class PriceRefused(DomainError):
    """``details["field"]`` names what cannot be used."""

    code = "price_refused"
    http_status = 422

    def __init__(self, message: str, *, field: str, **details: Any) -> None:
        super().__init__(message, details={"field": field, **details})


class PriceFileRefused(DomainError):
    """``details["problems"]`` name row and column and what to do; nothing was written."""

    code = "price_file_refused"
    http_status = 422
