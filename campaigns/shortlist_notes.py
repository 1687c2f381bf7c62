"""Notes on the creators of a shortlist, read by the brand's team alone."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.errors import Conflict, Forbidden, NotFound
from accounts.models import User
from campaigns.models import Shortlist, ShortlistEntry, ShortlistNote
from campaigns.models.shortlists import LONGEST_NOTE
from campaigns.shortlist_entries import live_entry
from campaigns.shortlists import lock, lock_open
from campaigns.wording import checked_text

MAX_NOTES = 200


class TooManyNotes(Conflict):
    code = "too_many_notes"
    message = f"{MAX_NOTES} notes are kept about one creator on one list. Delete one of yours."


def notes_about(shortlist: Shortlist, creator_ids: Iterable[int]) -> dict[int, list[ShortlistNote]]:
    """By creator, the oldest first; those of an earlier time on the same list too. One query."""
    wanted = list(creator_ids)
    notes: dict[int, list[ShortlistNote]] = {pk: [] for pk in wanted}
    found = _kept(shortlist).filter(entry__creator__in=wanted)
    for note in found.select_related("author", "entry"):
        notes[note.entry.creator_id].append(note)
    return notes


def note_for(user: User, note_id: int) -> ShortlistNote:
    """A note on a list of one of the user's brands. :raises NotFound: otherwise."""
    found = (
        ShortlistNote.objects.select_related("entry__shortlist")
        .filter(pk=note_id, deleted_at=None, entry__shortlist__brand__memberships__user=user)
        .first()
    )
    if found is None:
        raise NotFound("There is no such note, or it was deleted.")
    return found


@transaction.atomic
def write_note(*, entry: ShortlistEntry, text: str, actor: User, now: datetime) -> ShortlistNote:
    """Say something about a creator on the list.

    :raises TextUnusable: if it is empty, over 2,000 characters, or cannot be stored.
    :raises ShortlistArchived, NotOnList, TooManyNotes: as named.
    """
    text = checked_text(text, longest=LONGEST_NOTE)
    locked = lock_open(entry.shortlist)
    live = live_entry(entry)
    if _kept(locked).filter(entry__creator=live.creator_id).count() >= MAX_NOTES:
        raise TooManyNotes
    note = ShortlistNote.objects.create(entry=live, author=actor, text=text, created_at=now)
    audit.record(
        actor=actor,
        verb="shortlist.note_written",
        subject=locked,
        data={"creator": live.creator_id, "note": note.pk},
    )
    return note


@transaction.atomic
def delete_note(*, note: ShortlistNote, actor: User, now: datetime) -> None:
    """Delete one's own note: its text is gone, that there was one stays. Also when archived.

    :raises Forbidden: if somebody else wrote it.
    :raises NotFound: if it was deleted before.
    """
    if note.author_id != actor.pk:
        raise Forbidden("Only who wrote a note deletes it.")
    locked = lock(note.entry.shortlist)
    if not _kept(locked).filter(pk=note.pk).update(text="", deleted_at=now):
        raise NotFound("This note was deleted before.")
    audit.record(
        actor=actor,
        verb="shortlist.note_deleted",
        subject=locked,
        data={"creator": note.entry.creator_id, "note": note.pk},
    )


def _kept(shortlist: Shortlist) -> QuerySet[ShortlistNote]:
    return ShortlistNote.objects.filter(entry__shortlist=shortlist, deleted_at=None)
