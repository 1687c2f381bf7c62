"""Shortlists for programs."""

from typing import Any

import pytest

from accounts.models import SocialAccount
from campaigns.models import Campaign, Shortlist
from campaigns.shortlist_notes import write_note
from campaigns.shortlists import archive_shortlist
from scoring.visibility import set_creator_status
from tests.campaigns.shortlisting import a_list, an_entry, bring_in
from tests.cast import NOW, Cast
from tests.marketplace.api.conftest import As, Program, refusal

pytestmark = pytest.mark.django_db
BIG = 10**30


def delete(program: Program, address: str) -> int:
    return int(program.client.delete(f"/api/v1/{address}").status_code)


def test_a_list_from_its_beginning_to_its_archive(
    cast: Cast, program: As, campaign: Campaign
) -> None:
    owner, viewer = program(cast.brand_owner), program(cast.brand_viewer)
    status, made = owner.post("shortlists/", {"name": "Faces", "campaign_id": campaign.pk})
    assert (status, made["campaign_id"], made["creators"]) == (201, campaign.pk, 0)
    address = f"shortlists/{made['id']}/"
    status, entry = owner.post(f"{address}creators/", {"creator_id": cast.creator.pk})
    assert (status, entry["name"], entry["is_shown"]) == (201, "Carla Creator", True)
    assert owner.post(f"{address}creators/", {"creator_id": cast.creator.pk}) == (200, entry)
    status, tally = owner.post(f"shortlist-entries/{entry['id']}/vote/", {"value": 1})
    assert (status, tally) == (200, {"votes_for": 1, "votes_against": 0, "total": 1, "own": 1})
    status, note = owner.post(f"shortlist-entries/{entry['id']}/notes/", {"text": "Calm"})
    assert (status, note["author"], note["is_own"]) == (201, "Olga Owner", True)
    status, rows = viewer.get(f"{address}creators/", sort="votes")
    [row] = rows["results"]
    assert (row["votes"]["own"], row["notes"][0]["is_own"], rows["sort"]) == (None, False, "votes")
    assert delete(owner, f"shortlist-notes/{note['id']}/") == 204
    assert owner.post(f"shortlist-entries/{entry['id']}/vote/", {"value": None})[1]["total"] == 0
    status, changed = owner.patch(address, {"name": "Autumn"})
    assert (changed["name"], changed["campaign_id"]) == ("Autumn", campaign.pk)
    assert delete(owner, f"shortlist-entries/{entry['id']}/") == 204
    status, archived = owner.post(f"{address}archive/", {})
    assert (status, bool(archived["archived_at"])) == (200, True)
    assert viewer.get("shortlists/")[1]["results"] == []
    assert viewer.get("shortlists/", archived="true")[1]["results"] == [archived]
    assert owner.post(f"{address}archive/", {})[0] == 409
    assert owner.post(f"{address}restore/", {})[1]["archived_at"] is None


def test_bad_input_is_named_and_keeps_nothing(cast: Cast, program: As) -> None:
    entry, owner = an_entry(cast), program(cast.brand_owner)
    theirs = Campaign.objects.create(brand=cast.other_brand, title="Theirs")
    one, row = f"shortlists/{entry.shortlist_id}/", f"shortlist-entries/{entry.pk}/"
    before = Shortlist.objects.count()
    cases: list[tuple[str, str, dict[str, Any], int, str | None]] = [
        ("post", "shortlists/", {}, 400, "name"),
        ("post", "shortlists/", {"name": "n" * 81}, 400, "name"),
        ("post", "shortlists/", {"name": "a\x00"}, 400, "name"),
        ("post", "shortlists/", {"name": "SPRING FACES"}, 409, "name"),
        ("post", "shortlists/", {"name": "A", "campaign_id": theirs.pk}, 404, None),
        ("post", "shortlists/", {"name": "A", "campaign_id": BIG}, 400, "campaign_id"),
        ("post", "shortlists/", {"name": "A", "brand_id": cast.other_brand.pk}, 404, None),
        ("post", "shortlists/", {"name": "A", "colour": 1}, 400, "colour"),
        ("patch", one, {"name": ""}, 400, "name"),
        ("patch", one, {"campaign_id": "x"}, 400, "campaign_id"),
        ("post", f"{one}creators/", {"creator_id": BIG}, 400, "creator_id"),
        ("post", f"{one}creators/", {"creator_id": 10**17}, 404, None),
        ("post", f"{row}vote/", {"value": 2}, 400, "value"),
        ("post", f"{row}vote/", {}, 400, "value"),
        ("post", f"{row}vote/", {"value": True}, 400, "value"),
        ("post", f"{row}notes/", {"text": "x" * 2001}, 400, "text"),
        ("post", f"{row}notes/", {"text": "\x00"}, 400, "text"),
        ("post", f"{row}notes/", {"text": " "}, 400, "text"),
        ("post", f"shortlist-entries/{BIG}/vote/", {"value": 1}, 404, None),
        ("patch", f"shortlists/{BIG}/", {}, 404, None),
    ]
    for method, address, body, status, field in cases:
        got, answer = getattr(owner, method)(address, body)
        assert (got, refusal(answer)[1]) == (status, field), (address, body)
    for name, value in (("sort", "luck"), ("page", "0"), ("page", "x"), ("size", "1")):
        assert owner.get(f"{one}creators/", **{name: value})[0] == 400, name
    assert Shortlist.objects.count() == before
    assert not entry.notes.exists()
    assert not entry.votes.exists()


