"""Read niche reports: a month of all niches, one niche over its months, and whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from statistics import median, quantiles
from typing import Any, Final

from django.db import connection

from accounts.errors import DomainError, NotFound
from accounts.models import Platform, User
from campaigns.models import Brief, Campaign
from scoring.ml.match.audience import tag_of
from scoring.models import NicheMonth, NicheReport, SearchEntry
from scoring.niche_reports.months import Month, MonthRefused

SORTS: Final = ("competition", "growth", "engagement", "price", "opportunity", "name")
KINDS: Final = {"real": False, "simulated": True}
NEAR_NAMES: Final = 5
MONTHS_SHOWN: Final = 24
NICHE_LENGTH: Final = 60
FEWEST_TO_COMPARE: Final = 4
PriceKey = tuple[str, str, str]
"""(basis, deliverable, currency): prices are compared within one of them alone."""


class NoSuchNiche(NotFound):
    """``details["near"]`` are names that are written alike."""

    code = "niche_not_found"

    def __init__(self, name: str, near: Sequence[str]) -> None:
        known = f" Is it one of these: {', '.join(near)}?" if near else ""
        super().__init__(f"No creator has the niche “{name[:60]}”.{known}", details={"near": near})


class ReportChoiceRefused(DomainError):
    """``details["field"]`` names the choice that means nothing."""

    code = "invalid_choice"


@dataclass(frozen=True)
class NicheReading:
    """A row beside the others of its month and platform.

    ``level`` of competition: "crowded" in the upper quarter by creators, "thin" in the lowest,
    "ordinary" between, "" with too few niches to compare. ``price`` is the one of the list's key.
    """

    row: NicheMonth
    level: str
    middle_creators: float | None
    price: dict[str, Any] | None
    is_mine: bool

    @property
    def equals(self) -> float | None:
        """How many accounts of equal size would share followers as unevenly."""
        return 1 / self.row.herfindahl if self.row.herfindahl else None


@dataclass(frozen=True)
class NicheList:
    """``report`` is None before the first one of this kind; ``names`` are all niches with a row
    on the platform, also those whose name was not asked for."""

    report: NicheReport | None
    months: list[Month]
    price_key: PriceKey | None
    readings: list[NicheReading]
    names: frozenset[str] = frozenset()


def list_reports(*, is_simulated: bool) -> list[NicheReport]:
    """The newest version of each month, the newest month first. One query."""
    reports = NicheReport.objects.filter(is_simulated=is_simulated)
    return list(reports.order_by("-month", "-version").distinct("month"))


def choose_kind(asked: str) -> bool:
    """Whether simulated creators are shown: one of `KINDS`, else only where nothing is real."""
    if asked in KINDS:
        return KINDS[asked]
    kinds = set(NicheReport.objects.values_list("is_simulated", flat=True).distinct())
    return kinds == {True}


def list_niches(
    *,
    is_simulated: bool,
    month: Month | None = None,
    platform: str = "",
    text: str = "",
    sort: str = "competition",
    mine: Collection[str] = (),
) -> NicheList:
    """All niches of one month, the newest unless one is named. Two queries.

    :param text: what a niche's name must contain.
    :param mine: niches to put on top.
    :raises MonthRefused: if that month has no report.
    :raises ReportChoiceRefused: on an unknown platform or order.
    """
    check_platform(platform)
    if sort not in SORTS:
        raise ReportChoiceRefused(
            f"“{sort[:40]}” is no order. Known: {', '.join(SORTS)}.", details={"field": "sort"}
        )
    reports = list_reports(is_simulated=is_simulated)
    months = [Month(report.month) for report in reports]
    if month is not None and month not in months:
        raise MonthRefused(_no_report(month, months))
    if not reports:
        return NicheList(None, [], None, [])
    report = reports[months.index(month)] if month else reports[0]
    rows = list(report.rows.filter(platform=platform).order_by("niche"))
    for row in rows:
        row.report = report
    key = _commonest_price(rows)
    readings = _beside(rows, [row.creators for row in rows], key, frozenset(mine))
    wanted = tag_of(text)
    found = [one for one in readings if wanted in one.row.niche]
    found.sort(key=lambda one: (not one.is_mine, *_place(one, sort)))
    return NicheList(report, months, key, found, frozenset(row.niche for row in rows))


def list_months_of(
    niche: str, *, is_simulated: bool, platform: str = ""
) -> list[tuple[NicheReport, NicheReading | None]]:
    """A niche month by month, the oldest first; None where it had too few creators. Four queries
    at most, however many months.

    :raises NoSuchNiche: if no report and no creator has it.
    :raises ReportChoiceRefused: on an unknown platform.
    """
    check_platform(platform)
    if not _can_be_a_name(niche):
        check_niche(niche)
    reports = list_reports(is_simulated=is_simulated)[:MONTHS_SHOWN]
    rows = NicheMonth.objects.filter(report__in=reports, niche=niche, platform=platform)
    of_report = {row.report_id: row for row in rows}
    counts: dict[int, list[int]] = {report.pk: [] for report in reports}
    for pk, creators in NicheMonth.objects.filter(
        report__in=reports, platform=platform
    ).values_list("report_id", "creators"):
        counts[pk].append(creators)
    # One kind of price for all months: two kinds in one line would be no trend.
    priced = (of_report[report.pk] for report in reports if report.pk in of_report)
    key = next((price_key_of(row.prices[0]) for row in priced if row.prices), None)
    series: list[tuple[NicheReport, NicheReading | None]] = []
    for report in reversed(reports):
        row = of_report.get(report.pk)
        if row is None:
            series.append((report, None))
            continue
        row.report = report
        [reading] = _beside([row], counts[report.pk], key)
        series.append((report, reading))
    if not any(reading for _, reading in series):
        check_niche(niche)
    return series


def check_niche(niche: str) -> None:
    """:raises NoSuchNiche: with names near to it, if neither a report nor a creator has it."""
    known = _can_be_a_name(niche)
    if known and NicheMonth.objects.filter(niche=niche).exists():
        return
    if known and SearchEntry.objects.filter(niches__contains=[niche]).exists():
        return
    names = list_names()
    asked = tag_of(niche[:NICHE_LENGTH])
    near = get_close_matches(asked, names, n=NEAR_NAMES, cutoff=0.6)
    near += [name for name in names if asked and asked in name and name not in near]
    raise NoSuchNiche(niche.replace("\x00", ""), near[:NEAR_NAMES])


def _can_be_a_name(niche: str) -> bool:
    """The database refuses NUL bytes rather than finding nothing."""
    return len(niche) <= NICHE_LENGTH and "\x00" not in niche


def list_names() -> list[str]:
    """Niches of anybody in the catalogue, by name. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT niche FROM scoring_searchentry, unnest(niches) niche ORDER BY niche"
        )
        return [name for (name,) in cursor.fetchall()]


