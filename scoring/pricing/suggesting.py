"""A price for one piece of work by one account: a range, why, and how such ranges did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.models import SocialAccount
from scoring.ml.prices.facts import MarketRow, PriceRequest
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
    return suggest_for_creator(
        accounts=[account],
        deliverables=deliverables,
        currency=currency,
        campaign_type=campaign_type,
        month=month,
        now=now,
    )[account.pk]


def suggest_for_creator(
    *,
    accounts: Sequence[SocialAccount],
    deliverables: Sequence[str] | None = None,
    currency: str = "",
    campaign_type: str = "",
    month: int | None = None,
    now: datetime,
) -> dict[int, dict[str, Suggested]]:
    """Account → its prices as `suggest_prices` gives them, in as many queries as for one.

    :param accounts: all of one creator.
    """
    _check(currency, month)
    if not accounts:
        return {}
    simulated = accounts[0].creator.is_simulated
    quoters = list_quoters(simulated=simulated)
    known = know_accounts(accounts, as_of=now)
    works = [
        [
            Asked({}, name, campaign_type, month)
            for name in deliverables or list_offered(account.platform, quoters=quoters)
        ]
        for account in accounts
    ]
    answers = answer(known, works, quoters=quoters, on=now.date())
    market = _KnownMarket(simulated=simulated, now=now, currency=currency)
    if any(one.suggestion for own in answers for one in own):
        market.read(accounts, known)
    return {
        account.pk: {
            work.deliverable: _Reader(account, one, market).suggestion(work, answered)
            for work, answered in zip(own, found, strict=True)
        }
        for account, one, own, found in zip(accounts, known, works, answers, strict=True)
    }


class _KnownMarket:
    """What is read once for all suggestions: others' prices, later agreements, rates."""

    def __init__(self, *, simulated: bool, now: datetime, currency: str) -> None:
        self.simulated = simulated
        self.now = now
        self.currency = currency
        self.rows: list[MarketRow] = []
        self.held: dict[str, Held] = {}
        self._conversions: dict[str, Conversion] = {}

    def read(self, accounts: Sequence[SocialAccount], known: Sequence[Known]) -> None:
        followers = (one.facts["followers"] for one in known)
        scope = Scope(
            simulated=self.simulated,
            as_of=self.now,
            platforms=frozenset(account.platform for account in accounts),
            not_of=creator_key(accounts[0].creator_id),
            sizes=tuple(float(count) for count in followers if count),
        )
        self.rows = read_market_rows(scope)
        self.held = count_held(simulated=self.simulated)

    def conversion(self, market_currency: str) -> Conversion | None:
        """None in the market's own currency. :raises RateMissing: if there is no rate."""
        if self.currency in ("", market_currency):
            return None
        if market_currency not in self._conversions:
            on: date = self.now.date()
            self._conversions[market_currency] = find_rate(market_currency, self.currency, on)
        return self._conversions[market_currency]


class _Reader:
    """Adds to quotes what the market's rows and later agreements say."""

    def __init__(self, account: SocialAccount, known: Known, market: _KnownMarket) -> None:
        self.account = account
        self.facts = market_facts(known)
        self.market = market

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
        market = compare(request, self.market.rows, on=self.market.now.date())
        conversion = self.market.conversion(quote.currency)
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
            coverage=coverage_of(quote, self.market.held.get(self.account.platform, Held(0, 0))),
            factors=quote.factors,
            unsupported=quote.unsupported,
            comparables=self._converted(market, conversion),
            comparables_note=market.note,
            market=market,
            comparable_creators=quote.comparable_creators,
            basis=quote.basis,
            model_version=answered.quoter.version,
            simulated=quote.simulated,
            as_of=self.market.now,
            conversion=conversion,
        )

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
