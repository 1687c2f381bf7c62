"""Prices of one piece by each candidate, in the currency of the budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import SocialAccount
from campaigns.terms import BriefTerms
from scoring.budgeting.terms import PlanTerms
from scoring.pricing.currencies import Conversion, find_rate
from scoring.pricing.deliverables import deliverables_on, named_in
from scoring.pricing.errors import RateMissing
from scoring.pricing.knowing import Known
from scoring.pricing.quoting import Asked
from scoring.pricing.serving import answer, list_quoters


@dataclass(frozen=True)
class Price:
    """Minor units of the budget's currency. A price typed by the brand has no range.

    ``coverage`` is the share of prices that such ranges held on creators not learned from.
    """

    low_minor: int
    middle_minor: int
    high_minor: int
    deliverable: str
    source: str
    coverage: float | None = None
    version: str = ""
    conversion: str = ""


def price_work(
    accounts: Sequence[SocialAccount],
    known: Sequence[Known],
    *,
    terms: PlanTerms,
    brief: BriefTerms,
    simulated: bool,
    now: datetime,
) -> list[Price | str]:
    """One price for each account, or why there is none: a name of `candidates.WHY_LEFT_OUT`.

    One piece each: of the kind asked, else the brief's first for the platform, else the plainest.
    One query, and one for each foreign currency.

    :param known: what is known of each account.
    """
    month = brief.publish_by.month if brief.publish_by else None
    works = [
        Asked({}, _deliverable(terms, brief, account.platform), month=month) for account in accounts
    ]
    answers = answer(
        known,
        [[work] for work in works],
        quoters=list_quoters(simulated=simulated),
        on=now.date(),
    )
    rates: dict[str, Conversion | None] = {terms.currency: None}
    found: list[Price | str] = []
    for account, work, [answered] in zip(accounts, works, answers, strict=True):
        own = terms.own_prices.get(account.creator_id)
        if own is not None:
            found.append(Price(own, own, own, work.deliverable, "typed by you"))
            continue
        quote = answered.suggestion
        if quote is None:
            found.append("no_price")
            continue
        if quote.currency not in rates:
            try:
                rates[quote.currency] = find_rate(quote.currency, terms.currency, now.date())
            except RateMissing:
                rates[quote.currency] = None
        rate = rates[quote.currency]
        if rate is None and quote.currency != terms.currency:
            found.append("no_rate")
            continue
        low, middle, high = (
            max(rate.apply(minor) if rate else round(minor), 1)
            for minor in (quote.min_minor, quote.suggested_minor, quote.max_minor)
        )
        found.append(
            Price(
                low_minor=low,
                middle_minor=middle,
                high_minor=high,
                deliverable=work.deliverable,
                source="suggested from the market",
                coverage=quote.coverage.observed,
                version=answered.quoter.version,
                conversion=rate.sentence if rate else "",
            )
        )
    return found


def _deliverable(terms: PlanTerms, brief: BriefTerms, platform: str) -> str:
    if terms.deliverable:
        return named_in(terms.deliverable, platform)
    own = [spec for spec in brief.deliverables if spec.platform in ("", platform)]
    if own:
        return named_in(own[0].kind, platform)
    return next(iter(deliverables_on(platform)), "")
