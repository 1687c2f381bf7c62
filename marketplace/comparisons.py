"""Creators side by side: a row for each fact, each cell with how sure it is.

Read by the page and the API alike. What is not known says so and takes no place in the order;
the extremes of a row are named in words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts import access
from accounts.errors import DomainError, NotFound
from accounts.models import Creator, User
from campaigns.briefs import get_latest_brief
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from marketplace.comparison_cells import (
    Cell,
    Compared,
    account_cell,
    audience_cell,
    availability_cell,
    engagement_cell,
    figure_cell,
    followers_cell,
    mark,
    match_cell,
    niches_cell,
    percentile_cell,
    price_cell,
    rating_cell,
    risk_cell,
)
from scoring.candidates import compare_candidates

MOST = 5
LARGEST_ID = 18  # digits; the database's integers end soon after


class TooManyCompared(DomainError):
    code = "too_many_compared"
    http_status = 422

    def __init__(self, count: int) -> None:
        super().__init__(
            f"At most five creators are compared at a time; these are {count}.",
            details={"field": "ids"},
        )


class NoSuchCreator(NotFound):
    code = "no_such_creator"

    def __init__(self, asked: str) -> None:
        named = "".join(sign if sign.isprintable() else "?" for sign in asked[:40])
        super().__init__(f"There is no creator {named}, or the profile is not shown.")


@dataclass(frozen=True)
class Fact:
    """One row. ``better`` is "higher", "lower" or "", where neither end is better."""

    name: str
    label: str
    cells: list[Cell]
    better: str = ""


@dataclass(frozen=True)
class Comparison:
    creators: list[Creator]
    facts: list[Fact]
    as_of: datetime
    platform: str = ""

    @property
    def has_simulated(self) -> bool:
        return any(creator.is_simulated for creator in self.creators)


def creators_named(user: User, asked: Sequence[str]) -> list[Creator]:
    """The creators of these ids in the order asked, each once. One query.

    :raises TooManyCompared: on more than five different ones.
    :raises NoSuchCreator: naming the first that the user may not see, or that is no id.
    """
    wanted = list(dict.fromkeys(text.strip().lstrip("0") or "0" for text in asked))
    if len(wanted) > MOST:
        raise TooManyCompared(len(wanted))
    for text in wanted:
        if not (text.isascii() and text.isdigit() and len(text) <= LARGEST_ID):
            raise NoSuchCreator(f"“{text}”")
    found = access.creators_visible_to(user).in_bulk([int(text) for text in wanted])
    for text in wanted:
        if int(text) not in found:
            raise NoSuchCreator(text)
    return [found[int(text)] for text in wanted]


def compare_creators(
    creators: Sequence[Creator],
    *,
    asker: User,
    now: datetime,
    campaign: Campaign | None = None,
    platform: str = "",
) -> Comparison:
    """One account of each: the best match, else the most followed. Constant queries.

    :param campaign: one of the asker's, to add how well each fits its brief.
    :param platform: compare accounts there; who has none is unknown in what depends on one.
    """
    candidates = compare_candidates(
        creators,
        now=now,
        terms=BriefTerms.of(get_latest_brief(campaign)) if campaign else None,
        brand_names=[campaign.brand.name] if campaign else (),
    )
    sides = [
        Compared(candidates[one.pk], candidates[one.pk].main(platform=platform)) for one in creators
    ]
    records = asker.is_staff or asker.memberships.exists()
    facts = [
        Fact("account", "Account compared", [account_cell(side) for side in sides]),
        Fact("availability", "Availability", [availability_cell(one, now.date()) for one in sides]),
        _row("followers", "Followers", sides, followers_cell, ("most", "fewest")),
        Fact("engagement_rate", "Engagement rate", [engagement_cell(side) for side in sides]),
        _row(
            "engagement_percentile", "Engagement among its peers", sides, percentile_cell,
            ("highest", "lowest"), better="higher",
        ),
        _row(
            "fake_follower_risk", "Fake-follower risk", sides, risk_cell,
            ("highest risk", "lowest risk"), better="lower",
        ),
        Fact("niches", "Niches", [niches_cell(side) for side in sides]),
        _prices(sides),
        Fact("audience", "Audience", [audience_cell(side) for side in sides]),
        _row("rating", "What brands say", sides, rating_cell, ("best", "lowest"), better="higher"),
    ]  # fmt: skip
    if records:
        for name, label in (
            ("completed_share", "Completed as agreed"),
            ("publications_on_time", "Published on time"),
        ):
            facts.append(_row(name, label, sides, figure_cell(name), ("best", "lowest"), "higher"))
    if campaign is not None:
        words = ("best", "weakest")
        facts.insert(
            1, _row("match", "Match with the campaign", sides, match_cell, words, "higher")
        )
    return Comparison(list(creators), facts, as_of=now, platform=platform)


def _row(
    name: str,
    label: str,
    sides: Sequence[Compared],
    read: Callable[[Compared], Cell],
    words: tuple[str, str],
    better: str = "",
) -> Fact:
    return Fact(name, label, mark([read(side) for side in sides], words), better)


def _prices(sides: Sequence[Compared]) -> Fact:
    """The lowest and highest are named only where all known prices are in one currency."""
    cells = [price_cell(side) for side in sides]
    currencies = {
        side.account.price.currency
        for side, cell in zip(sides, cells, strict=True)
        if cell.value is not None and side.account and side.account.price
    }
    if len(currencies) > 1:
        cells = [replace(cell, value=None) for cell in cells]
    return Fact("price", "Price", mark(cells, ("highest", "lowest")), "lower")
