"""Whether ranges held the prices that were agreed after they could be shown.

A check is computed as of just before the agreement: with the facts recorded by then and the
model that answered then. So nothing has to be remembered of who looked at what, and anybody can
compute a check again. What was agreed before any model of its market answered is not checked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import structlog
from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.errors import DomainError
from accounts.models import Platform, SocialAccount
from campaigns.models import Outcome
from scoring import registry
from scoring.ml.prices.monitoring import CoverageReport, coverage_report
from scoring.ml.prices.suggestions import PriceSuggestion
from scoring.models import MarketPrice, PriceCheck, PriceModelState, Score
from scoring.pricing.deliverables import named_in
from scoring.pricing.knowing import know_accounts
from scoring.pricing.market_rows import NAMED_FACTS
from scoring.pricing.quoting import Asked, Quoter
from scoring.pricing.serving import quoter_of, shipped_quoter
from scoring.pricing.states import version_of

log = structlog.get_logger(__name__)

INSIDE = Q(price_minor__gte=F("low_minor"), price_minor__lte=F("high_minor"))


@dataclass(frozen=True)
class Held:
    """``held`` of ``prices`` agreed later lay in their ranges."""

    held: int
    prices: int

    @property
    def share(self) -> float | None:
        return self.held / self.prices if self.prices else None


@dataclass(frozen=True)
class Watched:
    """How ranges of one platform did; real and simulated agreements apart."""

    platform: str
    simulated: bool
    report: CoverageReport

    @property
    def platform_label(self) -> str:
        return Platform(self.platform).label


def count_held(*, simulated: bool) -> dict[str, Held]:
    """Platform → how its ranges did, of all agreements there. One query."""
    counts = (
        PriceCheck.objects.filter(is_simulated=simulated)
        .values("platform")
        .annotate(inside=Count("pk", filter=INSIDE), prices=Count("pk"))
        .values_list("platform", "inside", "prices")
        .order_by()
    )
    return {platform: Held(held, prices) for platform, held, prices in counts}


def watch_ranges() -> list[Watched]:
    """Every platform with checks: what was held, and whether it drifted. One query."""
    rows = PriceCheck.objects.values_list(
        "is_simulated", "platform", "low_minor", "high_minor", "price_minor", "nominal",
        "deliverable__collaboration__creator_id", "market_price__creator_key",
    ).order_by("is_simulated", "platform", "agreed_at", "pk")  # fmt: skip
    groups: dict[tuple[bool, str], list[Any]] = {}
    for row in rows:
        groups.setdefault((row[0], row[1]), []).append(row)
    return [
        Watched(
            platform=platform,
            simulated=simulated,
            report=coverage_report(
                [(row[2], row[3]) for row in own],
                [row[4] for row in own],
                nominal=sum(row[5] for row in own) / len(own),
                creators=[row[7] or f"creator:{row[6]}" for row in own],
            ),
        )
        for (simulated, platform), own in groups.items()
    ]


def record_checks(*, now: datetime) -> int:
    """Check every agreement that is not checked yet; how many were added.

    Asking again adds nothing. A platform whose ranges drifted is named in the log.
    """
    answering = _Answering()
    found = [*_check_outcomes(answering, now), *_check_prices(answering, now)]
    PriceCheck.objects.bulk_create(found, ignore_conflicts=True, batch_size=1_000)
    for watched in watch_ranges():
        if watched.report.verdict == "drifted":
            log.warning(
                "price_ranges_drifted",
                platform=watched.platform,
                simulated=watched.simulated,
                observed=watched.report.observed,
                nominal=watched.report.nominal,
            )
    return len(found)


class _Answering:
    """Who answered at a moment: the newest state of then, else the shipped model."""

    def __init__(self) -> None:
        self.states = list(
            PriceModelState.objects.filter(serves=True)
            .order_by("-created_at")
            .values_list("created_at", "is_simulated", "pk")
        )
        self.shipped: list[tuple[datetime, Quoter]] = []
        try:
            task = Score.Task.PRICE
            trained_at = datetime.fromisoformat(str(registry.get_metadata(task)["trained_at"]))
            self.shipped = [(trained_at, shipped_quoter())]
        except DomainError as error:
            log.warning("price_model_unreadable", error=str(error))

    def first(self) -> datetime | None:
        moments = [one[0] for one in self.states] + [one[0] for one in self.shipped]
        return min(moments, default=None)

    def at(self, moment: datetime, *, simulated: bool) -> Iterator[Quoter]:
        own = [pk for made, kind, pk in self.states if made < moment and kind is simulated]
        if own:
            yield quoter_of(version_of(own[0]))
        yield from (quoter for made, quoter in self.shipped if made < moment)


def _check_outcomes(answering: _Answering, now: datetime) -> Iterator[PriceCheck]:
    first = answering.first()
    if first is None:
        return
    later = Outcome.objects.filter(deliverable=OuterRef("deliverable"), pk__gt=OuterRef("pk"))
    checked = PriceCheck.objects.filter(deliverable=OuterRef("deliverable"))
    outcomes = (
        Outcome.objects.filter(~Exists(later), ~Exists(checked), agreed_at__gt=first)
        .exclude(account=None)
        .select_related("account__creator")
        .order_by("pk")
    )
    for outcome in outcomes.iterator(chunk_size=200):
        account: SocialAccount | None = outcome.account
        assert account is not None
        [known] = know_accounts([account], as_of=outcome.agreed_at)
        kind = named_in(outcome.kind, outcome.platform)
        for quoter in answering.at(outcome.agreed_at, simulated=outcome.is_simulated):
            asked = Asked(quoter.inputs_of(known), kind, currency=outcome.currency)
            [quote] = quoter.quote([asked], on=outcome.agreed_at.date())
            if isinstance(quote, PriceSuggestion):
                yield _check(
                    quote, quoter, price_minor=outcome.price_minor, agreed_at=outcome.agreed_at,
                    simulated=outcome.is_simulated, now=now, deliverable_id=outcome.deliverable_id,
                )  # fmt: skip
                break


def _check_prices(answering: _Answering, now: datetime) -> Iterator[PriceCheck]:
    """Agreed prices of files: with the facts that came with them."""
    first = answering.first()
    if first is None:
        return
    prices = (
        MarketPrice.objects.filter(
            kind=MarketPrice.Kind.AGREED,
            price_minor__isnull=False,
            priced_on__gt=first.date(),
            checks=None,
        )
        .order_by("pk")
        .iterator(chunk_size=1_000)
    )
    for price in prices:
        agreed_at = datetime.combine(price.priced_on, time(12), tzinfo=UTC)
        for quoter in answering.at(agreed_at, simulated=price.is_simulated):
            [quote] = _quote_of_row(quoter, price)
            if isinstance(quote, PriceSuggestion):
                assert price.price_minor is not None
                yield _check(
                    quote, quoter, price_minor=price.price_minor, agreed_at=agreed_at,
                    simulated=price.is_simulated, now=now, market_price_id=price.pk,
                )  # fmt: skip
                break


def _quote_of_row(quoter: Quoter, price: MarketPrice) -> Sequence[Any]:
    facts = {name: price.facts.get(name) for name in NAMED_FACTS}
    month, campaign = facts.pop("month"), facts.pop("campaign_type")
    texts = {name: facts[name] or "" for name in ("niche", "country")}
    inputs = {"platform": price.platform, "followers": price.followers, **facts, **texts}
    if quoter.feature_set == FIRST_FEATURES:
        return [None]  # it reads facts that rows of files do not have
    asked = Asked(inputs, price.deliverable, campaign or "", month, price.currency)
    return quoter.quote([asked], on=price.priced_on)


FIRST_FEATURES = "creator-market-1"


def _check(
    quote: PriceSuggestion,
    quoter: Quoter,
    *,
    price_minor: int,
    agreed_at: datetime,
    simulated: bool,
    now: datetime,
    **about: int,
) -> PriceCheck:
    return PriceCheck(
        model_version=quoter.version,
        platform=quote.platform,
        kind=quote.deliverable,
        currency=quote.currency,
        price_minor=price_minor,
        low_minor=quote.min_minor,
        suggested_minor=quote.suggested_minor,
        high_minor=quote.max_minor,
        nominal=quote.coverage.nominal,
        is_simulated=simulated,
        agreed_at=agreed_at,
        checked_at=now,
        **about,
    )
