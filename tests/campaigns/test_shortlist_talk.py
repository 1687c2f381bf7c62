"""Notes and votes of a team on the creators of a list."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import Forbidden, NotFound
from accounts.models import AuditEntry
from campaigns import shortlist_notes
from campaigns.models import ShortlistVote
from campaigns.shortlist_entries import NotOnList, add_creator, remove_creator
from campaigns.shortlist_notes import (
    TooManyNotes,
    delete_note,
    note_for,
    notes_about,
    write_note,
)
from campaigns.shortlist_votes import Tally, Value, cast_vote, tally_votes
from campaigns.shortlists import ShortlistArchived, archive_shortlist
from campaigns.wording import TextUnusable
from tests.campaigns.at_once import run_at_once
from tests.campaigns.shortlisting import an_entry
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_a_vote_is_changed_and_taken_back(cast: Cast) -> None:
    entry, owner = an_entry(cast), cast.brand_owner
    assert tally_votes([entry.pk], asker=owner) == {entry.pk: Tally()}
    cast_vote(entry=entry, value=Value.FOR, actor=owner, now=NOW)
    cast_vote(entry=entry, value=Value.FOR, actor=owner, now=NOW)
    assert tally_votes([entry.pk], asker=owner)[entry.pk] == Tally(1, 0, 1)
    assert tally_votes([entry.pk], asker=cast.brand_viewer)[entry.pk] == Tally(1, 0, None)
    vote = cast_vote(entry=entry, value=Value.AGAINST, actor=owner, now=LATER)
    assert vote is not None
    assert (vote.value, vote.cast_at) == (-1, LATER)
    assert cast_vote(entry=entry, value=None, actor=owner, now=LATER) is None
    assert tally_votes([entry.pk], asker=owner)[entry.pk].count == 0
    history = AuditEntry.objects.filter(verb="shortlist.voted").order_by("pk")
    assert [(row.data["from"], row.data["to"]) for row in history] == [
        (None, 1), (1, -1), (-1, None),
    ]  # fmt: skip


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["brand_owner", "brand_viewer", "other_owner"]),
            st.sampled_from([Value.FOR, Value.AGAINST, None]),
        ),
        max_size=8,
    )
)
def test_the_total_is_the_sum_of_everybodys_last_vote(
    cast: Cast, acts: list[tuple[str, Value | None]]
) -> None:
    with transaction.atomic():
        entry, people, last = an_entry(cast), cast.everybody(), {}
        for name, value in acts:
            cast_vote(entry=entry, value=value, actor=people[name], now=NOW)
            last[name] = value
        tally = tally_votes([entry.pk], asker=cast.brand_owner)[entry.pk]
        given_votes = [value for value in last.values() if value is not None]
        assert tally.total == sum(given_votes)
        assert tally.count == len(given_votes) == entry.votes.count()
        assert tally.own == last.get("brand_owner")
        transaction.set_rollback(True)


def test_the_database_keeps_one_vote_a_person(cast: Cast) -> None:
    entry = an_entry(cast)
    cast_vote(entry=entry, value=Value.FOR, actor=cast.brand_owner, now=NOW)
    for voter, value in ((cast.brand_owner, 1), (cast.brand_viewer, 0), (cast.brand_viewer, 2)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShortlistVote.objects.create(entry=entry, voter=voter, value=value)


@pytest.mark.django_db(transaction=True)
def test_one_person_voting_twice_at_once_has_one_vote(cast: Cast) -> None:
    entry, owner = an_entry(cast), cast.brand_owner
    values = [Value.FOR, Value.AGAINST] * 3
    run_at_once(
        [
            lambda value=value: cast_vote(entry=entry, value=value, actor=owner, now=NOW)
            for value in values
        ]
    )
    assert entry.votes.count() == 1


def test_notes_are_read_in_order_and_outlive_a_removal(cast: Cast) -> None:
    entry, creator = an_entry(cast), cast.creator
    first = write_note(entry=entry, text=" Calm voice.\r\n", actor=cast.brand_owner, now=NOW)
    assert first.text == "Calm voice."
    remove_creator(entry=entry, actor=cast.brand_owner, now=LATER)
    with pytest.raises(NotOnList):
        write_note(entry=entry, text="Late", actor=cast.brand_owner, now=LATER)
    again, _ = add_creator(
        shortlist=entry.shortlist, creator=creator, actor=cast.brand_owner, now=LATER
    )
    second = write_note(entry=again, text="Back.", actor=cast.brand_viewer, now=LATER)
    assert notes_about(entry.shortlist, [creator.pk, cast.other_creator.pk]) == {
        creator.pk: [first, second],
        cast.other_creator.pk: [],
    }
    assert AuditEntry.objects.filter(verb="shortlist.note_written").count() == 2


def test_only_the_author_deletes_and_the_text_is_gone(cast: Cast) -> None:
    entry = an_entry(cast)
    note = write_note(entry=entry, text="Too loud", actor=cast.brand_viewer, now=NOW)
    with pytest.raises(Forbidden):
        delete_note(note=note, actor=cast.brand_owner, now=LATER)
    with pytest.raises(NotFound):
        note_for(cast.other_owner, note.pk)
    archive_shortlist(shortlist=entry.shortlist, actor=cast.brand_owner, now=LATER)
    delete_note(note=note_for(cast.brand_viewer, note.pk), actor=cast.brand_viewer, now=LATER)
    note.refresh_from_db()
    assert (note.text, note.deleted_at) == ("", LATER)
    assert "Too loud" not in str(AuditEntry.objects.values_list("data", flat=True))
    assert notes_about(entry.shortlist, [cast.creator.pk]) == {cast.creator.pk: []}
    for _ in range(2):
        with pytest.raises(NotFound):
            delete_note(note=note, actor=cast.brand_viewer, now=LATER)
    with pytest.raises(NotFound):
        note_for(cast.brand_viewer, note.pk)


def test_what_cannot_be_said_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = an_entry(cast)
    for text in ("", " \n", "x" * 2001, "a\x00b"):
        with pytest.raises(TextUnusable):
            write_note(entry=entry, text=text, actor=cast.brand_owner, now=NOW)
    monkeypatch.setattr(shortlist_notes, "MAX_NOTES", 1)
    write_note(entry=entry, text="x" * 2000, actor=cast.brand_owner, now=NOW)
    with pytest.raises(TooManyNotes):
        write_note(entry=entry, text="More", actor=cast.brand_owner, now=NOW)
    archive_shortlist(shortlist=entry.shortlist, actor=cast.brand_owner, now=LATER)
    with pytest.raises(ShortlistArchived):
        write_note(entry=entry, text="Late", actor=cast.brand_owner, now=LATER)
    with pytest.raises(ShortlistArchived):
        cast_vote(entry=entry, value=Value.FOR, actor=cast.brand_owner, now=LATER)
