"""One account's prices as pages show them: suggested, beside what the creator asks."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Creator, SocialAccount
from scoring import registry
from scoring.models import MarketPrice
from scoring.pricing.deliverables import deliverables_on
from scoring.pricing.errors import NoMarketData
from scoring.pricing.rate_cards import get_cards
from scoring.pricing.suggesting import Suggested, Suggestion, suggest_for_creator


@dataclass(frozen=True)
class Line:
    """One kind of work; ``suggestion`` or ``refusal``, and what the creator asks."""

    deliverable: str
    found: Suggested
    asked: MarketPrice | None

    @property
    def suggestion(self) -> Suggestion | None:
        return self.found if isinstance(self.found, Suggestion) else None

    @property
    def refusal(self) -> str:
        return "" if isinstance(self.found, Suggestion) else self.found.message

    @property
    def is_asked_outside(self) -> str:
        """Where the creator asks in the same currency: ``above``, ``below`` or ""."""
        one, asked = self.suggestion, self.asked
        if one is None or asked is None or asked.price_minor is None:
            return ""
        if asked.currency != one.currency:
            return ""
        if asked.price_minor > one.max_minor:
            return "above"
        return "below" if asked.price_minor < one.min_minor else ""


@dataclass(frozen=True)
class PriceSheet:
    account: SocialAccount
    lines: list[Line]

    @property
    def priced(self) -> list[Line]:
        return [line for line in self.lines if line.suggestion]

    @property
    def main(self) -> Suggestion | None:
        """What stands behind the prices is told once, of the first."""
        return next((line.suggestion for line in self.lines if line.suggestion), None)

    @property
    def asked(self) -> list[Line]:
        return [line for line in self.lines if line.asked]

    @property
    def refusal(self) -> str:
        """Why there is no suggestion at all; "" if there is one."""
        return "" if self.priced or not self.lines else self.lines[0].refusal


def sheets_of(creator: Creator, *, now: datetime) -> list[PriceSheet]:
    """Every account's, in their order, without suggestions while no model can make them.

    About nine queries, however many accounts.
    """
    accounts = list(creator.accounts.select_related("creator").order_by("pk"))
    cards = get_cards(accounts)
    try:
        found = suggest_for_creator(accounts=accounts, now=now)
    except registry.NO_MODEL:
        away = NoMarketData("Prices cannot be suggested now: no model for them is active.")
        found = {
            account.pk: dict.fromkeys(deliverables_on(account.platform), away)
            for account in accounts
        }
    return [
        PriceSheet(account, _lines(found[account.pk], cards.get(account.pk, {})))
        for account in accounts
    ]


def _lines(found: dict[str, Suggested], card: dict[str, MarketPrice]) -> list[Line]:
    gone = NoMarketData("No comparable market data: it is no longer priced here.")
    names = [*found, *(name for name in card if name not in found)]
    return [Line(name, found.get(name, gone), card.get(name)) for name in names]