def niches_of(user: User) -> set[str]:
    """Of a creator's accounts, and what the briefs of a member's brands ask for. Two queries."""
    own = SearchEntry.objects.filter(creator__user=user).values_list("niches", flat=True)
    campaigns = Campaign.objects.filter(brand__memberships__user=user)
    asked = (
        Brief.objects.filter(campaign__in=campaigns)
        .order_by("campaign_id", "-version")
        .distinct("campaign_id")
        .values_list("niches", flat=True)
    )
    return {name for niches in own for name in niches} | {
        tag_of(name) for niches in asked for name in niches
    }


def check_platform(platform: str) -> None:
    """:raises ReportChoiceRefused: on a platform nobody knows; "" is all of them."""
    if platform and platform not in Platform.values:
        raise ReportChoiceRefused(
            f"“{platform[:40]}” is no platform we know. Use one of: {', '.join(Platform.values)}.",
            details={"field": "platform"},
        )


def _no_report(month: Month, months: Sequence[Month]) -> str:
    if not months:
        return "No niche report has been written yet."
    span = str(months[0]) if len(months) == 1 else f"{months[-1]} to {months[0]}"
    return f"There is no report of {month}. There are reports of {span}."


def _beside(
    rows: Sequence[NicheMonth],
    counts: Sequence[int],
    key: PriceKey | None,
    mine: frozenset[str] = frozenset(),
) -> list[NicheReading]:
    """Rows of one month and platform beside the ``counts`` of creators of all niches there."""
    bounds = quantiles(counts, n=4) if len(counts) >= FEWEST_TO_COMPARE else None
    return [
        NicheReading(
            row=row,
            level=_level(row.creators, bounds),
            middle_creators=median(counts) if bounds else None,
            price=next((one for one in row.prices if price_key_of(one) == key), None),
            is_mine=row.niche in mine,
        )
        for row in rows
    ]


def _level(creators: int, bounds: Sequence[float] | None) -> str:
    if bounds is None:
        return ""
    return "crowded" if creators > bounds[2] else "thin" if creators < bounds[0] else "ordinary"


def price_key_of(price: dict[str, Any]) -> PriceKey:
    return price["basis"], price["deliverable"], price["currency"]


def _commonest_price(rows: Sequence[NicheMonth]) -> PriceKey | None:
    counts = Counter(price_key_of(price) for row in rows for price in row.prices)
    return min(counts, key=lambda key: (-counts[key], key), default=None)


def _place(one: NicheReading, sort: str) -> tuple[float, str]:
    """Largest first, unknown last, names in order where nothing tells two apart."""
    row = one.row
    values: dict[str, float | None] = {
        "competition": row.creators,
        "growth": row.growth and row.growth["value"],
        "engagement": row.engagement and row.engagement["value"],
        "price": one.price["median_minor"] if one.price else None,
        "opportunity": row.opportunity and row.opportunity["value"],
        "name": 0,
    }
    value = values[sort]
    return (float("inf") if value is None else -value), row.niche
