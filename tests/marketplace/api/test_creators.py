"""Creators by API: what is shown, how it is filtered, what it costs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Creator, SocialAccount, User
from tests.marketplace.api.conftest import As, refusal
from tests.marketplace.pages.conftest import make_creators

pytestmark = pytest.mark.django_db


def names(answer: dict[str, Any]) -> set[str]:
    return {account["handle"] for row in answer["results"] for account in row["accounts"]}


def test_the_list_is_walked_by_its_cursors_without_gaps(program: As, brand_owner: User) -> None:
    made = {creator.pk for creator in make_creators(25)}
    asker = program(brand_owner)
    status, page = asker.get("creators/", page_size=10)
    seen = [row["id"] for row in page["results"]]
    while page["next"]:
        status, page = asker.read(asker.client.get(page["next"]))
        assert status == 200
        seen += [row["id"] for row in page["results"]]
    assert len(seen) == len(set(seen))
    assert made <= set(seen)
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"platform": "tiktok"}, {"skin", "guitarist", "silent"}),
        ({"country": "italy"}, {"vegan_cook", "weights"}),
        ({"min_followers": 60_000}, {"runner", "silent", "video_shop"}),
        ({"max_followers": 20_000}, {"vegan_cook", "weights"}),
        ({"min_followers": 60_000, "platform": "douyin"}, {"video_shop"}),
        ({"q": "GUITAR"}, {"guitarist"}),
        ({"q": "@video_sh"}, {"video_shop"}),
        ({"q": "sensitive skin"}, {"skin"}),
        ({"max_risk": 0}, set()),
        ({"niche": "no-such-niche"}, set()),
    ],
)
def test_filters_narrow_the_list(
    program: As,
    brand_owner: User,
    catalogue: dict[str, SocialAccount],
    query: dict[str, Any],
    expected: set[str],
) -> None:
    status, answer = program(brand_owner).get("creators/", **query)
    assert (status, names(answer)) == (200, expected)


def test_a_niche_filter_finds_what_the_model_named(
    program: As, brand_owner: User, catalogue: dict[str, SocialAccount]
) -> None:
    entry = catalogue["skin"].search_entry
    entry.refresh_from_db()
    assert entry.niches
    _, answer = program(brand_owner).get("creators/", niche=entry.niches[0])
    assert "skin" in names(answer)


def test_all_limits_hold_for_one_account(program: As, brand_owner: User) -> None:
    [creator] = make_creators(1)
    SocialAccount.objects.create(creator=creator, platform="youtube", handle="second")
    _, answer = program(brand_owner).get("creators/", platform="youtube", country="Italy")
    assert answer["results"] == []


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ({"platform": "myspace"}, "platform"),
        ({"min_followers": "many"}, "min_followers"),
        ({"min_followers": -1}, "min_followers"),
        ({"max_followers": 10**30}, "max_followers"),
        ({"max_risk": 101}, "max_risk"),
        ({"max_risk": "nan"}, "max_risk"),
        ({"q": "x" * 101}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"min_follower": 5}, "min_follower"),
    ],
)
def test_filters_that_cannot_be_are_refused_by_name(
    program: As, brand_owner: User, query: dict[str, Any], attr: str
) -> None:
    status, answer = program(brand_owner).get("creators/", **query)
    assert status == 400
    assert refusal(answer)[1] == attr


@pytest.mark.parametrize("cursor", ["x", "cD1hYmM=", "cD0tMQ==", "cD0xMA==x", "bz0xJnA9MQ=="])
def test_a_cursor_nobody_gave_out_is_no_crash(program: As, brand_owner: User, cursor: str) -> None:
    status, _ = program(brand_owner).get("creators/", cursor=cursor)
    assert status in {200, 404}


def test_detail_shows_each_score_with_reasons_inputs_and_version(
    program: As, creator_user: User, catalogue: dict[str, SocialAccount]
) -> None:
    status, answer = program(creator_user).get(f"creators/{catalogue['skin'].creator_id}/")
    assert status == 200
    [account] = answer["accounts"]
    assert account["latest_counts"]["followers"] == 30_000
    assert [score["task"] for score in account["scores"]] == ["authenticity", "niche", "price"]
    for score in account["scores"]:
        assert score["inputs"]
        assert score["model_version"].startswith(f"{score['task']}/")
        assert len(score["snapshot_hash"]) == 64
        assert score["abstained"] or score["reasons"]


def test_a_suspended_creator_is_seen_by_moderators_and_themselves_only(
    program: As, brand_owner: User, moderator: User, creator_user: User
) -> None:
    creator = creator_user.creator
    Creator.objects.filter(pk=creator.pk).update(status="suspended")
    address = f"creators/{creator.pk}/"
    assert program(moderator).get(address)[0] == 200
    assert program(creator_user).get(address)[0] == 200
    status, answer = program(brand_owner).get(address)
    assert (status, refusal(answer)[0]) == (404, "not_found")
    _, listed = program(brand_owner).get("creators/")
    assert creator.pk not in {row["id"] for row in listed["results"]}


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40])
def test_ids_nobody_has_are_not_found(program: As, brand_owner: User, pk: str) -> None:
    assert program(brand_owner).get(f"creators/{pk}/")[0] == 404


def test_strangers_are_asked_to_log_in(program: As, db: None) -> None:
    assert program(None).get("creators/")[0] == 401
    assert program(None).get("creators/1/")[0] == 401


def test_the_list_costs_the_same_queries_whatever_its_length(
    program: As, brand_owner: User
) -> None:
    asker = program(brand_owner)
    make_creators(2)
    asker.get("creators/", page_size=100)
    with CaptureQueriesContext(connection) as few:
        asker.get("creators/", page_size=100)
    make_creators(30, first=2)
    with CaptureQueriesContext(connection) as many:
        asker.get("creators/", page_size=100)
    assert len(many) == len(few)


def test_detail_costs_the_same_queries_whatever_the_accounts(
    program: As, brand_owner: User
) -> None:
    [creator] = make_creators(1)
    asker = program(brand_owner)
    address = f"creators/{creator.pk}/"
    asker.get(address)
    with CaptureQueriesContext(connection) as few:
        asker.get(address)
    for platform in ("youtube", "tiktok", "douyin"):
        SocialAccount.objects.create(creator=creator, platform=platform, handle="more")
    with CaptureQueriesContext(connection) as many:
        _, answer = asker.get(address)
    assert len(answer["accounts"]) == 4
    assert len(many) == len(few)
