"""One way to ask every price model there is or was: `Quoter`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from scoring.ml.prices.facts import PriceRequest
from scoring.ml.prices.model import PriceModel
from scoring.ml.prices.suggestions import NoComparableMarketData, PriceSuggestion
from scoring.pricing.knowing import Known, market_facts

Inputs = Mapping[str, Any]
Quote = PriceSuggestion | NoComparableMarketData


@dataclass(frozen=True)
class Asked:
    """One piece of work by the account that ``inputs`` describes.

    ``inputs`` are what the same quoter's `inputs_of` gave, then or now.
    """

    inputs: Inputs
    deliverable: str
    campaign_type: str = ""
    month: int | None = None
    currency: str = ""


class Quoter(Protocol):
    """A price model with its version, ``price/v2`` or ``price/market-3``."""

    version: str
    feature_set: str
    is_simulated: bool

    def inputs_of(self, known: Known) -> dict[str, Any]:
        """What the model reads of an account, JSON-ready."""

    def deliverables_on(self, platform: str) -> tuple[str, ...]:
        """What it may have prices for."""

    def held_out_error(self, platform: str, currency: str) -> float | None:
        """Median absolute percentage error on creators not learned from; None: no such market."""

    def depends_on_day(self, platform: str) -> bool:
        """Whether trend or season are in its prices."""

    def quote(self, asked: Sequence[Asked], *, on: date) -> list[Quote]:
        """One answer each, as on that day."""


class MarketQuoter:
    """The model of markets, shipped or learned here."""

    def __init__(self, model: PriceModel, *, version: str) -> None:
        self.model = model
        self.version = version
        self.feature_set = model.feature_set
        self.is_simulated = model.simulated

    def inputs_of(self, known: Known) -> dict[str, Any]:
        return {"platform": known.platform, **market_facts(known)}

    def deliverables_on(self, platform: str) -> tuple[str, ...]:
        found = (
            market.settings.vocabulary.deliverables
            for key, market in self.model.markets.items()
            if key[0] == platform
        )
        return tuple(dict.fromkeys(name for names in found for name in names))

    def held_out_error(self, platform: str, currency: str) -> float | None:
        market = self.model.markets.get((platform, currency))
        return market.settings.figures["median_ape"] if market else None

    def depends_on_day(self, platform: str) -> bool:
        known = (
            market.settings.vocabulary
            for key, market in self.model.markets.items()
            if key[0] == platform
        )
        return any(one.months or "years" in one.numbers for one in known)

    def quote(self, asked: Sequence[Asked], *, on: date) -> list[Quote]:
        return self.model.suggest([request_of(one) for one in asked], now=on)


def request_of(asked: Asked) -> PriceRequest:
    return PriceRequest(
        **{name: value for name, value in asked.inputs.items() if name in REQUEST_FACTS},
        deliverable=asked.deliverable,
        campaign_type=asked.campaign_type,
        month=asked.month,
        currency=asked.currency,
    )


REQUEST_FACTS = frozenset(
    {
        "platform", "followers", "engagement_rate", "authenticity", "niche", "country",
        "median_views", "expected_views", "median_interactions", "follower_growth",
    }
)  # fmt: skip
