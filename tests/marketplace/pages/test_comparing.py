"""Creators side by side, on the page and for programs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.availability import Availability, say_availability
from accounts.models import Creator, SocialAccount
from campaigns.models import Campaign
from marketplace.comparison_cells import Cell, mark
from scoring.models import Score
from scoring.visibility import set_creator_status
from tests.cast import Cast
from tests.marketplace.api.conftest import As, no_limit, program, refusal
from tests.marketplace.pages.conftest import Browse, make_creators

__all__ = ["no_limit", "program"]
pytestmark = pytest.mark.django_db
WORDS = ("most", "fewest")


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


def compared(client: Client, *ids: object, **more: Any) -> dict[str, list[Cell]]:
    page = client.get(reverse("compare"), {"id": list(ids), **more})
    assert page.status_code == 200
    return {fact.name: fact.cells for fact in page.context["comparison"].facts}


@settings(deadline=None)
@given(
    st.lists(st.none() | st.sampled_from([0.0, 1.0, 2.5, 7.0]), max_size=5),
)
def test_only_known_values_that_differ_have_a_place(values: list[float | None]) -> None:
    marked = mark([Cell(value=value) for value in values], WORDS)
    known = [value for value in values if value is not None]
    assert [cell.value for cell in marked] == values
    for cell in marked:
        if cell.value is None or len(set(known)) < 2:
            assert (cell.place, cell.word) == ("", "")
        else:
            assert (cell.place == "highest") == (cell.value == max(known))
            assert (cell.place == "lowest") == (cell.value == min(known))
            assert bool(cell.word) == bool(cell.place)


def test_facts_stand_side_by_side_and_unknown_is_unknown(
    cast: Cast, owner: Client, catalogue: dict[str, SocialAccount]
) -> None:
    skin, runner = catalogue["skin"], catalogue["runner"]
    facts = compared(owner, skin.creator_id, runner.creator_id, cast.creator.pk)
    assert [cell.text for cell in facts["followers"]] == ["30k", "60k", "unknown"]
    assert [cell.word for cell in facts["followers"]] == ["fewest", "most", ""]
    assert facts["followers"][0].basis == "imported, 28 Feb 2026"
    risk = Score.objects.filter(account=skin, task="authenticity").latest("created_at")
    assert facts["fake_follower_risk"][0].value == (None if risk.abstained else risk.value)
    assert facts["fake_follower_risk"][2] == Cell(basis="not assessed yet")
    assert facts["account"][2].text == "none here"
    assert facts["availability"][0].basis == "the creator does not say"
    assert facts["rating"][0] == Cell(basis="no review yet")
    assert "match" not in facts


def test_a_campaign_adds_the_match(
    cast: Cast, owner: Client, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    ids = [catalogue[name].creator_id for name in ("skin", "guitarist")]
    facts = compared(owner, *ids, cast.creator.pk, campaign=campaign.pk)
    assert [cell.word for cell in facts["match"]] == ["best", "weakest", ""]
    assert facts["match"][2].text == "unknown"


def test_the_platform_decides_which_accounts_are_compared(
    cast: Cast, owner: Client, catalogue: dict[str, SocialAccount]
) -> None:
    creator = catalogue["skin"].creator
    SocialAccount.objects.create(creator=creator, platform="youtube", handle="skin_tube")
    assert compared(owner, creator.pk)["account"][0] == Cell(
        "TikTok · @skin", "and 1 other account"
    )
    assert "@skin_tube" in compared(owner, creator.pk, platform="youtube")["account"][0].text
    assert compared(owner, creator.pk, platform="douyin")["account"][0].text == "none here"
    assert "@skin" in compared(owner, creator.pk, platform="\x00")["account"][0].text


def test_duplicates_are_collapsed_and_six_are_too_many(cast: Cast, owner: Client) -> None:
    ids = [creator.pk for creator in make_creators(6)]
    page = owner.get(reverse("compare"), {"id": [*ids[:5], *ids[:5], f"0{ids[0]}"]})
    assert [creator.pk for creator in page.context["comparison"].creators] == ids[:5]
    page = owner.get(reverse("compare"), {"id": ids})
    assert page.status_code == 422
    assert "At most five creators" in page.content.decode()


def test_who_is_not_there_is_named(cast: Cast, owner: Client) -> None:
    for asked, named in (
        ("987654321", "creator 987654321"),
        ("9" * 30, f"“{'9' * 30}”"),
        ("x<b>", "“x&lt;b&gt;”"),
        ("1\x00", "“1?”"),
        ("", "“0”"),
    ):
        page = owner.get(reverse("compare"), {"id": [cast.creator.pk, asked]})
        assert page.status_code == 404, asked
        assert named in page.content.decode() or asked == ""
    set_creator_status(
        creator=cast.creator, status="suspended", actor=cast.moderator, now=timezone.now()
    )
    assert owner.get(reverse("compare"), {"id": cast.creator.pk}).status_code == 404


def test_nobody_named_is_an_invitation_to_choose(owner: Client) -> None:
    page = owner.get(reverse("compare"))
    assert page.status_code == 200
    assert "Nobody to compare yet" in page.content.decode()


def test_the_number_of_queries_does_not_depend_on_how_many(
    cast: Cast, owner: Client, campaign: Campaign
) -> None:
    ids = [creator.pk for creator in make_creators(5)]
    compared(owner, *ids, campaign=campaign.pk)
    counts = []
    for some in (ids[:2], ids):
        with CaptureQueriesContext(connection) as queries:
            compared(owner, *some, campaign=campaign.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 40


def test_creators_do_not_read_each_others_track_record(
    cast: Cast, owner: Client, browse: Browse
) -> None:
    assert "completed_share" in compared(owner, cast.creator.pk)
    assert "completed_share" not in compared(browse(cast.creator_user), cast.other_creator.pk)


def test_programs_compare_too(
    cast: Cast, program: As, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> None:
    asker = program(cast.brand_owner)
    ids = [catalogue[name].creator_id for name in ("skin", "guitarist")]
    asked = {"ids": ",".join(map(str, [*ids, ids[0]])), "campaign_id": campaign.pk}
    status, answer = asker.get("creators/compare", **asked)
    assert status == 200
    assert [creator["id"] for creator in answer["creators"]] == ids
    facts = {fact["name"]: fact for fact in answer["facts"]}
    assert [cell["place"] for cell in facts["match"]["cells"]] == ["highest", "lowest"]
    assert (facts["fake_follower_risk"]["better"], facts["followers"]["better"]) == ("lower", "")


def test_programs_are_told_what_is_wrong(cast: Cast, program: As, campaign: Campaign) -> None:
    ids = [str(creator.pk) for creator in make_creators(6)]
    asker = program(cast.brand_owner)
    for asked, expected in (
        ({"ids": ",".join(ids)}, (422, "too_many_compared", "ids")),
        ({"ids": f"{ids[0]},99999999"}, (404, "no_such_creator", None)),
        ({"ids": "one"}, (404, "no_such_creator", None)),
        ({"ids": "9" * 30}, (404, "no_such_creator", None)),
        ({}, (400, "required", "ids")),
        ({"ids": ids[0], "platform": "myspace"}, (400, "invalid_choice", "platform")),
        ({"ids": ids[0], "campaign_id": "9" * 30}, (400, "max_value", "campaign_id")),
        ({"ids": ids[0], "color": "red"}, (400, "unknown_parameter", "color")),
        ({"ids": f"{ids[0]}\x00"}, (400, "null_characters_not_allowed", "ids")),
    ):
        status, answer = asker.get("creators/compare", **asked)
        assert (status, *refusal(answer)) == expected, asked
    asked = {"ids": ids[0], "campaign_id": campaign.pk}
    assert program(cast.other_owner).get("creators/compare", **asked)[0] == 404
    assert program(None).get("creators/compare", ids=ids[0])[0] == 401


def test_what_a_creator_says_is_compared(cast: Cast, owner: Client) -> None:
    now = timezone.now()
    say_availability(
        creator=cast.creator,
        availability=Availability(True, now.date(), now.date() + timedelta(days=3)),
        actor=cast.creator_user,
        now=now,
    )
    [cell] = compared(owner, cast.creator.pk)["availability"]
    assert cell.text.startswith("Takes on work, away until ")
    assert cell.basis.startswith("said by the creator on ")
    assert Creator.objects.get(pk=cast.creator.pk).away_until is not None
