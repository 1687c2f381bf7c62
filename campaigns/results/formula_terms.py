"""A brand's rates of earned media value, checked: the one definition for page and API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from accounts.errors import DomainError
from accounts.money import CURRENCIES
from campaigns.models import ReportFormula
from campaigns.results.earned_value import RATED, Rates

LONGEST_SOURCE: Final = 500
LARGEST_RATE: Final = Decimal(10) ** 9
MOST_PLACES: Final = 6


class FormulaRefused(DomainError):
    """``details`` names the field: ``rates.instagram.likes``, ``sources.tiktok``, ``currency``."""

    code = "formula_refused"

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message, details={"field": field_name})


@dataclass(frozen=True, kw_only=True)
class FormulaTerms:
    """Rates in minor units of ``currency`` by platform and interaction; there are no defaults."""

    is_on: bool = False
    currency: str = ""
    rates: Rates = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, formula: ReportFormula) -> "FormulaTerms":
        return cls(
            is_on=formula.is_on,
            currency=formula.currency,
            rates=read_rates(formula.rates),
            sources=dict(formula.sources),
        )

    def checked(self) -> "FormulaTerms":
        """Without platforms that have no rate. :raises FormulaRefused: naming what is wrong."""
        rates = {platform: dict(own) for platform, own in self.rates.items() if own}
        for platform, own in rates.items():
            for interaction, rate in own.items():
                _check_rate(platform, interaction, rate)
            _check_source(platform, self.sources.get(platform, ""))
        for platform in self.sources:
            if platform not in RATED:
                raise FormulaRefused(f"sources.{platform[:40]}", _no_platform())
        if rates and self.currency not in CURRENCIES:
            raise FormulaRefused("currency", f"Use one of {', '.join(CURRENCIES)}.")
        if self.is_on and not rates:
            raise FormulaRefused("rates", "Give at least one rate before you turn this on.")
        return FormulaTerms(
            is_on=self.is_on,
            currency=self.currency if rates else "",
            rates=rates,
            sources={platform: self.sources[platform].strip() for platform in rates},
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "is_on": self.is_on,
            "currency": self.currency,
            "rates": {
                platform: {name: plain(rate) for name, rate in own.items()}
                for platform, own in self.rates.items()
            },
            "sources": dict(self.sources),
        }


def read_rates(document: Mapping[str, Mapping[str, str]]) -> Rates:
    """What `to_json` wrote, as numbers."""
    return {
        platform: {name: Decimal(text) for name, text in own.items()}
        for platform, own in document.items()
    }


def read_rate(field_name: str, text: str) -> Decimal:
    """:raises FormulaRefused: if it is no number."""
    try:
        # Decimal reads "١", "1_000" and spaces as well; people here write 0.5.
        if len(text) <= 40 and text.isascii() and "_" not in text:
            return Decimal(text)
    except InvalidOperation:
        pass
    raise FormulaRefused(field_name, "Write a number such as 0.5.")


def plain(rate: Decimal) -> str:
    """0.50 as ``0.5``, never with an exponent."""
    return f"{rate.normalize():f}"


def _check_rate(platform: str, interaction: str, rate: Decimal) -> None:
    place = f"rates.{platform[:40]}.{interaction[:40]}"
    if platform not in RATED:
        raise FormulaRefused(place, _no_platform())
    if interaction not in RATED[platform]:
        raise FormulaRefused(place, f"Rates there are for {', '.join(RATED[platform])}.")
    if not rate.is_finite() or not 0 <= rate <= LARGEST_RATE:
        raise FormulaRefused(place, f"From 0 to {LARGEST_RATE:,f} minor units.")
    if -int(rate.normalize().as_tuple().exponent) > MOST_PLACES:
        raise FormulaRefused(place, f"At most {MOST_PLACES} decimal places of a minor unit.")


def _check_source(platform: str, text: str) -> None:
    if not 1 <= len(text.strip()) <= LONGEST_SOURCE or "\x00" in text:
        raise FormulaRefused(
            f"sources.{platform}",
            f"Say where these rates are from, in 1 to {LONGEST_SOURCE} characters.",
        )


def _no_platform() -> str:
    return f"Platforms are {', '.join(RATED)}."
