"""Votes on the creators of a shortlist: one a person, changed at any time, none is no vote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from accounts import audit
from accounts.models import User
from campaigns.models import ShortlistEntry, ShortlistVote
from campaigns.shortlist_entries import live_entry
from campaigns.shortlists import lock_open

Value = ShortlistVote.Value


@dataclass(frozen=True)
class Tally:
    """The votes on one entry; ``own`` is the asker's, None without one."""

    votes_for: int = 0
    votes_against: int = 0
    own: int | None = None

    @property
    def total(self) -> int:
        return self.votes_for - self.votes_against

    @property
    def count(self) -> int:
        return self.votes_for + self.votes_against


@transaction.atomic
def cast_vote(
    *, entry: ShortlistEntry, value: Value | None, actor: User, now: datetime
) -> ShortlistVote | None:
    """Vote for or against, change one's mind, or take the vote back with None.

    :raises ShortlistArchived: if the list is archived.
    :raises NotOnList: if the creator was taken off.
    """
    locked = lock_open(entry.shortlist)
    live = live_entry(entry)
    vote = live.votes.filter(voter=actor).first()
    before = None if vote is None else vote.value
    if before == value:
        return vote
    if value is None:
        live.votes.filter(voter=actor).delete()
        vote = None
    else:
        vote, _ = live.votes.update_or_create(
            voter=actor, defaults={"value": Value(value), "cast_at": now}
        )
    audit.record(
        actor=actor,
        verb="shortlist.voted",
        subject=locked,
        data={"creator": live.creator_id, "from": before, "to": value},
    )
    return vote


def tally_votes(entry_ids: Iterable[int], *, asker: User) -> dict[int, Tally]:
    """By entry id, with the asker's own vote. Entries without votes have an empty tally.

    One query. People who have left the team keep their vote.
    """
    wanted = list(entry_ids)
    rows = (
        ShortlistVote.objects.filter(entry__in=wanted)
        .order_by()
        .values("entry_id")
        .annotate(
            votes_for=Count("pk", filter=Q(value=Value.FOR)),
            votes_against=Count("pk", filter=Q(value=Value.AGAINST)),
            own_for=Count("pk", filter=Q(value=Value.FOR, voter=asker)),
            own_against=Count("pk", filter=Q(value=Value.AGAINST, voter=asker)),
        )
    )
    tallies = dict.fromkeys(wanted, Tally())
    for row in rows:
        own = Value.FOR if row["own_for"] else Value.AGAINST if row["own_against"] else None
        tallies[row["entry_id"]] = Tally(row["votes_for"], row["votes_against"], own)
    return tallies
