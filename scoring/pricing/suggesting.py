"""A price for one piece of work by one account: a range, why, and how such ranges did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.models import SocialAccount
from scoring.ml.prices.facts import PriceRequest
from scoring.ml.prices.suggestions import NoComparableMarketData, PriceSuggestion
from scoring.pricing.checks import Held, count_held
from scoring.pricing.comparing import ComparablePrice, Market, compare
from scoring.pricing.currencies import Conversion, find_rate, is_currency
from scoring.pricing.errors import NoMarketData, PriceRefused
from scoring.pricing.knowing import Known, know_accounts, market_facts
from scoring.pricing.market_rows import Scope, creator_key, read_market_rows
from scoring.pricing.quoting import Asked
from scoring.pricing.serving import Answered, answer, list_offered, list_quoters


@dataclass(frozen=True)
class Coverage:
    """How often such ranges held the price.

    ``nominal`` was aimed at. ``held_out`` is of prices by creators not learned from, with its
    95 % interval, over ``held_out_prices`` of ``part`` (a size of creators, or "all").
    ``observed`` is of prices agreed later than what was learned; None where there are none.
    """

    nominal: float
    held_out: float
    held_out_low: float
    held_out_high: float
    held_out_prices: int
    part: str
    observed: float | None
    observed_prices: int


@dataclass(frozen=True)
class Suggestion:
    """Prices in minor units of ``currency``, min <= suggested <= max.

    ``factors`` are premiums against the typical priced piece of the market, None where it
    cannot say; ``unsupported`` says why. ``conversion`` is None in the market's own currency.
    """

    account_id: int
    platform: str
    deliverable: str
    currency: str
    min_minor: int
    suggested_minor: int
    max_minor: int
    confidence: float
    coverage: Coverage
    factors: Mapping[str, float | None]
    unsupported: Mapping[str, str]
    comparables: tuple[ComparablePrice, ...]
    comparables_note: str
    market: Market
    comparable_creators: int
    basis: str
    model_version: str
    simulated: bool
    as_of: datetime
    conversion: Conversion | None


Suggested = Suggestion | NoMarketData


def list_deliverables(account: SocialAccount) -> tuple[str, ...]:
    """What can be priced on the account's platform, or is usually. One query."""
    quoters = list_quoters(simulated=account.creator.is_simulated)
    return list_offered(account.platform, quoters=quoters)


def suggest_price(
    *,
    account: SocialAccount,
    deliverable: str,
    currency: str = "",
    campaign_type: str = "",
    month: int | None = None,
    now: datetime,
) -> Suggestion:
    """A price range with comparable prices of others. About ten queries.

    :param currency: "" is the market's own; another is converted to.
    :param month: 1 to 12, when the work is to appear.
    :raises NoMarketData: if no prices of comparable creators are known.
    :raises PriceRefused: an unknown currency, a month that is none.
    :raises RateMissing: if there is no rate to convert with.
    """
    [found] = suggest_prices(
        account=account,
        deliverables=[deliverable],
        currency=currency,
        campaign_type=campaign_type,
        month=month,
        now=now,
    ).values()
    if isinstance(found, NoMarketData):
        raise found
    return found


def suggest_prices(
    *,
    account: SocialAccount,
    deliverables: Sequence[str] | None = None,
    currency: str = "",
    campaign_type: str = "",
    month: int | None = None,
    now: datetime,
) -> dict[str, Suggested]:
    """Deliverable → its suggestion, or why there is none; all that are offered by default.

    As many queries as for one. Raises as `suggest_price`, but for `NoMarketData`.
    """
    _check(currency, month)
    quoters = list_quoters(simulated=account.creator.is_simulated)
    if deliverables is None:
        deliverables = list_offered(account.platform, quoters=quoters)
    [known] = know_accounts([account], as_of=now)
    works = [Asked({}, name, campaign_type, month) for name in deliverables]
    [answers] = answer([known], [works], quoters=quoters, on=now.date())
    if not any(one.suggestion for one in answers):
        return {name: _refusal(one) for name, one in zip(deliverables, answers, strict=True)}
    reader = _Reader(account, known, now, currency)
    return {
        work.deliverable: reader.suggestion(work, one)
        for work, one in zip(works, answers, strict=True)
    }


