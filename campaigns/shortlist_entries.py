"""Creators on a shortlist: put on, taken off."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import access, audit
from accounts.errors import Conflict, NotFound
from accounts.models import Creator, User
from campaigns.hiring import ensure_hireable
from campaigns.models import Shortlist, ShortlistEntry
from campaigns.shortlists import lock_open

MAX_ENTRIES = 500


class ListFull(Conflict):
    code = "shortlist_full"
    message = f"A list holds at most {MAX_ENTRIES} creators. Take some off, or begin another."


class NotOnList(NotFound):
    code = "not_on_list"
    message = "This creator is not on the list, or was taken off meanwhile."


def entries_of(shortlist: Shortlist) -> QuerySet[ShortlistEntry]:
    """Who is on the list now, the latest first. Suspended and closed profiles stay on it."""
    found = ShortlistEntry.objects.filter(shortlist=shortlist, removed_at=None)
    return found.select_related("creator", "added_by")


def entry_for(user: User, entry_id: int, *, roles: tuple[str, ...] = ()) -> ShortlistEntry:
    """An entry that is on a list of one of the user's brands.

    :raises NotFound: if there is none. :raises Forbidden: as `shortlists.shortlist_for`.
    """
    found = (
        ShortlistEntry.objects.select_related("shortlist__brand", "creator")
        .filter(pk=entry_id, removed_at=None, shortlist__brand__memberships__user=user)
        .first()
    )
    if found is None:
        raise NotOnList
    if roles:
        access.membership_for(user, found.shortlist.brand_id, roles=roles)
    return found


@transaction.atomic
def add_creator(
    *, shortlist: Shortlist, creator: Creator, actor: User, now: datetime
) -> tuple[ShortlistEntry, bool]:
    """Put a creator on a list. Who is on it already stays, whoever added them.

    :return: the entry, and whether it is new.
    :raises ShortlistArchived, CreatorNotHireable, ListFull: as named.
    """
    locked = lock_open(shortlist)
    live = locked.entries.filter(removed_at=None)
    if (there := live.filter(creator=creator).first()) is not None:
        return there, False
    ensure_hireable(creator)
    if live.count() >= MAX_ENTRIES:
        raise ListFull
    entry = ShortlistEntry.objects.create(
        shortlist=locked, creator=creator, added_by=actor, added_at=now
    )
    audit.record(
        actor=actor, verb="shortlist.creator_added", subject=locked, data={"creator": creator.pk}
    )
    return entry, True


@transaction.atomic
def remove_creator(*, entry: ShortlistEntry, actor: User, now: datetime) -> ShortlistEntry:
    """Take a creator off the list. Notes stay and are shown again should they return.

    :raises ShortlistArchived: if the list is archived.
    :raises NotOnList: if they were taken off before.
    """
    locked = lock_open(entry.shortlist)
    live = live_entry(entry)
    live.removed_at, live.removed_by = now, actor
    live.save(update_fields=["removed_at", "removed_by"])
    audit.record(
        actor=actor,
        verb="shortlist.creator_removed",
        subject=locked,
        data={"creator": live.creator_id},
    )
    return live


def live_entry(entry: ShortlistEntry) -> ShortlistEntry:
    """The entry as it is now, its list held by the caller. :raises NotOnList: if it is off."""
    found = ShortlistEntry.objects.filter(pk=entry.pk, removed_at=None).first()
    if found is None:
        raise NotOnList
    return found
