"""Price files as market rows: the rate list of a creator marketplace, and a general layout.

General layout, one row per price:

- `platform`, `deliverable` (or `deliverable_type`, or `kind`), `currency`: names
- `price`: major units, above zero; `followers`: a count, above zero
- `creator_id`: without it each row counts as its own creator
- `priced_at` (or `as_of`): ISO date or time
- `kind`: "asked" or "agreed"; an export of outcomes (`outcome_id`) is of agreed prices
- may be missing: `engagement_rate`, `authenticity` (0 to 1), `niche` (several parted by ";"),
  `country`, `campaign_type`, `month`, `median_views`, `expected_views`,
  `median_interactions`, `follower_growth` (share in 15 days), `simulated` (0 or 1)

The rate list has one row per creator and a column per video length instead
(`price_1_20s`, `price_21_60s`, `price_over_60s`); platform and currency it lacks are Douyin, CNY.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from scoring.ml.prices.facts import AGREED, ASKED, MarketRow, is_usable, known_positive
from scoring.ml.pricing_data import PRICE_COLUMNS
from scoring.ml.pricing_features import CURRENCY, PLATFORM, PRICED_DELIVERABLES
from scoring.ml.tables import Layout, Table, TableError, read_table

NUMBERS: Final = (
    "followers",
    "engagement_rate",
    "engagement_rate_30d",
    "authenticity",
    "month",
    "median_views",
    "median_views_30d",
    "expected_views",
    "median_interactions",
    "median_interactions_30d",
    "follower_growth",
    "follower_change_15d",
    "simulated",
    "price",
    *PRICE_COLUMNS,
)
TEXTS: Final = (
    "platform",
    "creator_id",
    "deliverable",
    "deliverable_type",
    "kind",
    "currency",
    "priced_at",
    "as_of",
    "outcome_id",
    "niche",
    "tags",
    "country",
    "campaign_type",
)
LAYOUT: Final = Layout(
    numbers=NUMBERS, texts=TEXTS, needed_any=("followers", "price", *PRICE_COLUMNS)
)
MOST_NAMED: Final = 20
KINDS: Final = (ASKED, AGREED)

TAG_NICHES: Final = {
    "时尚": "fashion",
    "美妆": "beauty",
    "测评": "reviews",
    "生活": "lifestyle",
    "随拍": "lifestyle",
    "剧情搞笑": "comedians",
    "美食": "food",
    "母婴亲子": "mothers",
    "影视娱乐": "cinema",
    "汽车": "racing",
    "运动健身": "fitness",
    "游戏": "gaming",
    "生活家居": "home-decor",
    "舞蹈": "dancers",
    "旅行": "travel",
    "音乐": "music",
    "教育培训": "education",
    "萌宠": "pets",
    "二次元": "comics",
}
"""First-level tags of the rate list in words of Fairground's niches where it has one."""


@dataclass(frozen=True)
class PriceFile:
    """`rows` can be learned from; `passed_over` says per row number (header 1) why one cannot.

    Cells without a price are no rows and not named. `lines` are rows of the file.
    """

    rows: tuple[MarketRow, ...]
    lines: int
    passed_over: tuple[str, ...]
    passed_over_count: int


def read_prices(path: Path) -> PriceFile:
    """Read either layout; a file may hold both kinds of column.

    :raises TableError: not a readable table, or prices without followers.
    """
    table = read_table(path, LAYOUT)
    if "followers" not in table.columns:
        raise TableError(f"{path} lacks the column followers; prices cannot be compared without.")
    rows, bad = [], []
    for line, row in _rows(table, path.name):
        if isinstance(row, str):
            bad.append(f"row {line + 2}: {row}")
        else:
            rows.append(row)
    return PriceFile(tuple(rows), table.rows, tuple(bad[:MOST_NAMED]), len(bad))


def tag_niches(text: str | None) -> str:
    """Niches of a tag cell like {"美食":["美食测评"]}, parted by ";"; "" where unreadable."""
    if not text:
        return ""
    try:
        tags = json.loads(text)
    except ValueError:
        return ""
    names = tags if isinstance(tags, dict | list) else []
    found = (TAG_NICHES.get(str(name), str(name)) for name in names)
    return ";".join(dict.fromkeys(name.replace(";", " ") for name in found))


