"""The formulas of a campaign report. Pure; None wherever a part is unknown.

Engagements are the likes, comments, shares and saves that the platform shows to its users
(`ENGAGEMENTS`); all of them must be known. Costs are what was paid to creators, in minor units
of one currency; the platform's fee is not in them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Counts = Mapping[str, int | None]
ENGAGEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "instagram": ("likes", "comments", "shares", "saves"),
    "tiktok": ("likes", "comments", "shares", "saves"),
    "youtube": ("likes", "comments"),
    "twitter": ("likes", "comments", "shares"),
    "douyin": ("likes", "comments", "shares", "saves"),
}


@dataclass(frozen=True)
class Total:
    """The sum of what is known: ``known`` of ``of`` values. None where none is known."""

    value: int | None
    known: int
    of: int

    @property
    def is_complete(self) -> bool:
        return self.known == self.of


@dataclass(frozen=True)
class Ratio:
    """A ratio of sums over the ``known`` of ``of`` pairs in which both parts are known."""

    value: float | None
    known: int
    of: int


def total(values: Iterable[int | None]) -> Total:
    given = list(values)
    known = [value for value in given if value is not None]
    return Total(sum(known) if known else None, len(known), len(given))


def ratio(pairs: Iterable[tuple[int | None, int | None]], *, per: int = 1) -> Ratio:
    """``per`` times the sum of the first parts through that of the second.

    Pairs with an unknown part are left out of both sums, so that neither is understated.
    """
    given = list(pairs)
    known = [(top, bottom) for top, bottom in given if top is not None and bottom is not None]
    bottom = sum(pair[1] for pair in known)
    value = per * sum(pair[0] for pair in known) / bottom if bottom else None
    return Ratio(value, len(known), len(given))


def engagements(counts: Counts, platform: str) -> int | None:
    """None if one of the platform's own counts is unknown."""
    parts = [counts.get(name) for name in ENGAGEMENTS.get(platform, ())]
    known = [part for part in parts if part is not None]
    return sum(known) if parts and len(known) == len(parts) else None


def engagement_rate(engaged: int | None, views: int | None) -> float | None:
    """Engagements per view, a fraction."""
    return ratio([(engaged, views)]).value


def cost_per_engagement(cost_minor: int | None, engaged: int | None) -> float | None:
    """CPE, in minor units."""
    return ratio([(cost_minor, engaged)]).value


def cost_per_thousand(cost_minor: int | None, impressions: int | None) -> float | None:
    """CPM: for a thousand impressions, in minor units."""
    return ratio([(cost_minor, impressions)], per=1_000).value


def cost_per_view(cost_minor: int | None, views: int | None) -> float | None:
    """In minor units."""
    return ratio([(cost_minor, views)]).value


def per_money(count: int | None, cost_minor: int | None, *, unit_minor: int) -> float | None:
    """How many of something one unit of money bought: people reached, engagements.

    :param unit_minor: minor units in one of the currency, 100 for the euro.
    """
    return ratio([(count, cost_minor)], per=unit_minor).value
