"""Prices known here as rows of the price model: asked, imported, and agreed in campaigns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from accounts.money import to_major
from campaigns.results.lessons import list_price_outcomes
from scoring.ml.prices.facts import AGREED, MarketRow
from scoring.models import MarketPrice
from scoring.pricing.deliverables import named_in

FARTHEST: Final = 16
NAMED_FACTS: Final = (
    "engagement_rate", "authenticity", "niche", "country", "campaign_type", "month",
    "median_views", "expected_views", "median_interactions", "follower_growth",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Which rows: of one kind of market, known by ``as_of``, of ``platforms`` if named.

    :param not_of: the key of a creator who is left out.
    :param sizes: only creators with a sixteenth of the least to sixteen times the most of these
        followers.
    """

    simulated: bool
    as_of: datetime
    platforms: frozenset[str] = frozenset()
    not_of: str = ""
    sizes: tuple[float, ...] = ()

    @property
    def reach(self) -> tuple[float, float] | None:
        return (min(self.sizes) / FARTHEST, max(self.sizes) * FARTHEST) if self.sizes else None

    def reaches(self, followers: float | None) -> bool:
        reach = self.reach
        return reach is None or (followers is not None and reach[0] <= followers <= reach[1])


def creator_key(creator_id: int) -> str:
    """What stands for a creator of this site in rows; rows of files have keys of their own."""
    return f"creator:{creator_id}"


def read_market_rows(scope: Scope) -> list[MarketRow]:
    """Every price that counts, one for each creator, deliverable, kind and day. Three queries.

    What was agreed here comes from outcomes. A price taken back the same day counts for nothing.
    """
    rows: dict[tuple[Any, ...], MarketRow] = {}
    for price in recorded_prices(scope).iterator(chunk_size=2_000):
        key: tuple[Any, ...] = (
            price.creator_key, price.platform, price.deliverable, price.kind, price.priced_on,
        )  # fmt: skip
        rows.pop(key, None)
        if price.price_minor is not None and price.creator_key != scope.not_of:
            rows[key] = recorded_row(price)
    for row in _agreed(scope):
        if row.creator_key != scope.not_of:
            key = (row.creator_key, row.platform, row.deliverable, row.kind, row.priced_at)
            rows[key] = row
    return list(rows.values())


def recorded_prices(scope: Scope) -> QuerySet[MarketPrice]:
    """Rows of the table, the oldest record first, so that of two for a day the later counts."""
    found = MarketPrice.objects.filter(
        is_simulated=scope.simulated,
        recorded_at__lte=scope.as_of,
        priced_on__lte=scope.as_of.date(),
    )
    if (reach := scope.reach) is not None:
        found = found.filter(followers__range=(int(reach[0]), int(reach[1]) + 1))
    if scope.platforms:
        found = found.filter(platform__in=scope.platforms)
    return found.order_by("pk")


def recorded_row(price: MarketPrice) -> MarketRow:
    """:param price: one that was not taken back."""
    assert price.price_minor is not None
    facts = {name: price.facts[name] for name in NAMED_FACTS if name in price.facts}
    return MarketRow(
        platform=price.platform,
        deliverable=price.deliverable,
        followers=price.followers,
        price=float(to_major(price.price_minor, price.currency)),
        currency=price.currency,
        priced_at=price.priced_on,
        creator_key=price.creator_key,
        kind="agreed" if price.kind == MarketPrice.Kind.AGREED else "asked",
        simulated=price.is_simulated,
        **facts,
    )


def _agreed(scope: Scope) -> Iterator[MarketRow]:
    for row in list_price_outcomes(simulated=scope.simulated):
        agreed_at = datetime.fromisoformat(row["as_of"])
        if bool(row["simulated"]) != scope.simulated or agreed_at > scope.as_of:
            continue
        if scope.platforms and row["platform"] not in scope.platforms:
            continue
        if not scope.reaches(row["followers"]):
            continue
        yield agreed_row(row, agreed_at.date())


def agreed_row(row: dict[str, Any], day: date) -> MarketRow:
    """A row of `list_price_outcomes` as the model reads it."""
    engagement = row["engagement_rate_30d"]
    return MarketRow(
        platform=row["platform"],
        deliverable=named_in(row["kind"], row["platform"]),
        followers=row["followers"],
        price=float(row["price"]),
        currency=row["currency"],
        priced_at=day,
        creator_key=creator_key(row["creator_id"]),
        kind=AGREED,
        simulated=bool(row["simulated"]),
        engagement_rate=row["engagement_rate"] if engagement is None else engagement,
        median_views=row["median_views_30d"],
        expected_views=row["expected_views"],
    )
