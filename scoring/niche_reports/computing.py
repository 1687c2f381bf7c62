"""Compute a month of all niches: four statements, and the arithmetic that joins them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from accounts.models import Platform
from scoring.models.niche_reports import FEWEST_CREATORS
from scoring.niche_reports import statements
from scoring.niche_reports.estimates import (
    PLACES,
    Estimate,
    call_trends,
    interval_ranks,
    sign_test,
)
from scoring.niche_reports.months import Month
from scoring.niche_reports.opportunity import Parts, read_opportunities

FEWEST_BRANDS: Final = 3
"""Demand is told of at least so many brands together: of fewer it would be somebody's plan."""

TESTED: Final = ("growth", "growth_change", "engagement_change")


@dataclass(frozen=True)
class NicheFacts:
    """One niche on one platform, "" for all; as `NicheMonth` has it, unknown is None."""

    niche: str
    platform: str
    creators: int
    accounts: int
    entrants: int
    active: int | None
    sized: int
    followers: int | None
    tiers: dict[str, int]
    herfindahl: float | None
    top_share: float | None
    growth: Estimate | None
    growth_change: Estimate | None
    engagement: Estimate | None
    engagement_change: Estimate | None
    posts_per_week: Estimate | None
    prices: list[dict[str, Any]] = field(default_factory=list)
    campaigns: int | None = None
    hires: int | None = None
    opportunity: Estimate | None = None
    hashtags: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class ComputedMonth:
    """``accounts`` known in any niche; ``too_small`` niches had fewer than `FEWEST_CREATORS`."""

    month: Month
    until: date
    as_of: datetime
    is_simulated: bool
    accounts: int
    too_small: int
    rows: list[NicheFacts]

    @property
    def niches(self) -> int:
        return len({row.niche for row in self.rows})


def compute_month(
    month: Month, *, is_simulated: bool, as_of: datetime, note: Callable[[], None] = lambda: None
) -> ComputedMonth:
    """What was measured in the month, as recorded by ``as_of``. Four statements.

    :param note: called after each step of `STEPS`, which take seconds each on a large catalogue.
    """
    until = min(month.last, as_of.date())
    parameters: dict[str, Any] = {
        "simulated": is_simulated,
        "far": month.before.before.first,
        "prior": month.before.first,
        "month": month.first,
        "end": until + timedelta(days=1),
        "as_of": as_of,
        "fewest": FEWEST_CREATORS,
        "ranks": interval_ranks(),
        "brands": FEWEST_BRANDS,
        "platforms": list(Platform.values),
    }
    found = _read(statements.NICHES, parameters)
    rows = [_facts(row) for row in found if row["niche"] is not None]
    note()
    prices = _by_group(_read(statements.PRICES, parameters))
    note()
    demand = _by_group(_read(statements.DEMAND, parameters))
    tags = _by_group(_read(statements.HASHTAGS, parameters))
    note()
    joined = [
        replace(
            row,
            prices=_prices(prices.get((row.niche, row.platform), [])),
            hashtags=[] if row.platform else _tags(tags.get((row.niche, ""), [])),
            campaigns=_only(demand.get((row.niche, row.platform), []), "campaigns"),
            hires=_only(demand.get((row.niche, row.platform), []), "hires"),
        )
        for row in rows
    ]
    return ComputedMonth(
        month=month,
        until=until,
        as_of=as_of,
        is_simulated=is_simulated,
        accounts=found[0]["known_accounts"],
        too_small=found[0]["known_niches"] - len({row.niche for row in rows}),
        rows=_compared(joined),
    )


def _read(statement: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _by_group(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["niche"], row.get("platform", "")].append(row)
    return groups


def _facts(row: dict[str, Any]) -> NicheFacts:
    engagement = _estimate(row["engagement"])
    if engagement and row["quartiles"]:
        q1, q3 = (round(value, PLACES) for value in row["quartiles"])
        engagement = replace(engagement, q1=q1, q3=q3)
    return NicheFacts(
        **{
            name: row[name]
            for name in (
                "niche", "platform", "creators", "accounts", "entrants", "active", "sized",
                "followers",
            )
        },
        tiers={name: row[name] for name in statements.TIERS},
        herfindahl=_rounded(row["herfindahl"]),
        top_share=_rounded(row["top_share"]),
        growth=_estimate(row["growth"], row["growth_up"], row["growth_down"]),
        growth_change=_estimate(
            row["growth_change"], row["growth_change_up"], row["growth_change_down"]
        ),
        engagement=engagement,
        engagement_change=_estimate(
            row["engagement_change"], row["rate_change_up"], row["rate_change_down"]
        ),
        posts_per_week=_estimate(row["posts_per_week"]),
    )  # fmt: skip


def _estimate(
    found: Sequence[float] | None, up: int | None = None, down: int | None = None
) -> Estimate | None:
    if found is None:
        return None
    n, value, low, high = found
    return Estimate(
        n=int(n),
        value=round(value, PLACES),
        low=round(low, PLACES),
        high=round(high, PLACES),
        # Significant digits rather than places: the smallest are what is compared.
        p=None if up is None or down is None else float(f"{sign_test(up, down):.6g}"),
    )


def _prices(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Most creators first; ``change`` of the asked is of those who asked a month before too."""
    return [
        {
            "deliverable": row["deliverable"],
            "currency": row["currency"],
            "basis": row["basis"],
            "creators": row["creators"],
            **_minor(row["price"]),
            "change": _estimate(row["change"], row["change_up"], row["change_down"]),
        }
        for row in rows
    ]


def _minor(found: Sequence[float]) -> dict[str, int]:
    _, value, low, high = found
    return {"median_minor": round(value), "low_minor": round(low), "high_minor": round(high)}


def _only(rows: list[dict[str, Any]], name: str) -> int | None:
    """A figure of the one row there may be."""
    return rows[0][name] if rows else None


def _tags(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"tag": row["tag"], "creators": row["creators"]} for row in rows]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


def _compared(rows: list[NicheFacts]) -> list[NicheFacts]:
    """With trends and opportunities, which are judged among the niches of one platform."""
    compared: dict[tuple[str, str], NicheFacts] = {}
    for platform in sorted({row.platform for row in rows}):
        family = [row for row in rows if row.platform == platform]
        for name in TESTED:
            found = call_trends([getattr(row, name) for row in family])
            family = [replace(row, **{name: one}) for row, one in zip(family, found, strict=True)]  # type: ignore[arg-type]
        family = _with_called_prices(family)
        chances = read_opportunities([_parts(row) for row in family])
        for row, chance in zip(family, chances, strict=True):
            compared[row.niche, row.platform] = replace(row, opportunity=chance and _short(chance))
    return [compared[row.niche, row.platform] for row in rows]


def _with_called_prices(family: list[NicheFacts]) -> list[NicheFacts]:
    """One family of tests: the changes of all prices of all niches; they become objects here."""
    called = iter(call_trends([price["change"] for row in family for price in row.prices]))
    return [
        replace(
            row,
            prices=[
                {**price, "change": one.to_dict() if (one := next(called)) else None}
                for price in row.prices
            ],
        )
        for row in family
    ]


def _parts(row: NicheFacts) -> Parts | None:
    if not row.campaigns or row.growth is None:
        return None
    return Parts(campaigns=row.campaigns, creators=row.creators, growth=row.growth)


def _short(one: Estimate) -> Estimate:
    return replace(
        one,
        value=round(one.value, PLACES),
        low=round(one.low, PLACES),
        high=round(one.high, PLACES),
    )
