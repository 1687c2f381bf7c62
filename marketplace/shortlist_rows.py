"""The rows of one shortlist as its team reads them: in order, a page at a time or all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from accounts import access
from accounts.errors import DomainError
from accounts.models import User
from campaigns.briefs import get_latest_brief
from campaigns.models import Shortlist, ShortlistEntry, ShortlistNote
from campaigns.shortlist_entries import entries_of
from campaigns.shortlist_notes import notes_about
from campaigns.shortlist_votes import Tally, tally_votes
from campaigns.terms import BriefTerms
from scoring.candidates import Candidate, read_candidates
from scoring.matching import MatchScore

PAGE_SIZE = 25


class Order(StrEnum):
    ADDED = "added"
    VOTES = "votes"
    MATCH = "match"

    @property
    def label(self) -> str:
        return {"added": "Latest added", "votes": "Most votes", "match": "Best match"}[self.value]


@dataclass
class ShortlistRow:
    """``candidate`` is None where the profile is not shown any more: suspended or closed."""

    entry: ShortlistEntry
    tally: Tally
    candidate: Candidate | None = None
    notes: list[ShortlistNote] = field(default_factory=list)

    @property
    def match(self) -> MatchScore | None:
        best = self.candidate.best if self.candidate else None
        return best.match if best else None


@dataclass(frozen=True)
class ShortlistRows:
    """``rows`` of page ``number`` (from 1), of ``size`` in all; ``note`` says what is missing."""

    rows: list[ShortlistRow]
    size: int
    order: Order
    number: int = 1
    note: str = ""

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number * PAGE_SIZE < self.size else None

    @property
    def first(self) -> int:
        """The place of the first row in the whole list, from 1."""
        return (self.number - 1) * PAGE_SIZE + 1


def read_order(text: str, shortlist: Shortlist) -> Order:
    """Nonsense, and a match without a campaign, is the latest added."""
    offered = {order.value: order for order in orders_of(shortlist)}
    return offered.get(text, Order.ADDED)


def orders_of(shortlist: Shortlist) -> list[Order]:
    """What the list can be sorted by: a match only where there is a campaign."""
    return [order for order in Order if order is not Order.MATCH or shortlist.campaign_id]


def list_rows(
    shortlist: Shortlist,
    *,
    asker: User,
    now: datetime,
    order: Order = Order.ADDED,
    page: int | None = None,
) -> ShortlistRows:
    """Rows with facts, votes and notes; all of them without ``page``. Constant queries.

    A page past the end is the last. Equal rows stand as they were added, the latest first.
    """
    entries = list(entries_of(shortlist))
    shown = set(
        access.creators_visible_to(asker)
        .filter(pk__in=[entry.creator_id for entry in entries])
        .values_list("pk", flat=True)
    )
    tallies = tally_votes([entry.pk for entry in entries], asker=asker)
    rows = [ShortlistRow(entry, tallies[entry.pk]) for entry in entries]
    note = ""
    if order is Order.MATCH:
        note = _add_facts(rows, shortlist, shown=shown, now=now)
        rows.sort(key=lambda row: -(row.match.score if row.match else -1.0))
    elif order is Order.VOTES:
        rows.sort(key=lambda row: (-row.tally.total, -row.tally.count))
    number = 1
    if page is not None:
        last = max(1, -(-len(rows) // PAGE_SIZE))
        number = min(max(page, 1), last)
        rows = rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    if order is not Order.MATCH:
        note = _add_facts(rows, shortlist, shown=shown, now=now)
    notes = notes_about(shortlist, [row.entry.creator_id for row in rows])
    for row in rows:
        row.notes = notes[row.entry.creator_id]
    return ShortlistRows(rows, len(entries), order, number, note)


def _add_facts(
    rows: Sequence[ShortlistRow], shortlist: Shortlist, *, shown: set[int], now: datetime
) -> str:
    """Load what is known of those who are shown.

    :returns: why there is no match, where one was to be had; the list is shown all the same.
    """
    creators = [row.entry.creator for row in rows if row.entry.creator_id in shown]
    terms = BriefTerms.of(get_latest_brief(shortlist.campaign)) if shortlist.campaign else None
    note = ""
    try:
        candidates = read_candidates(
            creators, now=now, terms=terms, brand_names=[shortlist.brand.name]
        )
    except DomainError as refusal:
        if terms is None:
            raise
        note = f"There is no match with the campaign now: {refusal.message}"
        candidates = read_candidates(creators, now=now)
    for row in rows:
        row.candidate = candidates.get(row.entry.creator_id)
    return note
