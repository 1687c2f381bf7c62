"""Comparable prices, without saying whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from accounts.money import to_minor
from scoring.ml.prices.comparables import nearest_rows, recent_market
from scoring.ml.prices.facts import MarketRow, PriceRequest, market_of
from scoring.ml.prices.suggestions import RecentMarket

FEWEST_CREATORS: Final = 5
"""With fewer creators a price could be told to be somebody's, and none is shown."""
SHOWN: Final = 8


@dataclass(frozen=True)
class ComparablePrice:
    """Somebody's price, blurred: counts only as far as five creators share them, and no day.

    ``distance`` 1 is as far as twice the followers (`scoring.ml.prices.comparables`).
    """

    deliverable: str
    kind: str
    price_minor: int
    currency: str
    followers: int | None
    engagement_rate: float | None
    niche: str
    month: date | None
    distance: float


@dataclass(frozen=True)
class Market:
    """What the prices near a request are; ``note`` says why none are shown, if so."""

    comparables: tuple[ComparablePrice, ...]
    note: str
    recent: RecentMarket
    currency: str


def compare(request: PriceRequest, rows: Sequence[MarketRow], *, on: date) -> Market:
    """Prices near the request, and how they moved over the last year. No query.

    :param request: with its currency named.
    :param rows: of other creators.
    """
    key = (request.platform, request.currency)
    own = [row for row in rows if market_of(row) == key]
    creators = {row.creator_key for row in own}
    recent = recent_market(request, own, now=on)
    if len(creators) < FEWEST_CREATORS:
        note = (
            f"{len(creators) or 'No'} other creator{'' if len(creators) == 1 else 's'} with prices "
            f"in this market {'is' if len(creators) == 1 else 'are'} known here one by one; "
            f"single prices are shown from {FEWEST_CREATORS} on, so that none can be told to be "
            "somebody’s."
        )
        return Market((), note, _unless_few(recent), request.currency)
    found = [
        ComparablePrice(
            deliverable=near.row.deliverable,
            kind=near.row.kind,
            price_minor=to_minor_of(near.row),
            currency=near.row.currency,
            followers=None if near.row.followers is None else round(near.row.followers),
            engagement_rate=near.row.engagement_rate,
            niche=near.row.niche,
            month=near.row.priced_at,
            distance=near.distance,
        )
        for near in nearest_rows(request, own, top=SHOWN, now=on)
    ]
    if len(found) < FEWEST_CREATORS:
        return Market((), "Too few of them can be compared.", _unless_few(recent), request.currency)
    return Market(tuple(found), "", _unless_few(recent), request.currency)


def to_minor_of(row: MarketRow) -> int:
    return to_minor(Decimal(str(row.price)), row.currency)


def _unless_few(recent: RecentMarket) -> RecentMarket:
    """A middle of very few prices says whose they are as well."""
    if recent.creators >= FEWEST_CREATORS:
        return recent
    reason = f"Fewer than {FEWEST_CREATORS} creators near this one have a price of the last year."
    return RecentMarket(
        typical=None,
        average=None,
        prices=recent.prices,
        creators=recent.creators,
        reasons={"typical": reason, "trend": reason},
    )
