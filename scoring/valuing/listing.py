"""The ranking: one league of the newest run, filtered, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q, QuerySet

from scoring.ml.match.exposure import TIERS
from scoring.ml.match.limits import country_key
from scoring.models import MarketValue, SearchEntry, ValuationRun
from scoring.valuing.errors import BadRanking
from scoring.valuing.reading import Valuation, newest_run, run_before, valuation_of, values_in

PAGE_SIZE: Final = 50
MOST: Final = 100
LONGEST_NAME: Final = 120
SIZES: Final = tuple(name for name, _ in TIERS)
RISK_LEVELS: Final = ("low", "medium", "high")
_CURSOR: Final = re.compile(r"(\d{1,15})-(\d{1,18})")


@dataclass(frozen=True)
class RankingFilters:
    """What is asked for; "" filters nothing. Names are those of the search's filters."""

    league: str = ""
    platform: str = ""
    niche: str = ""
    country: str = ""
    size: str = ""
    risk_level: str = ""
    name: str = ""


@dataclass(frozen=True)
class RankedRow:
    """One line of the list. ``entry`` holds what search knows of the account; ``before`` its
    value in the run before, None where it had none."""

    valuation: Valuation
    entry: SearchEntry
    before: Valuation | None

    @property
    def change(self) -> float | None:
        """The value against that of the run before, as a fraction of it. None where the two
        cannot be compared: another unit, or a risk that was known for one of them alone."""
        now, then = self.valuation, self.before
        if then is None or not then.value or now.value is None or then.currency != now.currency:
            return None
        if self.is_risk_new:
            return None
        return now.value / then.value - 1.0

    @property
    def is_risk_new(self) -> bool:
        """Whether authenticity was known at one of the two moments alone."""
        if self.before is None or self.before.abstained:
            return False
        known = [one.parts["authenticity"]["known"] for one in (self.valuation, self.before)]
        return known[0] != known[1]

    @property
    def is_real_change(self) -> bool:
        """Whether the two ranges do not even touch."""
        now, then = self.valuation, self.before
        if self.change is None or then is None:
            return False
        assert now.low is not None
        assert now.high is not None
        assert then.low is not None
        assert then.high is not None
        return now.low > then.high or now.high < then.low


@dataclass(frozen=True)
class RankingPage:
    """``leagues`` says how many are ranked in each, those of real accounts first."""

    run: ValuationRun | None
    before: ValuationRun | None
    league: str
    leagues: dict[str, int]
    rows: list[RankedRow] = field(default_factory=list)
    next_cursor: str = ""


def list_ranking(
    filters: RankingFilters, *, cursor: str = "", size: int = PAGE_SIZE
) -> RankingPage:
    """One page, the best first. Four queries, whatever the page's length.

    Ranks are those among everybody in the league; a filter leaves accounts out and changes no
    rank. Accounts whose creator is not shown to brands keep their rank and are not listed.

    :raises BadRanking: on a league, filter or cursor that means nothing.
    """
    check_filters(filters)
    run = newest_run()
    if run is None:
        return RankingPage(None, None, "", {})
    leagues = ordered_leagues(run)
    league = filters.league or next(iter(leagues), "")
    if filters.league and filters.league not in leagues:
        raise BadRanking("league", f"There is no league “{filters.league[:40]}” in this run.")
    rows = _matching(run, league, filters)
    if cursor:
        rows = rows.filter(_after(cursor))
    found = list(rows[: size + 1])
    shown = found[:size]
    before = run_before(run)
    earlier = values_in(before, [row.account_id for row in shown])
    return RankingPage(
        run=run,
        before=before,
        league=league,
        leagues=leagues,
        rows=[
            RankedRow(valuation_of(row), row.account.search_entry, earlier.get(row.account_id))
            for row in shown
        ],
        next_cursor=f"{shown[-1].rank}-{shown[-1].account_id}" if len(found) > size else "",
    )


def ordered_leagues(run: ValuationRun) -> dict[str, int]:
    """Real before simulated, then the one with most accounts."""
    names = sorted(
        run.leagues, key=lambda name: (name.startswith("simulated:"), -run.leagues[name], name)
    )
    return {name: int(run.leagues[name]) for name in names}


def check_filters(filters: RankingFilters) -> None:
    """:raises BadRanking: naming the filter."""
    for name, value in vars(filters).items():
        if "\x00" in value or len(value) > LONGEST_NAME:
            raise BadRanking(name, f"{name} is at most {LONGEST_NAME} plain characters.")
    for name, value, known in (
        ("size", filters.size, SIZES),
        ("risk_level", filters.risk_level, RISK_LEVELS),
    ):
        if value and value not in known:
            raise BadRanking(name, f"{name} is one of {', '.join(known)}, not “{value[:40]}”.")


def _matching(run: ValuationRun, league: str, filters: RankingFilters) -> QuerySet[MarketValue]:
    rows = (
        MarketValue.objects.filter(
            run=run, league=league, rank__isnull=False, account__search_entry__is_visible=True
        )
        .select_related("run", "account__creator", "account__search_entry__creator")
        .order_by("rank", "account_id")
    )
    if filters.platform:
        rows = rows.filter(platform=filters.platform)
    if filters.niche:
        rows = rows.filter(account__search_entry__niches__contains=[filters.niche])
    if filters.country:
        rows = rows.filter(account__search_entry__country_key=country_key(filters.country))
    if filters.size:
        rows = rows.filter(_sized(filters.size))
    if filters.risk_level:
        rows = rows.filter(account__search_entry__risk_level=filters.risk_level)
    if filters.name:
        handle = Q(account__handle__icontains=filters.name.removeprefix("@"))
        named = Q(account__creator__display_name__icontains=filters.name)
        rows = rows.filter(named | (handle & Q(account__handle_is_hash=False)))
    return rows


def _sized(size: str) -> Q:
    below = dict(TIERS)[size]
    smaller = [limit for _, limit in TIERS if limit < below]
    found = Q(account__search_entry__followers__gte=int(max(smaller, default=0)))
    if below != float("inf"):
        found &= Q(account__search_entry__followers__lt=int(below))
    return found


def _after(cursor: str) -> Q:
    """:raises BadRanking: a cursor that no page has given."""
    place = _CURSOR.fullmatch(cursor)
    if place is None:
        raise BadRanking("cursor", "This is no place in the list; begin at its first page.")
    rank, account = int(place[1]), int(place[2])
    if account >= 2**63:
        raise BadRanking("cursor", "This is no place in the list; begin at its first page.")
    return Q(rank__gt=rank) | Q(rank=rank, account_id__gt=account)
