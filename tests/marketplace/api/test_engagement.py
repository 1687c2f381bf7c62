"""The engagement endpoints with the shipped model: answers, named refusals, who may ask."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Creator, Post, User
from scoring.visibility import set_creator_status
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal
from tests.scoring.catalogue import NOW, make_account
from tests.scoring.post_series import Counts, make_post, organic_counts, with_bought_likes

pytestmark = pytest.mark.django_db

ONE, MANY = "ml/fake-engagement", "ml/fake-engagement/batch"
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
ANSWER = {
    "score", "level", "confidence", "flagged", "abstained", "reason", "reasons", "windows",
    "step_scores", "observations", "notes",
}  # fmt: skip


def observations(
    counts: Counts, *, start: datetime = START, step: timedelta = timedelta(hours=1)
) -> list[dict[str, Any]]:
    number = len(counts["views"])
    return [
        {
            "observed_at": (start + place * step).isoformat(),
            **{name: values[place] for name, values in counts.items()},
        }
        for place in range(number)
    ]


@pytest.fixture
def organic() -> list[dict[str, Any]]:
    return observations(organic_counts())


@pytest.fixture
def bought() -> list[dict[str, Any]]:
    return observations(with_bought_likes(organic_counts(), first=60))


@pytest.fixture
def ask(program: As, brand_owner: User) -> Any:
    asker = program(brand_owner)
    return lambda body: asker.post(ONE, body)


def test_bought_likes_are_flagged_in_their_hours(ask: Any, bought: list[dict[str, Any]]) -> None:
    status, answer = ask({"video_id": "abc", "platform": "tiktok", "observations": bought})
    assert status == 200
    assert set(answer) == ANSWER | {
        "video_id", "post_id", "platform", "model_version", "detector",
    }  # fmt: skip
    assert (answer["video_id"], answer["platform"], answer["post_id"]) == ("abc", "tiktok", None)
    assert answer["flagged"]
    assert not answer["abstained"]
    assert 50 <= answer["score"] <= 100
    assert 0.5 <= answer["confidence"] <= 1
    assert answer["reasons"]
    assert all(reason["text"] and reason["effect"] for reason in answer["reasons"])
    assert answer["step_scores"] is None
    assert answer["model_version"].startswith("engagement/")
    assert answer["detector"] == "ensemble"
    attack = (START + timedelta(hours=60), START + timedelta(hours=63))
    assert any(
        datetime.fromisoformat(window["starts_at"]) <= attack[1]
        and attack[0] <= datetime.fromisoformat(window["ends_at"])
        and "likes" in window["metrics"]
        and window["sentence"]
        for window in answer["windows"]
    )


def test_an_organic_series_is_not_flagged(ask: Any, organic: list[dict[str, Any]]) -> None:
    status, answer = ask({"observations": organic})
    assert (status, answer["flagged"], answer["video_id"]) == (200, False, None)


def test_the_order_of_the_observations_does_not_matter(
    ask: Any, bought: list[dict[str, Any]]
) -> None:
    _, expected = ask({"observations": bought})
    _, answer = ask({"observations": bought[::-1]})
    assert (answer["score"], answer["windows"]) == (expected["score"], expected["windows"])
    assert answer["notes"]


def test_every_step_has_a_score_when_asked_for(ask: Any, bought: list[dict[str, Any]]) -> None:
    _, answer = ask({"observations": bought, "include_steps": True})
    assert len(answer["step_scores"]) == len(bought) - 1
    known = [score for score in answer["step_scores"] if score is not None]
    assert known
    assert all(0 <= score <= 1 for score in known)


def test_a_single_detector_can_be_asked_for(ask: Any, bought: list[dict[str, Any]]) -> None:
    status, answer = ask({"observations": bought, "detector": "robust_differences"})
    assert (status, answer["detector"]) == (200, "robust_differences")


def changed(rows: list[dict[str, Any]], place: int, **cells: Any) -> list[dict[str, Any]]:
    return [{**row, **cells} if at == place else row for at, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("cells", "code", "attr"),
    [
        ({"likes": -5}, "negative_count", "observations.3.likes"),
        ({"views": 10**14}, "count_too_large", "observations.3.views"),
        ({"views": 2.5}, "whole", "observations.3.views"),
        ({"views": "12"}, "invalid", "observations.3.views"),
        ({"views": True}, "invalid", "observations.3.views"),
        ({"views": [1]}, "invalid", "observations.3.views"),
        ({"views": 10**400}, "invalid", "observations.3.views"),
        ({"observed_at": "yesterday"}, "invalid", "observations.3.observed_at"),
        ({"observed_at": 1_700_000_000}, "invalid", "observations.3.observed_at"),
        ({"observed_at": None}, "null", "observations.3.observed_at"),
        ({"observed_at": "0001-01-01T00:00:00+14:00"}, "invalid", "observations.3.observed_at"),
        ({"observed_at": "2026-01-05T12:00:00"}, "naive_time", "observations.3.observed_at"),
        ({"observed_at": START.isoformat()}, "duplicate_time", "observations.3.observed_at"),
        ({"observed_at": "2126-01-05T12:00:00Z"}, "future_time", "observations.3.observed_at"),
        ({"dislikes": 3}, "unknown_field", "observations.3.dislikes"),
    ],
)  # fmt: skip
def test_a_bad_observation_is_named_by_its_place(
    ask: Any, organic: list[dict[str, Any]], cells: dict[str, Any], code: str, attr: str
) -> None:
    status, answer = ask({"observations": changed(organic, 3, **cells)})
    assert status == 400
    assert refusal(answer) == (code, attr)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_json_that_is_none_is_refused(program: As, brand_owner: User, literal: str) -> None:
    row = '{"observed_at": "2026-01-05", "views": ' + literal + "}"
    body = f'{{"observations": [{row}]}}'
    client = program(brand_owner).client
    response = client.post(f"/api/v1/{ONE}", body, "application/json")
    assert response.status_code == 400
    assert refusal(response.json()) == ("parse_error", None)


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        ({}, "required", "observations"),
        ({"observations": []}, "no_observations", "observations"),
        ({"observations": [], "post_id": 1}, "required", "observations"),
        ({"observations": {}}, "not_a_list", "observations.non_field_errors"),
        ({"observations": ["x"]}, "invalid", "observations.0.non_field_errors"),
        ({"observations": [{"observed_at": "2026-01-05"}]}, "no_counts", "observations"),
        ({"observations": [], "platform": "myspace"}, "invalid_choice", "platform"),
        ({"observations": [], "video_id": "x" * 101}, "max_length", "video_id"),
        ({"observations": [], "video_id": "\x00"}, "null_characters_not_allowed", "video_id"),
        ({"observations": [], "include_steps": "maybe"}, "invalid", "include_steps"),
        ({"observations": [], "speed": 1}, "unknown_field", "speed"),
        ({"post_id": "34"}, "invalid", "post_id"),
        ({"post_id": 2**70}, "max_value", "post_id"),
    ],
)
def test_a_bad_request_is_named(ask: Any, body: dict[str, Any], code: str, attr: str) -> None:
    status, answer = ask(body)
    assert status == 400
    assert (code, attr) in {(error["code"], error["attr"]) for error in answer["errors"]}


def test_an_unknown_detector_is_refused_with_those_there_are(
    ask: Any, organic: list[dict[str, Any]]
) -> None:
    status, answer = ask({"observations": organic, "detector": "tarot"})
    assert (status, refusal(answer)) == (400, ("unknown_detector", "detector"))
    assert "ensemble" in answer["errors"][0]["detail"]


def test_counts_per_period_are_not_taken_for_cumulative_ones(ask: Any) -> None:
    counts = organic_counts()
    gained = np.diff(np.array(counts["views"])).tolist()
    status, answer = ask({"observations": observations({"views": gained})})
    assert status == 400
    code, attr = refusal(answer)
    assert code == "not_cumulative"
    assert attr is not None
    assert attr.startswith("observations.")


@pytest.mark.parametrize(
    "counts",
    [
        {"views": [100, 900], "likes": [3, 40]},
        {"views": [0] * 50, "likes": [0] * 50},
        {"views": list(range(1, 51))},
        {"views": [None] * 40 + [500], "likes": [None] * 40 + [5]},
    ],
    ids=["two points", "all zeros", "one count", "hardly anything known"],
)
def test_what_cannot_be_judged_is_an_abstention_with_its_reason(ask: Any, counts: Counts) -> None:
    status, answer = ask({"observations": observations(counts)})
    assert status == 200
    assert answer["abstained"]
    assert answer["reason"]
    assert (answer["score"], answer["level"], answer["confidence"]) == (None, None, None)
    assert not answer["flagged"]
    assert answer["windows"] == []


def test_missing_counts_are_unknown_and_not_zero(ask: Any, organic: list[dict[str, Any]]) -> None:
    with_holes = [
        {name: None if place % 7 == 3 and name != "observed_at" else value
         for name, value in row.items()}
        for place, row in enumerate(organic)
    ]  # fmt: skip
    status, answer = ask({"observations": with_holes})
    assert (status, answer["abstained"], answer["flagged"]) == (200, False, False)


def test_ten_years_of_days_are_read(ask: Any) -> None:
    counts = organic_counts(hours=3650, views=4_000_000)
    days = observations(
        {name: counts[name] for name in ("views", "likes", "comments")},
        start=datetime(2015, 6, 1, tzinfo=UTC),
        step=timedelta(days=1),
    )
    status, answer = ask({"observations": days})
    assert status == 200
    assert answer["observations"] == 3651


def test_more_than_a_megabyte_is_refused_before_it_is_read(
    program: As, brand_owner: User, organic: list[dict[str, Any]]
) -> None:
    status, answer = program(brand_owner).post(ONE, {"observations": organic * 200})
    assert (status, refusal(answer)) == (413, ("body_too_large", None))


@pytest.fixture
def post(db: None) -> Post:
    ended_at = timezone.now() - timedelta(hours=2)
    return make_post(make_account("baker"), with_bought_likes(organic_counts()), ended_at=ended_at)


def test_a_known_post_needs_no_observations(ask: Any, post: Post) -> None:
    status, answer = ask({"post_id": post.pk})
    assert (status, answer["post_id"], answer["observations"]) == (200, post.pk, 97)
    assert answer["flagged"]


def test_a_known_post_without_counts_says_so(ask: Any, post: Post) -> None:
    empty = Post.objects.create(account=post.account, external_id="empty")
    status, answer = ask({"post_id": empty.pk})
    assert (status, refusal(answer)) == (400, ("no_observations", "post_id"))


def test_a_post_that_is_not_shown_is_not_found(ask: Any, cast: Cast, post: Post) -> None:
    set_creator_status(
        creator=post.account.creator,
        status=Creator.Status.SUSPENDED,
        actor=cast.moderator,
        now=NOW,
    )
    for post_id in (post.pk, 10**15):
        status, answer = ask({"post_id": post_id})
        assert (status, refusal(answer)) == (404, ("not_found", None))


@pytest.mark.parametrize("address", [ONE, MANY])
def test_strangers_are_turned_away(program: As, address: str) -> None:
    assert program(None).post(address, {})[0] == 401


def test_a_batch_keeps_its_order_and_one_bad_series_sinks_no_other(
    program: As,
    brand_owner: User,
    organic: list[dict[str, Any]],
    bought: list[dict[str, Any]],
    post: Post,
) -> None:
    series = [
        {"video_id": "a", "observations": bought},
        {"video_id": "b", "observations": changed(organic, 7, likes=-1)},
        {"video_id": "c", "observations": changed(organic, 2, views="many")},
        None,
        {"post_id": post.pk},
        {"post_id": 10**15},
        {"video_id": "d", "observations": organic},
    ]
    status, answer = program(brand_owner).post(MANY, {"series": series})
    assert status == 200
    results = answer["results"]
    assert [one["video_id"] for one in results] == ["a", "b", "c", None, None, None, "d"]
    assert [bool(one["answer"]) for one in results] == [
        True,
        False,
        False,
        False,
        True,
        False,
        True,
    ]
    told = [[(error["code"], error["attr"]) for error in one["errors"]] for one in results]
    assert told == [
        [],
        [("negative_count", "observations.7.likes")],
        [("invalid", "observations.2.views")],
        [("null", "non_field_errors")],
        [],
        [("not_found", "post_id")],
        [],
    ]
    assert answer["refused"] == 4
    assert [one["answer"]["flagged"] for one in results if one["answer"]] == [True, True, False]
    assert all(set(one["answer"]) == ANSWER for one in results if one["answer"])


def test_a_batch_answers_what_its_series_are_answered_alone(
    program: As, brand_owner: User, organic: list[dict[str, Any]], bought: list[dict[str, Any]]
) -> None:
    asker = program(brand_owner)
    _, batch = asker.post(MANY, {"series": [{"observations": rows} for rows in (organic, bought)]})
    for rows, one in zip((organic, bought), batch["results"], strict=True):
        _, alone = asker.post(ONE, {"observations": rows})
        assert one["answer"] == {name: alone[name] for name in ANSWER}


@pytest.mark.parametrize(
    ("series", "code"),
    [([], "min_length"), ([{}] * 201, "max_length"), ({}, "not_a_list")],
)
def test_a_batch_has_limits(program: As, brand_owner: User, series: Any, code: str) -> None:
    status, answer = program(brand_owner).post(MANY, {"series": series})
    assert (status, refusal(answer)) == (400, (code, "series"))


def test_a_batch_has_a_limit_of_observations_together(program: As, brand_owner: User) -> None:
    rows = [{}] * 5_001
    status, answer = program(brand_owner).post(MANY, {"series": [{"observations": rows}] * 4})
    assert (status, refusal(answer)) == (400, ("together", "series"))


def test_a_batch_asks_for_its_posts_at_once(
    program: As, brand_owner: User, post: Post, django_assert_num_queries: Any
) -> None:
    others = [
        make_post(post.account, organic_counts(seed=seed), external_id=f"more-{seed}")
        for seed in range(5)
    ]
    asker = program(brand_owner)
    asker.post(MANY, {"series": [{"post_id": post.pk}]})
    # The log-in's session and user, the posts, their observations.
    with django_assert_num_queries(4):
        asker.post(MANY, {"series": [{"post_id": one.pk} for one in [post, *others]]})


def test_the_documented_limit_is_the_size_a_body_may_have(organic: list[dict[str, Any]]) -> None:
    """A month of hours of one post is far below the megabyte."""
    month = observations(organic_counts(hours=720))
    assert len(json.dumps({"observations": month})) < 150_000
