"""Shortlists as a team reads and keeps them."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Creator, SocialAccount
from campaigns.models import Campaign, Shortlist, ShortlistEntry, ShortlistNote, ShortlistVote
from campaigns.shortlist_entries import add_creator
from campaigns.shortlist_notes import write_note
from campaigns.shortlist_votes import Value, cast_vote
from campaigns.shortlists import archive_shortlist
from marketplace import shortlist_rows
from scoring.visibility import set_creator_status
from tests.campaigns.full_briefs import opened
from tests.campaigns.shortlisting import a_list, an_entry, bring_in
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse, make_creators

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


def put(cast: Cast, found: Shortlist, *creators: Creator) -> list[ShortlistEntry]:
    return [
        add_creator(
            shortlist=found,
            creator=creator,
            actor=cast.brand_owner,
            now=NOW + timedelta(minutes=place),
        )[0]
        for place, creator in enumerate(creators)
    ]


def names(client: Client, found: Shortlist, **query: object) -> list[str]:
    page = client.get(reverse("shortlist", args=[found.pk]), query)
    assert page.status_code == 200
    return [row.entry.creator.display_name for row in page.context["listed"].rows]


def test_a_list_is_begun_and_found_again(cast: Cast, owner: Client, campaign: Campaign) -> None:
    body = {"name": "Spring faces", "campaign": str(campaign.pk)}
    sent = owner.post(reverse("shortlists"), body)
    made = Shortlist.objects.get()
    assert sent.url == reverse("shortlist", args=[made.pk])
    assert (made.brand, made.campaign) == (cast.brand, campaign)
    assert "Spring faces" in owner.get(reverse("shortlists")).content.decode()
    again = owner.post(reverse("shortlists"), body | {"name": "spring FACES"})
    assert again.status_code == 422
    assert "has a list of this name" in again.content.decode()


def test_bad_names_and_campaigns_are_told_beside_their_field(
    cast: Cast, owner: Client, campaign: Campaign
) -> None:
    theirs = Campaign.objects.create(brand=cast.other_brand, title="Theirs")
    for body, field in (
        ({"name": " "}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "A", "campaign": str(theirs.pk)}, "campaign"),
        ({"name": "A", "campaign": "9" * 30}, "campaign"),
        ({"name": "A", "brand": str(cast.other_brand.pk)}, "brand"),
    ):
        page = owner.post(reverse("shortlists"), body)
        assert page.status_code == 422, body
        assert field in page.context["form"].errors, body
    assert not Shortlist.objects.exists()


def test_a_creator_is_added_from_any_page(cast: Cast, owner: Client) -> None:
    found = a_list(cast)
    back = reverse("creators") + "?q=carla"
    body = {"creator": str(cast.creator.pk), "shortlist": str(found.pk), "next": back}
    sent = owner.post(reverse("shortlist_add"), body)
    assert sent.url == back
    assert found.entries.get().creator == cast.creator
    owner.post(reverse("shortlist_add"), body)
    assert found.entries.count() == 1
    new = body | {"shortlist": f"new:{cast.brand.pk}", "name": "Other", "next": "//evil.example"}
    assert owner.post(reverse("shortlist_add"), new).url == reverse("shortlists")
    assert Shortlist.objects.get(name="Other").entries.get().creator == cast.creator


def test_a_name_that_is_typed_means_a_new_list(cast: Cast, owner: Client) -> None:
    found = a_list(cast)
    body = {"creator": str(cast.creator.pk), "shortlist": str(found.pk), "name": "Autumn"}
    owner.post(reverse("shortlist_add"), body)
    assert not found.entries.exists()
    assert Shortlist.objects.get(name="Autumn").entries.get().creator == cast.creator


def test_what_cannot_be_added_leaves_nothing_behind(cast: Cast, owner: Client) -> None:
    found = a_list(cast)
    theirs = Shortlist.objects.create(brand=cast.other_brand, name="Theirs")
    good = {"creator": str(cast.creator.pk), "shortlist": str(found.pk)}
    for changed, status in (
        ({"shortlist": str(theirs.pk)}, 302),
        ({"shortlist": f"new:{cast.other_brand.pk}", "name": "X"}, 302),
        ({"shortlist": f"new:{cast.brand.pk}"}, 302),
        ({"shortlist": f"new:{cast.brand.pk}", "name": "SPRING faces"}, 302),
        ({"creator": "a\x00"}, 302),
        ({"creator": "9" * 19}, 302),
        ({"creator": "9" * 18}, 404),
    ):
        sent = owner.post(reverse("shortlist_add"), good | changed, follow=False)
        assert sent.status_code == status, changed
    set_creator_status(
        creator=cast.creator, status="suspended", actor=cast.moderator, now=timezone.now()
    )
    assert owner.post(reverse("shortlist_add"), good).status_code == 404
    assert not ShortlistEntry.objects.exists()
    assert Shortlist.objects.count() == 2


def test_a_new_list_is_not_kept_if_nobody_could_be_put_on_it(cast: Cast, owner: Client) -> None:
    body = {"creator": "9" * 18, "shortlist": f"new:{cast.brand.pk}", "name": "Empty"}
    assert owner.post(reverse("shortlist_add"), body).status_code == 404
    assert not Shortlist.objects.exists()


def test_the_order_is_by_votes_or_by_when_they_were_added(cast: Cast, owner: Client) -> None:
    found, [one, two, three] = a_list(cast), make_creators(3)
    entries = put(cast, found, one, two, three)
    cast_vote(entry=entries[1], value=Value.FOR, actor=cast.brand_owner, now=NOW)
    cast_vote(entry=entries[2], value=Value.AGAINST, actor=cast.brand_owner, now=NOW)
    assert names(owner, found) == ["Person 2", "Person 1", "Person 0"]
    assert names(owner, found, sort="votes") == ["Person 1", "Person 0", "Person 2"]
    assert names(owner, found, sort="match") == names(owner, found, sort="\x00")


def test_a_list_for_a_campaign_shows_and_sorts_by_the_match(
    cast: Cast, owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    found = a_list(cast, campaign=campaign)
    put(cast, found, catalogue["skin"].creator, catalogue["guitarist"].creator, cast.creator)
    page = owner.get(reverse("shortlist", args=[found.pk]), {"sort": "match"})
    rows = page.context["listed"].rows
    assert [row.entry.creator.display_name for row in rows] == [
        "Skin",
        "Guitarist",
        "Carla Creator",
    ]
    assert rows[0].match.score > rows[1].match.score
    assert rows[2].match is None
    assert "of 100" in page.content.decode()


def test_the_number_of_queries_does_not_depend_on_the_length(
    cast: Cast, owner: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlist_rows, "PAGE_SIZE", 100)
    found, creators = a_list(cast, campaign=campaign), make_creators(9)
    counts = []
    for some in (creators[:2], creators[2:]):
        for entry in put(cast, found, *some):
            cast_vote(entry=entry, value=Value.FOR, actor=cast.brand_owner, now=NOW)
            write_note(entry=entry, text="Good", actor=cast.brand_owner, now=NOW)
        for sort in ("added", "match"):
            names(owner, found, sort=sort)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                names(owner, found, sort=sort)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) < 40


def test_long_lists_have_pages(cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortlist_rows, "PAGE_SIZE", 2)
    found = a_list(cast)
    put(cast, found, *make_creators(5))
    seen = [name for number in (1, 2, 3) for name in names(owner, found, page=number)]
    assert seen == [f"Person {number}" for number in (4, 3, 2, 1, 0)]
    assert names(owner, found, page="99") == ["Person 0"]


def test_votes_and_notes_of_a_reviewer_are_seen_by_a_viewer(cast: Cast, browse: Browse) -> None:
    entry = an_entry(cast)
    reviewer = browse(bring_in(cast, "reviewer"))
    place = {"sort": "votes", "page": "1"}
    sent = reviewer.post(reverse("shortlist_vote", args=[entry.pk]), place | {"value": "1"})
    assert sent.url == (
        f"{reverse('shortlist', args=[entry.shortlist_id])}?sort=votes&page=1#entry-{entry.pk}"
    )
    reviewer.post(reverse("shortlist_note", args=[entry.pk]), {"text": "<b>Calm</b> voice"})
    page = browse(cast.brand_viewer).get(reverse("shortlist", args=[entry.shortlist_id]))
    text = page.content.decode()
    assert "&lt;b&gt;Calm&lt;/b&gt; voice" in text
    assert "<strong>1</strong> for" in text
    assert 'name="value"' not in text
    reviewer.post(reverse("shortlist_vote", args=[entry.pk]), {"value": "0"})
    assert not ShortlistVote.objects.exists()
    reviewer.post(reverse("shortlist_vote", args=[entry.pk]), {"value": "7"})
    assert not ShortlistVote.objects.exists()


def test_a_note_that_cannot_be_kept_is_given_back(cast: Cast, owner: Client) -> None:
    entry = an_entry(cast)
    page = owner.post(reverse("shortlist_note", args=[entry.pk]), {"text": "x" * 2001})
    assert page.status_code == 422
    assert "x" * 2001 in page.content.decode()
    for text in ("", "a\x00b"):
        sent = owner.post(reverse("shortlist_note", args=[entry.pk]), {"text": text})
        assert sent.status_code == 422
    assert not ShortlistNote.objects.exists()


def test_notes_are_deleted_by_their_author_alone(cast: Cast, browse: Browse) -> None:
    entry = an_entry(cast)
    note = write_note(entry=entry, text="Mine", actor=cast.brand_owner, now=NOW)
    reviewer = bring_in(cast, "reviewer")
    address = reverse("shortlist_note_delete", args=[note.pk])
    assert browse(reviewer).post(address).status_code == 403
    assert browse(cast.brand_owner).post(address).status_code == 302
    note.refresh_from_db()
    assert note.text == ""


def test_who_is_suspended_stays_with_what_was_said(cast: Cast, owner: Client) -> None:
    entry = an_entry(cast)
    SocialAccount.objects.create(creator=cast.creator, platform="tiktok", handle="carla_hidden")
    write_note(entry=entry, text="Was good", actor=cast.brand_owner, now=NOW)
    set_creator_status(
        creator=cast.creator, status="suspended", actor=cast.moderator, now=timezone.now()
    )
    text = owner.get(reverse("shortlist", args=[entry.shortlist_id])).content.decode()
    assert "suspended and not shown any more" in text
    assert "Was good" in text
    assert "carla_hidden" not in text
    assert reverse("creator", args=[cast.creator.pk]) not in text


def test_a_list_is_changed_archived_and_brought_back(cast: Cast, owner: Client) -> None:
    entry = an_entry(cast)
    pk = entry.shortlist_id
    assert owner.post(reverse("shortlist_change", args=[pk]), {"name": " "}).status_code == 422
    owner.post(reverse("shortlist_change", args=[pk]), {"name": "Autumn"})
    owner.post(reverse("shortlist_archive", args=[pk]))
    found = Shortlist.objects.get(pk=pk)
    assert (found.name, found.is_archived) == ("Autumn", True)
    page = owner.get(reverse("shortlist", args=[pk])).content.decode()
    assert "was archived on" in page
    assert reverse("shortlist_vote", args=[entry.pk]) not in page
    assert "Autumn" not in owner.get(reverse("shortlists")).content.decode()
    assert "Autumn" in owner.get(reverse("shortlists"), {"archived": ""}).content.decode()
    owner.post(reverse("shortlist_vote", args=[entry.pk]), {"value": "1"})
    owner.post(reverse("shortlist_remove", args=[entry.pk]))
    assert ShortlistEntry.objects.filter(removed_at=None).count() == 1
    owner.post(reverse("shortlist_restore", args=[pk]))
    owner.post(reverse("shortlist_remove", args=[entry.pk]))
    assert not ShortlistEntry.objects.filter(removed_at=None).exists()


def test_the_list_leads_to_inviting_for_an_open_campaign(cast: Cast, owner: Client) -> None:
    campaign = opened(cast, apply_by=None)
    entry = an_entry(cast, a_list(cast, campaign=campaign))
    page = owner.get(reverse("shortlist", args=[entry.shortlist_id])).content.decode()
    assert f"{reverse('creator_invite', args=[cast.creator.pk])}?campaign={campaign.pk}" in page


def test_the_file_runs_no_formula(cast: Cast, browse: Browse) -> None:
    found = a_list(cast)
    Creator.objects.filter(pk=cast.creator.pk).update(display_name="=1+1")
    entry = an_entry(cast, found)
    cast_vote(entry=entry, value=Value.FOR, actor=cast.brand_owner, now=NOW)
    write_note(entry=entry, text="@SUM(A1)", actor=cast.brand_owner, now=NOW)
    put(cast, found, *make_creators(1))
    sent = browse(cast.brand_viewer).get(reverse("shortlist_file", args=[found.pk]))
    assert sent["Content-Disposition"] == f'attachment; filename="shortlist-{found.pk}.csv"'
    known, bare = csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")))
    assert (known["creator"], known["followers"], known["platform"]) == (
        "Person 0", "1000", "instagram",
    )  # fmt: skip
    assert (bare["creator"], bare["votes_for"], bare["votes_against"]) == ("'=1+1", "1", "0")
    assert bare["notes"] == "Olga Owner: @SUM(A1)"
    assert (bare["followers"], bare["risk"], bare["match"]) == ("", "", "")


def test_archived_lists_are_not_offered(cast: Cast, owner: Client) -> None:
    kept, put_away = a_list(cast), a_list(cast, "Old")
    archive_shortlist(shortlist=put_away, actor=cast.brand_owner, now=NOW)
    body = {"creator": str(cast.creator.pk), "shortlist": str(put_away.pk)}
    owner.post(reverse("shortlist_add"), body)
    assert not put_away.entries.exists()
    assert not kept.entries.exists()
