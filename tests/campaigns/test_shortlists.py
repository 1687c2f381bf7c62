"""Shortlists: names, limits, who is on them, and what is recorded."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import Forbidden, NotFound
from accounts.models import AuditEntry, Creator
from campaigns import shortlist_entries, shortlists
from campaigns.hiring import CreatorNotHireable
from campaigns.models import Shortlist, ShortlistEntry
from campaigns.shortlist_entries import (
    ListFull,
    NotOnList,
    add_creator,
    entries_of,
    entry_for,
    remove_creator,
)
from campaigns.shortlists import (
    NotTheirCampaign,
    ShortlistArchived,
    ShortlistNameMissing,
    ShortlistNameTaken,
    TooManyShortlists,
    archive_shortlist,
    change_shortlist,
    create_shortlist,
    restore_shortlist,
    shortlist_for,
    shortlists_of,
    with_sizes,
)
from scoring.visibility import set_creator_status
from tests.campaigns.at_once import run_at_once
from tests.campaigns.full_briefs import draft
from tests.campaigns.shortlisting import a_list, an_entry, bring_in
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_a_list_has_a_name_of_its_own(cast: Cast) -> None:
    made = a_list(cast, "  Spring \n faces ")
    assert (made.name, made.campaign, made.is_archived) == ("Spring faces", None, False)
    assert AuditEntry.objects.get(verb="shortlist.created").data == {
        "brand": cast.brand.pk,
        "campaign": None,
    }
    for name in ("", " \t", "n" * 81, "a\x00b"):
        with pytest.raises(ShortlistNameMissing):
            a_list(cast, name)
    with pytest.raises(ShortlistNameTaken) as taken:
        a_list(cast, "SPRING FACES")
    assert taken.value.details == {"field": "name"}
    assert Shortlist.objects.count() == 1
    other = create_shortlist(
        brand=cast.other_brand, name="Spring faces", actor=cast.other_owner, now=NOW
    )
    assert other.pk != made.pk


def test_a_list_is_for_a_campaign_of_its_brand(cast: Cast) -> None:
    campaign = draft(cast)
    made = a_list(cast, campaign=campaign)
    assert made.campaign == campaign
    with pytest.raises(NotTheirCampaign):
        create_shortlist(
            brand=cast.other_brand, name="A", actor=cast.other_owner, now=NOW, campaign=campaign
        )
    changed = change_shortlist(shortlist=made, name="Faces", campaign=None, actor=cast.brand_owner)
    assert (changed.name, changed.campaign) == ("Faces", None)
    assert AuditEntry.objects.get(verb="shortlist.changed").data == {
        "from": {"name": "Spring faces", "campaign": campaign.pk},
        "to": {"name": "Faces", "campaign": None},
    }
    change_shortlist(shortlist=made, name="Faces", campaign=None, actor=cast.brand_owner)
    assert AuditEntry.objects.filter(verb="shortlist.changed").count() == 1
    a_list(cast, "Other")
    with pytest.raises(ShortlistNameTaken):
        change_shortlist(shortlist=made, name="other", campaign=None, actor=cast.brand_owner)


def test_an_archived_list_is_read_and_not_changed(cast: Cast) -> None:
    entry = an_entry(cast)
    made = entry.shortlist
    archived = archive_shortlist(shortlist=made, actor=cast.brand_owner, now=LATER)
    assert archived.archived_at == LATER
    assert list(entries_of(made)) == [entry]
    again = a_list(cast, made.name)
    with pytest.raises(ShortlistArchived):
        archive_shortlist(shortlist=made, actor=cast.brand_owner, now=LATER)
    with pytest.raises(ShortlistArchived):
        change_shortlist(shortlist=made, name="New", campaign=None, actor=cast.brand_owner)
    with pytest.raises(ShortlistArchived):
        add_creator(shortlist=made, creator=cast.other_creator, actor=cast.brand_owner, now=LATER)
    with pytest.raises(ShortlistArchived):
        remove_creator(entry=entry, actor=cast.brand_owner, now=LATER)
    with pytest.raises(ShortlistNameTaken):
        restore_shortlist(shortlist=made, actor=cast.brand_owner)
    archive_shortlist(shortlist=again, actor=cast.brand_owner, now=LATER)
    restored = restore_shortlist(shortlist=made, actor=cast.brand_owner)
    assert not restored.is_archived
    assert AuditEntry.objects.filter(verb="shortlist.archived").count() == 2
    restore_shortlist(shortlist=made, actor=cast.brand_owner)
    assert AuditEntry.objects.filter(verb="shortlist.restored").count() == 1


def test_a_brand_keeps_a_limited_number_of_lists(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlists, "MAX_SHORTLISTS", 1)
    first = a_list(cast)
    with pytest.raises(TooManyShortlists):
        a_list(cast, "Second")
    archive_shortlist(shortlist=first, actor=cast.brand_owner, now=LATER)
    a_list(cast, "Second")
    with pytest.raises(TooManyShortlists):
        restore_shortlist(shortlist=first, actor=cast.brand_owner)


def test_a_creator_is_on_a_list_once(cast: Cast) -> None:
    entry = an_entry(cast)
    same, is_new = add_creator(
        shortlist=entry.shortlist, creator=cast.creator, actor=cast.brand_owner, now=LATER
    )
    assert (same, is_new) == (entry, False)
    assert AuditEntry.objects.get(verb="shortlist.creator_added").data == {
        "creator": cast.creator.pk
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        ShortlistEntry.objects.create(shortlist=entry.shortlist, creator=cast.creator)
    [listed] = with_sizes(shortlists_of(cast.brand_viewer))
    assert listed.size == 1


def test_who_is_taken_off_may_return(cast: Cast) -> None:
    entry = an_entry(cast)
    removed = remove_creator(entry=entry, actor=cast.brand_owner, now=LATER)
    assert (removed.removed_at, removed.removed_by) == (LATER, cast.brand_owner)
    assert not entries_of(entry.shortlist).exists()
    assert AuditEntry.objects.filter(verb="shortlist.creator_removed").count() == 1
    with pytest.raises(NotOnList):
        remove_creator(entry=entry, actor=cast.brand_owner, now=LATER)
    with pytest.raises(NotOnList):
        entry_for(cast.brand_owner, entry.pk)
    again, is_new = add_creator(
        shortlist=entry.shortlist, creator=cast.creator, actor=cast.brand_owner, now=LATER
    )
    assert is_new
    assert again.pk != entry.pk


def test_a_list_holds_a_limited_number(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortlist_entries, "MAX_ENTRIES", 1)
    entry = an_entry(cast)
    with pytest.raises(ListFull):
        add_creator(
            shortlist=entry.shortlist, creator=cast.other_creator, actor=cast.brand_owner, now=NOW
        )


def test_suspended_creators_stay_listed_and_are_not_added(cast: Cast) -> None:
    entry = an_entry(cast)
    for creator in (cast.creator, cast.other_creator):
        set_creator_status(
            creator=creator, status=Creator.Status.SUSPENDED, actor=cast.moderator, now=LATER
        )
    [kept] = entries_of(entry.shortlist)
    assert not kept.creator.can_be_hired
    with pytest.raises(CreatorNotHireable):
        add_creator(
            shortlist=entry.shortlist,
            creator=Creator.objects.get(pk=cast.other_creator.pk),
            actor=cast.brand_owner,
            now=LATER,
        )


def test_lists_are_their_brands_alone(cast: Cast) -> None:
    entry = an_entry(cast)
    made = entry.shortlist
    keepers = ("owner", "manager")
    assert shortlist_for(cast.brand_owner, made.pk, roles=keepers) == made
    for role in ("viewer", "finance", "reviewer"):
        member = cast.brand_viewer if role == "viewer" else bring_in(cast, role)
        assert shortlist_for(member, made.pk) == made
        assert entry_for(member, entry.pk) == entry
        with pytest.raises(Forbidden):
            shortlist_for(member, made.pk, roles=keepers)
        with pytest.raises(Forbidden):
            entry_for(member, entry.pk, roles=keepers)
    for person in (cast.other_owner, cast.creator_user, cast.moderator):
        with pytest.raises(NotFound):
            shortlist_for(person, made.pk)
        with pytest.raises(NotFound):
            entry_for(person, entry.pk)


@pytest.mark.django_db(transaction=True)
def test_adding_one_creator_many_times_at_once_makes_one_entry(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, creator, owner = a_list(cast), cast.creator, cast.brand_owner

    def add() -> tuple[ShortlistEntry, bool]:
        return add_creator(shortlist=made, creator=creator, actor=owner, now=NOW)

    results = run_at_once([add] * 6)
    assert {entry.pk for entry, _ in results} == {made.entries.get().pk}
    assert [is_new for _, is_new in results].count(True) == 1
    assert AuditEntry.objects.filter(verb="shortlist.creator_added").count() == 1
