"""Rows of a price file, judged cell by cell. Two layouts:

`rates_douyin`: a creator a row, a column per video length; `prices`: a price a row
(docs/prices.md has the columns).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from accounts.importing import cells
from accounts.importing.cells import CellDoubtful, CellRefused
from accounts.money import exponent, to_minor
from scoring.ml.prices.reading import tag_niches
from scoring.ml.pricing_data import PRICE_COLUMNS
from scoring.ml.pricing_features import CURRENCY, PLATFORM, PRICED_DELIVERABLES
from scoring.models import MarketPrice
from scoring.models.prices import LARGEST_MAJOR
from scoring.pricing.currencies import is_currency
from scoring.pricing.deliverables import named_in

RATE_LIST: Final = "rates_douyin"
GENERAL: Final = "prices"
NEEDED: Final[Mapping[str, frozenset[str]]] = {
    RATE_LIST: frozenset({"creator_id", "followers", *PRICE_COLUMNS}),
    GENERAL: frozenset({"creator_id", "platform", "deliverable", "price", "currency", "followers"}),
}
EARLIEST: Final = date(2005, 1, 1)


@dataclass(frozen=True)
class PriceProblem:
    """What is wrong in a row; ``expected`` says what to write instead."""

    row: int
    column: str
    found: str
    expected: str

    @property
    def sentence(self) -> str:
        where = f"row {self.row}" + (f", column {self.column}" if self.column else "")
        found = f"found “{self.found}”, " if self.found else ""
        return f"{where}: {found}expected {self.expected}"


@dataclass(frozen=True)
class FilePrice:
    """One price of a file. ``creator`` is what the file calls its creator."""

    row: int
    creator: str
    platform: str
    deliverable: str
    kind: str
    price_minor: int
    currency: str
    priced_on: date
    followers: int | None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, str, date]:
        """Of several prices with the same key one counts."""
        return (self.creator, self.platform, self.deliverable, self.kind, self.priced_on)


Cell = Callable[[str], Any]


def layout_of(names: frozenset[str]) -> str | None:
    return next((layout for layout, needed in NEEDED.items() if needed <= names), None)


class RowReader:
    """:param day: of prices whose row has no date; not after ``today``."""

    def __init__(self, layout: str, *, day: date, today: date) -> None:
        self.layout = layout
        self.day = day
        self.today = today

    def read(self, row: int, said: Mapping[str, str]) -> tuple[list[FilePrice], list[PriceProblem]]:
        """The prices of a row, and what is wrong in it. Empty cells are left out of ``said``."""
        cursor = _Row(row, said)
        creator = cursor.needed("creator_id", cells.text(limit=64))
        followers = cursor.optional("followers", _followers)
        if self.layout == RATE_LIST:
            found = list(self._rate_list(cursor, creator, followers))
        else:
            found = list(self._general(cursor, creator, followers))
        return ([] if cursor.problems else found), cursor.problems

    def _rate_list(self, row: "_Row", creator: str, followers: int | None) -> Iterator[FilePrice]:
        platform = row.optional("platform", cells.platform) or PLATFORM
        currency = row.optional("currency", _currency) or CURRENCY
        facts = {
            "engagement_rate": row.optional("engagement_rate_30d", cells.ratio(limit=10)),
            "median_views": row.optional("median_views_30d", cells.quantity),
            "expected_views": row.optional("expected_views", cells.quantity),
            "median_interactions": row.optional("median_interactions_30d", cells.quantity),
            "niche": tag_niches(row.said.get("tags")),
        }
        change = row.optional("follower_change_15d", cells.change)
        if change is not None and followers:
            facts["follower_growth"] = round(change / followers, 6)
        for column, deliverable in zip(PRICE_COLUMNS, PRICED_DELIVERABLES, strict=True):
            price = row.optional(column, _price)
            if price is not None:
                yield FilePrice(
                    row=row.number,
                    creator=creator,
                    platform=platform,
                    deliverable=deliverable,
                    kind=MarketPrice.Kind.ASKED,
                    price_minor=to_minor(price, currency),
                    currency=currency,
                    priced_on=self.day,
                    followers=followers,
                    facts=_known(facts),
                )

    def _general(self, row: "_Row", creator: str, followers: int | None) -> Iterator[FilePrice]:
        platform = row.needed("platform", cells.platform)
        deliverable = row.needed("deliverable", cells.one_line(limit=40))
        currency = row.needed("currency", _currency)
        price = row.needed("price", _price)
        kind = row.optional("kind", _kind) or MarketPrice.Kind.ASKED
        priced_on = row.optional("priced_on", self._day) or self.day
        facts = {
            "engagement_rate": row.optional("engagement_rate", cells.ratio(limit=10)),
            "authenticity": row.optional("authenticity", _share),
            "niche": row.optional("niche", cells.one_line(limit=120)),
            "country": row.optional("country", cells.one_line(limit=80)),
            "campaign_type": row.optional("campaign_type", cells.one_line(limit=40)),
            "month": row.optional("month", _month),
            "median_views": row.optional("median_views", cells.quantity),
            "expected_views": row.optional("expected_views", cells.quantity),
            "median_interactions": row.optional("median_interactions", cells.quantity),
        }
        if row.problems:
            return
        if to_minor(price, currency) < 1:
            row.refuse("price", str(price), f"at least one smallest unit of {currency}")
        elif price != price.quantize(Decimal(1).scaleb(-exponent(currency))):
            row.refuse("price", str(price), f"at most {exponent(currency)} decimal places")
        yield FilePrice(
            row=row.number,
            creator=creator,
            platform=platform,
            deliverable=named_in(deliverable, platform),
            kind=kind,
            price_minor=to_minor(price, currency),
            currency=currency,
            priced_on=priced_on,
            followers=followers,
            facts=_known(facts),
        )

    def _day(self, text: str) -> date:
        day = cells.day(text[:10])
        if not EARLIEST <= day <= self.today:
            raise CellRefused(f"a day from {EARLIEST} to {self.today}")
        return day


class _Row:
    """Cells of one row; what is wrong is collected, not raised."""

    def __init__(self, number: int, said: Mapping[str, str]) -> None:
        self.number = number
        self.said = said
        self.problems: list[PriceProblem] = []

    def optional(self, column: str, parse: Cell) -> Any:
        text = self.said.get(column, "")
        if not text:
            return None
        if "\x00" in text:
            return self.refuse(column, "", "text without NUL characters")
        try:
            return parse(text)
        except CellDoubtful:
            return None
        except CellRefused as error:
            return self.refuse(column, text, str(error))

    def needed(self, column: str, parse: Cell) -> Any:
        if not self.said.get(column):
            return self.refuse(column, "", "a value; the cell is empty")
        return self.optional(column, parse)

    def refuse(self, column: str, found: str, expected: str) -> None:
        self.problems.append(PriceProblem(self.number, column, found[:60], expected))


def _price(text: str) -> Decimal:
    expected = "a price above 0 and below 1,000,000,000, such as 1200 or 1200.50"
    try:
        price = Decimal(text)
    except InvalidOperation as error:
        raise CellRefused(expected) from error
    if not price.is_finite() or not 0 < price < LARGEST_MAJOR:
        raise CellRefused(f"{expected}; leave the cell empty where there is no price")
    return price


def _followers(text: str) -> int:
    """An unknown count is an empty cell: nobody with a price has no followers."""
    found = cells.count(text)
    if found < 1:
        raise CellRefused("a whole number above 0; leave the cell empty where it is unknown")
    return found


def _currency(text: str) -> str:
    if not is_currency(text.upper()):
        raise CellRefused("a currency code such as EUR")
    return text.upper()


def _kind(text: str) -> str:
    if text.lower() not in MarketPrice.Kind.values:
        raise CellRefused("asked or agreed")
    return text.lower()


def _share(text: str) -> float:
    found = float(cells.ratio(limit=10)(text))
    if found > 1:
        raise CellRefused("a share from 0 to 1")
    return found


def _month(text: str) -> int:
    found = cells.count(text)
    if found not in range(1, 13):
        raise CellRefused("a month from 1 to 12")
    return found


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, "")}
