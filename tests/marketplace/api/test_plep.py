"""Planned posts asked about by programs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import SocialAccount
from tests.cast import Cast
from tests.marketplace.api.conftest import Program
from tests.marketplace.pages.collaborating import reach
from tests.scoring.planning_posts.planning import give_account
from tests.scoring.planning_posts.test_pictures import picture

pytestmark = pytest.mark.django_db

ALONE = {
    "platform": "tiktok",
    "followers": 20_000,
    "history": [{"published_at": "2026-01-02T10:00:00Z", "engagement": 900, "caption": "soup"}],
}


@pytest.fixture
def account(cast: Cast) -> SocialAccount:
    return give_account(cast.creator_user)


def soon() -> str:
    return (timezone.now() + timedelta(days=1)).isoformat()


def test_creators_and_brands_are_answered_about_an_account(
    cast: Cast, account: SocialAccount
) -> None:
    body = {
        "caption": "Soup #ad",
        "planned_at": soon(),
        "what_if": [{"caption": "Look, soup!"}, {"planned_at": soon(), "hashtags": ["x"]}],
    }
    answers = []
    for user in (cast.creator_user, cast.brand_viewer):
        for named in ({"account_id": account.pk}, {"influencer_id": f"infl_{account.creator_id}"}):
            status, answer = Program(user).post("ml/plep", body | named)
            assert status == 200, answer
            answers.append(answer)
    [answer, *others] = answers
    assert answer["account_id"] == account.pk
    assert answer["engagement"]["low"] <= answer["engagement"]["expected"]
    assert answer["interval"]["nominal"] == 0.8
    assert answer["what_if"][0]["changed"] == ["caption"]
    assert len(answer["what_if"]) == 2
    assert answer["disclosure"]["state"] == "clear"
    assert not answer["simulated"]
    assert all(one["engagement"] == answer["engagement"] for one in others)


def test_it_answers_about_accounts_that_are_not_here_and_abstains(cast: Cast) -> None:
    program = Program(cast.brand_owner)
    status, answer = program.post("ml/plep", ALONE | {"caption": "Soup"})
    assert (status, answer["account_id"], answer["abstained"]) == (200, None, False)
    _, nothing = program.post("ml/plep", {"platform": "tiktok", "caption": "Soup"})
    assert (nothing["abstained"], nothing["code"]) == (True, "nothing_known_of_account")
    _, other = program.post("ml/plep", {"platform": "youtube", "followers": 10})
    assert other["code"] == "no_model_for_platform"
    assert other["engagement"] is None


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "platform"),
    (ALONE | {"account_id": 1}, "followers"),
    ({"account_id": 1, "influencer_id": 1}, "account_id"),
    (ALONE | {"caption": "a" * 100_000}, "caption"),
    (ALONE | {"caption": "a\x00"}, "caption"),
    (ALONE | {"planned_at": "2020-01-01T10:00:00Z"}, "planned_at"),
    (ALONE | {"planned_at": "2099-01-01T10:00:00"}, "planned_at"),
    (ALONE | {"hashtags": ["x"] * 101}, "hashtags"),
    (ALONE | {"duration_s": 0}, "duration_s"),
    (ALONE | {"followers": 10**30}, "followers"),
    (ALONE | {"followers": -1}, "followers"),
    (ALONE | {"what_if": [{}]}, "what_if.0.non_field_errors"),
    (ALONE | {"what_if": [{"planned_at": "2020-01-01T10:00:00Z"}]}, "what_if.0.planned_at"),
    (ALONE | {"what_if": [{"followers": 3}]}, "what_if.0.followers"),
    (ALONE | {"what_if": [{"caption": "x"}] * 11}, "what_if.non_field_errors"),
    (ALONE | {"history": [{"engagement": 3}]}, "history.0.published_at"),
    ({"account_id": 2**70}, "account_id"),
    (ALONE | {"likes": 3}, "likes"),
]


def test_bad_input_is_refused_with_its_name(cast: Cast) -> None:
    program = Program(cast.creator_user)
    for body, attr in REFUSED:
        status, refusal = program.post("ml/plep", body)
        assert status == 400, refusal
        assert [one["attr"] for one in refusal["errors"]] == [attr]


def test_who_may_not_see_an_account_or_is_nobody_is_refused(
    cast: Cast, account: SocialAccount
) -> None:
    assert Program(None).post("ml/plep", ALONE)[0] == 401
    account.creator.status = "suspended"
    account.creator.save()
    assert Program(cast.brand_owner).post("ml/plep", {"account_id": account.pk})[0] == 404
    assert Program(cast.brand_owner).post("ml/plep", {"collaboration_id": 3})[0] == 404
    assert Program(cast.creator_user).post("ml/plep", {"account_id": account.pk})[0] == 200


def test_a_collaboration_names_the_account_and_the_words_agreed(
    cast: Cast, account: SocialAccount
) -> None:
    one = reach(cast, "agreed", now=timezone.now())
    body = {"collaboration_id": one.pk, "caption": "Soup (Anzeige)"}
    for user in (cast.creator_user, cast.brand_viewer):
        status, answer = Program(user).post("ml/plep", body)
        assert (status, answer["account_id"]) == (200, account.pk)
        assert any("“#ad”, which is not in" in words for words in answer["disclosure"]["warnings"])
    for user in (cast.other_owner, cast.other_creator_user):
        assert Program(user).post("ml/plep", body)[0] == 404
    other = Program(cast.creator_user).post("ml/plep", body | {"platform": "youtube"})
    assert other[0] == 404


def test_a_picture_comes_as_a_second_part(cast: Cast, account: SocialAccount) -> None:
    program = Program(cast.creator_user)

    def send(**parts: Any) -> tuple[int, Any]:
        return program.read(program.client.post("/api/v1/ml/plep", parts))

    def image(data: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("soup.png", data, "image/png")

    draft = json.dumps({"account_id": account.pk, "caption": "Soup"})
    status, answer = send(draft=draft, image=image(picture()))
    assert (status, answer["picture"]["width"]) == (200, 80)
    assert any("image" in note for note in answer["notes"])
    status, refusal = send(draft=draft, image=image(b"<svg onload=alert(1)>"))
    assert status == 400
    assert (refusal["errors"][0]["code"], refusal["errors"][0]["attr"]) == (
        "image_not_pixels",
        "image",
    )
    for parts in (
        {},
        {"draft": "{"},
        {"draft": draft, "image": "text"},
        {"draft": draft, "x": "1"},
    ):
        assert send(**parts)[0] == 400