def _rows(table: Table, file: str) -> Iterator[tuple[int, MarketRow | str]]:
    columns = _Columns(table, file)
    is_rate_list = any(name in table.columns for name in PRICE_COLUMNS)
    for line in range(table.rows):
        if "price" in table.columns and columns.number(line, "price") is not None:
            yield line, columns.general_row(line)
            continue  # an export writes the same price in both layouts
        if not is_rate_list:
            continue
        for column, deliverable in zip(PRICE_COLUMNS, PRICED_DELIVERABLES, strict=True):
            price = columns.number(line, column)
            if price is not None:
                yield line, columns.row(line, deliverable, price, ASKED)


class _Columns:
    """Cells of a table as Python values, None where empty or missing."""

    def __init__(self, table: Table, file: str) -> None:
        self.file = file
        self.has_outcomes = "outcome_id" in table.columns
        self.numbers = {name: table.number(name) for name in NUMBERS if name in table.columns}
        self.texts = {name: table.text(name) for name in TEXTS if name in table.columns}

    def number(self, line: int, *names: str) -> float | None:
        """The first of the columns that has a value."""
        for name in names:
            if name in self.numbers and not np.isnan(self.numbers[name][line]):
                return float(self.numbers[name][line])
        return None

    def text(self, line: int, *names: str) -> str:
        for name in names:
            value = self.texts[name][line] if name in self.texts else None
            if value is not None:
                return str(value)
        return ""

    def growth(self, line: int) -> float | None:
        """Of the last 15 days, as a share of the followers."""
        change = self.number(line, "follower_change_15d")
        followers = known_positive(self.number(line, "followers"))
        if change is None or followers is None:
            return self.number(line, "follower_growth")
        return change / followers

    def general_row(self, line: int) -> MarketRow | str:
        kind = self.text(line, "kind").lower()
        deliverable = self.text(line, "deliverable", "deliverable_type")
        if not deliverable and kind not in KINDS:
            deliverable = kind
        if not deliverable:
            return "no deliverable"
        if kind not in KINDS:
            kind = AGREED if self.has_outcomes else ASKED
        return self.row(line, deliverable, self.number(line, "price") or 0.0, kind)

    def row(self, line: int, deliverable: str, price: float, kind: str) -> MarketRow | str:
        is_rate_list = deliverable in PRICED_DELIVERABLES
        platform = self.text(line, "platform") or (PLATFORM if is_rate_list else "")
        currency = self.text(line, "currency") or (CURRENCY if is_rate_list else "")
        month = self.number(line, "month")
        day = _day(self.text(line, "priced_at", "as_of"))
        for missing, value in (("platform", platform), ("currency", currency)):
            if not value:
                return f"no {missing}"
        if isinstance(day, str):
            return day
        if month is not None and month not in range(1, 13):
            return f"{month:g} is no month"
        facts: dict[str, Any] = {
            "engagement_rate": self.number(line, "engagement_rate", "engagement_rate_30d"),
            "authenticity": self.number(line, "authenticity"),
            "niche": self.text(line, "niche") or tag_niches(self.text(line, "tags")),
            "country": self.text(line, "country"),
            "campaign_type": self.text(line, "campaign_type"),
            "month": None if month is None else int(month),
            "median_views": self.number(line, "median_views", "median_views_30d"),
            "expected_views": self.number(line, "expected_views"),
            "median_interactions": self.number(
                line, "median_interactions", "median_interactions_30d"
            ),
            "follower_growth": self.growth(line),
        }
        row = MarketRow(
            platform=platform,
            deliverable=deliverable,
            followers=self.number(line, "followers"),
            price=price,
            currency=currency,
            priced_at=day,
            creator_key=self.text(line, "creator_id") or f"{self.file} row {line + 2}",
            kind="agreed" if kind == AGREED else "asked",
            simulated=bool(self.number(line, "simulated")),
            **facts,
        )
        if is_usable(row):
            return row
        return "no followers above zero" if price > 0 else f"the price {price:g} is not above zero"


def _day(text: str) -> date | str | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return f"{text[:20]!r} is no date"
