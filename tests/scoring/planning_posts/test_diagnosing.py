from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AccountMetric, PostMetric, Provenance
from scoring.ml.plep.drafts import PastPost
from scoring.planning_posts import vectors
from scoring.planning_posts.answers import diagnosis_as_json
from scoring.planning_posts.diagnosing import NO_MODEL, NOTHING_KNOWN, diagnose
from scoring.planning_posts.drafts import DraftFieldRefused, PlannedPost
from scoring.planning_posts.history import Planner, read_planner
from tests.cast import NOW, Cast
from tests.scoring.planning_posts.planning import give_account, give_post

PLANNER = Planner(
    platform="douyin",
    followers=20_000,
    history=tuple(
        PastPost(NOW - timedelta(days=3 * k + 1), 800.0 + 50 * k, 9_000.0, f"soup {k}", ("soup",))
        for k in reversed(range(6))
    ),
)
POST = PlannedPost("Soup of the day #ad", ("food",), "video", NOW + timedelta(hours=3), 24.0)


# --- answers --------------------------------------------------------------------


def test_an_answer_has_a_range_its_record_reasons_and_what_was_not_used() -> None:
    found = diagnose(planner=PLANNER, post=POST, now=NOW)
    told = found.prediction
    assert told is not None
    assert 0 < told.low <= told.middle <= told.high
    assert found.record is not None
    assert 0.5 < found.record.observed < 1
    assert "3,177 later posts" in found.record.sentence
    assert found.usual == 925
    notes = " ".join(told.notes)
    assert "kind of post" in notes
    assert "Durations are not in the data" in notes
    answer = diagnosis_as_json(found)
    assert {one["about"] for one in answer["contributors"]["positive"]} <= {"account", "draft"}
    assert answer["model_version"] == "plep/v1"


def test_a_change_has_its_interval_or_says_that_nothing_is_known_of_it() -> None:
    changes = [
        {"planned_at": NOW + timedelta(hours=9)},
        {"caption": "Look, soup!"},
        {"kind": "photo"},
        {"caption": "", "hashtags": ()},
    ]
    found = diagnose(planner=PLANNER, post=POST, now=NOW, changes=changes)
    hour, caption, kind, _ = found.what_ifs
    for one in (hour, caption):
        assert one.low is not None
        assert one.low <= one.expected <= one.high
    assert kind.low is None
    assert "Not in the data" in str(kind.reason)


def test_suggestions_are_those_whose_interval_leaves_out_no_change() -> None:
    morning = replace(POST, planned_at=datetime(2026, 3, 2, 0, 30, tzinfo=UTC))
    found = diagnose(planner=PLANNER, post=morning, now=NOW)
    for one in found.suggestions:
        assert one.what_if.low is not None
        assert one.what_if.low > 1
    assert diagnose(planner=PLANNER, post=morning, now=NOW, advise=False).suggestions == ()


def test_an_unchanged_caption_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    encoder = vectors.get_encoder()

    class Counting:
        def encode(self, texts: list[str]) -> object:
            read.extend(texts)
            return encoder.encode(texts)

    monkeypatch.setattr(vectors, "get_encoder", Counting)
    vectors.forget()
    diagnose(
        planner=PLANNER,
        post=POST,
        now=NOW,
        changes=[{"planned_at": NOW + timedelta(hours=9)}, {"caption": "Look, soup!"}],
    )
    assert sorted(read) == ["Look, soup!", POST.caption]


@pytest.mark.parametrize(
    ("planner", "code"),
    [
        (replace(PLANNER, platform="youtube"), NO_MODEL),
        (replace(PLANNER, platform="twitter"), NO_MODEL),
        (Planner("tiktok"), NOTHING_KNOWN),
        (Planner("tiktok", followers=0), NOTHING_KNOWN),
    ],
)
def test_it_abstains_with_a_reason(planner: Planner, code: str) -> None:
    found = diagnose(planner=planner, post=POST, now=NOW, changes=[{"caption": "x"}])
    assert found.prediction is None
    assert found.abstention is not None
    assert found.abstention.code == code
    answer = diagnosis_as_json(found)
    assert answer["abstained"]
    assert answer["engagement"] is answer["interval"] is answer["confidence"] is None
    assert (answer["what_if"], answer["suggestions"]) == ([], [])
    assert answer["disclosure"]["state"] == "clear"