class _Reader:
    """Adds to quotes what the market's rows and later agreements say; reads each once."""

    def __init__(self, account: SocialAccount, known: Known, now: datetime, currency: str) -> None:
        self.account = account
        self.facts = market_facts(known)
        self.now = now
        self.currency = currency
        simulated = account.creator.is_simulated
        scope = Scope(
            simulated=simulated,
            as_of=now,
            platform=account.platform,
            not_of=creator_key(account.creator_id),
            followers=self.facts["followers"],
        )
        self.rows = read_market_rows(scope)
        self.held = count_held(simulated=simulated, platform=account.platform)
        self._conversions: dict[str, Conversion] = {}

    def suggestion(self, work: Asked, answered: Answered) -> Suggested:
        quote = answered.suggestion
        if quote is None:
            return _refusal(answered)
        request = PriceRequest(
            **self.facts,
            platform=quote.platform,
            deliverable=quote.deliverable,
            campaign_type=work.campaign_type,
            month=work.month,
            currency=quote.currency,
        )
        market = compare(request, self.rows, on=self.now.date())
        conversion = self._conversion(quote.currency)
        lowest, middle, highest = (
            conversion.apply(minor) if conversion else minor
            for minor in (quote.min_minor, quote.suggested_minor, quote.max_minor)
        )
        return Suggestion(
            account_id=self.account.pk,
            platform=self.account.platform,
            deliverable=work.deliverable,
            currency=conversion.quote if conversion else quote.currency,
            min_minor=lowest,
            suggested_minor=middle,
            max_minor=highest,
            confidence=quote.confidence,
            coverage=coverage_of(quote, self.held),
            factors=quote.factors,
            unsupported=quote.unsupported,
            comparables=self._converted(market, conversion),
            comparables_note=market.note,
            market=market,
            comparable_creators=quote.comparable_creators,
            basis=quote.basis,
            model_version=answered.quoter.version,
            simulated=quote.simulated,
            as_of=self.now,
            conversion=conversion,
        )

    def _conversion(self, market_currency: str) -> Conversion | None:
        if self.currency in ("", market_currency):
            return None
        if market_currency not in self._conversions:
            on: date = self.now.date()
            self._conversions[market_currency] = find_rate(market_currency, self.currency, on)
        return self._conversions[market_currency]

    def _converted(
        self, market: Market, conversion: Conversion | None
    ) -> tuple[ComparablePrice, ...]:
        if conversion is None:
            return market.comparables
        return tuple(
            replace(one, price_minor=conversion.apply(one.price_minor), currency=conversion.quote)
            for one in market.comparables
        )


def coverage_of(quote: PriceSuggestion, held: Held) -> Coverage:
    stated = quote.coverage
    return Coverage(
        nominal=stated.nominal,
        held_out=stated.observed,
        held_out_low=stated.low,
        held_out_high=stated.high,
        held_out_prices=stated.prices,
        part=stated.part,
        observed=held.share,
        observed_prices=held.prices,
    )


def _refusal(answered: Answered) -> NoMarketData:
    quote = answered.quote
    assert isinstance(quote, NoComparableMarketData)
    return NoMarketData(quote.reason, details={"nearest": list(quote.nearest)})


def _check(currency: str, month: int | None) -> None:
    if currency and not is_currency(currency):
        raise PriceRefused(
            f"“{currency[:12]}” is no currency known here; write its code, such as EUR.",
            field="currency",
        )
    if month is not None and month not in range(1, 13):
        raise PriceRefused("Months are 1 to 12.", field="month")