WRITES = (
    ("post", "shortlists/{list}/creators/", {"creator_id": 1}),
    ("patch", "shortlists/{list}/", {"name": "New"}),
    ("post", "shortlists/{list}/archive/", {}),
    ("post", "shortlists/{list}/restore/", {}),
    ("delete", "shortlist-entries/{entry}/", {}),
)
TALK = (
    ("post", "shortlist-entries/{entry}/vote/", {"value": 1}),
    ("post", "shortlist-entries/{entry}/notes/", {"text": "Good"}),
    ("delete", "shortlist-notes/{note}/", {}),
)
READS = ("shortlists/{list}/", "shortlists/{list}/creators/")


@pytest.mark.parametrize(
    ("who", "read", "write", "talk"),
    [
        ("brand_viewer", 200, 403, 403),
        ("finance", 200, 403, 403),
        ("other_owner", 404, 404, 404),
        ("creator_user", 404, 404, 404),
        ("moderator", 404, 404, 404),
        (None, 401, 401, 401),
    ],
)
def test_lists_are_for_their_team(
    cast: Cast, program: As, who: str | None, read: int, write: int, talk: int
) -> None:
    entry = an_entry(cast)
    note = write_note(entry=entry, text="Calm", actor=cast.brand_owner, now=NOW)
    ids = {"list": entry.shortlist_id, "entry": entry.pk, "note": note.pk}
    user = bring_in(cast, "finance") if who == "finance" else cast.everybody().get(who or "")
    asker = program(user)
    for address in READS:
        assert asker.get(address.format(**ids))[0] == read, address
    for acts, expected in ((WRITES, write), (TALK, talk)):
        for method, address, body in acts:
            where = address.format(**ids)
            got = (
                delete(asker, where)
                if method == "delete"
                else getattr(asker, method)(where, body)[0]
            )
            assert got == expected, (method, address)


def test_archived_lists_are_read_and_not_changed(cast: Cast, program: As) -> None:
    entry = an_entry(cast)
    archive_shortlist(shortlist=entry.shortlist, actor=cast.brand_owner, now=NOW)
    owner = program(cast.brand_owner)
    for address, body in (
        (f"shortlists/{entry.shortlist_id}/creators/", {"creator_id": cast.other_creator.pk}),
        (f"shortlist-entries/{entry.pk}/vote/", {"value": -1}),
        (f"shortlist-entries/{entry.pk}/notes/", {"text": "Late"}),
    ):
        status, answer = owner.post(address, body)
        assert (status, refusal(answer)[0]) == (409, "shortlist_archived")
    assert delete(owner, f"shortlist-entries/{entry.pk}/") == 409


def test_suspended_creators_stay_without_their_accounts(
    cast: Cast, program: As, campaign: Campaign
) -> None:
    entry = an_entry(cast, a_list(cast, campaign=campaign))
    SocialAccount.objects.create(creator=cast.creator, platform="tiktok", handle="carla")
    address = f"shortlists/{entry.shortlist_id}/creators/"
    owner = program(cast.brand_owner)
    assert owner.get(address, sort="match")[1]["results"][0]["accounts"][0]["handle"] == "carla"
    set_creator_status(creator=cast.creator, status="suspended", actor=cast.moderator, now=NOW)
    [row] = owner.get(address)[1]["results"]
    assert (row["status"], row["is_shown"], row["accounts"]) == ("suspended", False, [])
    assert row["availability"] is None


def test_the_same_request_with_the_same_key_makes_one_list(cast: Cast, program: As) -> None:
    owner = program(cast.brand_owner)
    for _ in range(2):
        sent = owner.client.post(
            "/api/v1/shortlists/", '{"name": "Once"}', "application/json",
            headers={"Idempotency-Key": "list-1"},
        )  # fmt: skip
        assert sent.status_code == 201
    assert Shortlist.objects.count() == 1