def test_what_is_simulated_is_called_so() -> None:
    found = diagnose(planner=replace(PLANNER, is_simulated=True), post=POST, now=NOW)
    assert "simulated" in found.answer.notes[0]
    assert diagnosis_as_json(found)["simulated"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"caption": "a" * 100_000}, "caption", "caption_too_long"),
        ({"caption": "a\x00b"}, "caption", "text_unusable"),
        ({"caption": "a\ud800b"}, "caption", "text_unusable"),
        ({"hashtags": ("x",) * 101}, "hashtags", "too_many_hashtags"),
        ({"hashtags": ("x" * 101,)}, "hashtags", "hashtag_too_long"),
        ({"kind": "k" * 21}, "kind", "draft_refused"),
        ({"planned_at": NOW - timedelta(minutes=1)}, "planned_at", "planned_in_the_past"),
        ({"planned_at": NOW + timedelta(days=400)}, "planned_at", "planned_too_far_ahead"),
        ({"planned_at": NOW.replace(tzinfo=None)}, "planned_at", "time_zone_missing"),
        ({"duration_s": float("nan")}, "duration_s", "duration_out_of_range"),
        ({"duration_s": 0.0}, "duration_s", "duration_out_of_range"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    change: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(DraftFieldRefused) as refused:
        diagnose(planner=PLANNER, post=replace(POST, **change), now=NOW)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)
    with pytest.raises(DraftFieldRefused) as refused:
        diagnose(planner=PLANNER, post=POST, now=NOW, changes=[{"caption": "x"}, change])
    assert refused.value.field == f"what_if.1.{field}"


def test_the_present_minute_has_not_passed() -> None:
    post = replace(POST, planned_at=NOW.replace(second=0))
    assert diagnose(planner=PLANNER, post=post, now=NOW.replace(second=40)).prediction


def test_right_to_left_text_and_emoji_are_read() -> None:
    post = replace(POST, caption="إعلان: حساء اليوم 🍲\u202e", hashtags=("حساء",))
    found = diagnose(planner=PLANNER, post=post, now=NOW)
    assert found.prediction is not None
    assert found.disclosure.state == "clear"


# --- history --------------------------------------------------------------------


@pytest.mark.django_db
def test_history_is_what_was_known_at_the_moment(
    cast: Cast, django_assert_num_queries: object
) -> None:
    account = give_account(cast.creator_user)
    give_post(account, days_ago=5.5, likes=None)  # unknown, so no part of the history
    give_post(account, days_ago=-2, likes=9)  # not out yet
    [first, *_] = account.posts.filter(published_at__lt=NOW).order_by("published_at")
    later = PostMetric.objects.create(
        post=first,
        observed_at=NOW + timedelta(hours=1),
        recorded_at=NOW + timedelta(hours=1),
        likes=10**6,
        comments=1,
        shares=1,
        provenance=Provenance.IMPORTED,
    )
    AccountMetric.objects.create(
        account=account,
        day=NOW.date(),
        followers=99,
        provenance=Provenance.IMPORTED,
        recorded_at=NOW + timedelta(hours=1),
    )
    with django_assert_num_queries(2):  # type: ignore[operator]
        planner = read_planner(account, as_of=NOW)
    assert planner.followers == 20_000
    assert [post.engagement for post in planner.history] == [
        700 + 50 * number + 50 for number in reversed(range(6))
    ]
    again = read_planner(account, as_of=later.recorded_at)
    assert again.history[0].engagement == 1_000_002
    assert Planner.from_json(planner.to_json()) == replace(planner, account=None)


@pytest.mark.django_db
def test_on_instagram_a_rate_of_followers_stands_in_for_counts(cast: Cast) -> None:
    account = give_account(cast.creator_user, platform="instagram", posts=1)
    post = give_post(account, days_ago=0.6, likes=None)
    PostMetric.objects.create(
        post=post, observed_at=NOW, recorded_at=NOW, engagement_rate=0.05,
        provenance=Provenance.IMPORTED,
    )  # fmt: skip
    assert [one.engagement for one in read_planner(account, as_of=NOW).history] == [740, 1_000]
