"""Which columns the prices of one market support."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from scoring.ml.prices.facts import AGREED, MarketRow
from scoring.ml.prices.readings import (
    FACTORS,
    GROUPS,
    KIND,
    MONTHS,
    NAMED,
    NAMES_OF,
    NUMBERS,
    month_of,
    numbers_of,
)

DAYS_PER_YEAR: Final = 365.25
FEWEST_DELIVERABLE_CREATORS: Final = 5
FEWEST_NAMED_CREATORS: Final = 10
FEWEST_KNOWN_SHARE: Final = 0.1
FEWEST_TREND_MONTHS: Final = 12
FEWEST_SEASON_MONTHS: Final = 18
FEWEST_KIND_CREATORS: Final = 20
LATEST_YEARS_AHEAD: Final = 0.25
"""The trend is followed a quarter beyond the newest price, then held."""


@dataclass(frozen=True)
class Vocabulary:
    """The columns a market's rows support, in order: numbers, months, names, kind of price.

    `off` says for each factor without columns why. Years are counted from `epoch`;
    `last_years` is the newest price. A name has a column where enough creators have it.
    """

    numbers: tuple[str, ...]
    months: tuple[int, ...]
    deliverables: tuple[str, ...]
    niches: tuple[str, ...]
    countries: tuple[str, ...]
    campaign_types: tuple[str, ...]
    has_kinds: bool
    epoch: int
    first_years: float
    last_years: float
    off: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        names = [f"{factor}:{name}" for factor in NAMED for name in self.names(factor)]
        months = [MONTHS[month - 1] for month in self.months]
        return (*self.numbers, *months, *names, *([KIND] if self.has_kinds else []))

    def names(self, factor: str) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, NAMED[factor])
        return found

    def places(self) -> dict[str, list[int]]:
        """Factor to the positions of its columns; those of the kind of price are in none."""
        columns = self.columns
        found: dict[str, list[int]] = {}
        for factor in FACTORS:
            members = GROUPS.get(factor, ())
            found[factor] = [
                place
                for place, name in enumerate(columns)
                if name in members or (not members and name.startswith(f"{factor}:"))
            ]
        return found

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Vocabulary:
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in document.items()
        }
        return cls(**values)

    def years_of(self, day: date) -> float:
        return (day.toordinal() - self.epoch) / DAYS_PER_YEAR

    def years_asked(self, now: date) -> float:
        """The time of asking, held within the rows and a quarter of a year after them."""
        return min(max(self.years_of(now), self.first_years), self.last_years + LATEST_YEARS_AHEAD)


def learn_vocabulary(rows: Sequence[MarketRow]) -> Vocabulary:
    """Which columns these rows of one market support; a row counts by its creator."""
    off: dict[str, str] = {}
    names = {factor: _frequent(rows, factor) for factor in NAMED}
    for factor in ("campaign_type", "geography", "niche"):
        if len(names[factor]) < 2 and factor != "niche":
            names[factor] = ()
        if not names[factor]:
            off[factor] = (
                f"No two kinds of it have prices by {FEWEST_NAMED_CREATORS} creators each."
                if factor != "niche"
                else f"No niche has prices by {FEWEST_NAMED_CREATORS} creators."
            )
    days = [row.priced_at for row in rows if row.priced_at]
    months = {(day.year, day.month) for day in days}
    known = len(days) / max(len(rows), 1)
    numbers = [name for name in NUMBERS[:-1] if _varies(numbers_of(rows, name))]
    for factor in ("engagement_premium", "authenticity_premium"):
        if not set(GROUPS[factor]) & set(numbers):
            off[factor] = "The prices were recorded without it, or with too few different values."
    has_trend = len(months) >= FEWEST_TREND_MONTHS and known >= 0.5
    if has_trend:
        numbers.append("years")
    else:
        off["market_trend"] = _too_short(len(months), FEWEST_TREND_MONTHS)
    calendar: tuple[int, ...] = ()
    if len(months) >= FEWEST_SEASON_MONTHS and known >= 0.5:
        calendar = _months_with_enough(rows)
    if len(calendar) < 2:
        calendar = ()
        off["seasonality"] = _too_short(len(months), FEWEST_SEASON_MONTHS)
    epoch = min(days).toordinal() if days else date(2000, 1, 1).toordinal()
    last = (max(days).toordinal() - epoch) / DAYS_PER_YEAR if days else 0.0
    return Vocabulary(
        numbers=tuple(numbers),
        months=calendar,
        deliverables=names["deliverable_type"],
        niches=names["niche"],
        countries=names["geography"],
        campaign_types=names["campaign_type"],
        has_kinds=_has_kinds(rows),
        epoch=epoch,
        first_years=0.0,
        last_years=last,
        off=off,
    )


def _varies(values: np.ndarray) -> bool:
    known = values[~np.isnan(values)]
    return known.size >= FEWEST_KNOWN_SHARE * values.size and np.ptp(known) > 1e-9


def _creators_by(rows: Sequence[MarketRow], factor: str) -> dict[str, set[str]]:
    creators: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in NAMES_OF[factor](row):
            creators[name].add(row.creator_key)
    return creators


def _frequent(rows: Sequence[MarketRow], factor: str) -> tuple[str, ...]:
    fewest = FEWEST_DELIVERABLE_CREATORS if factor == "deliverable_type" else FEWEST_NAMED_CREATORS
    found = _creators_by(rows, factor)
    return tuple(sorted(name for name, who in found.items() if name and len(who) >= fewest))


def _months_with_enough(rows: Sequence[MarketRow]) -> tuple[int, ...]:
    creators: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if (month := month_of(row)) is not None:
            creators[month].add(row.creator_key)
    return tuple(sorted(m for m, who in creators.items() if len(who) >= FEWEST_NAMED_CREATORS))


def _has_kinds(rows: Sequence[MarketRow]) -> bool:
    agreed = {row.creator_key for row in rows if row.kind == AGREED}
    asked = {row.creator_key for row in rows if row.kind != AGREED}
    return min(len(agreed), len(asked)) >= FEWEST_KIND_CREATORS


def _too_short(months: int, fewest: int) -> str:
    return f"The prices are of {months} different months; it takes {fewest} to tell."
