from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from scoring.ml.plep import captions, posts, training
from scoring.ml.plep.explaining import FACTS
from scoring.ml.plep.features import COLUMN, FEATURES, gather_facts
from scoring.ml.plep.history import HISTORY_FEATURES, histories, history_facts
from scoring.ml.plep.images import MAX_PIXELS, ImageRefused, image_facts
from scoring.ml.plep.likeness import likeness_facts, wording
from scoring.ml.plep.paired import CHANGES, previous_posts
from scoring.ml.tables import TableError
from tests.scoring.ml.plep.made import encode, made_posts, write

DAY = 86_400.0


# --- captions -------------------------------------------------------------------


def test_a_caption_is_counted_without_knowing_its_language():
    facts = captions.caption_facts(
        "看看这个？关注我 ✨ #美食 @someone <link> #Tag", ["tag", "Other"]
    )
    assert facts.hashtags == ("美食", "tag", "other")
    assert (facts.questions, facts.emoji, facts.mentions, facts.links) == (1, 1, 1, 1)
    assert facts.calls_to_action == 1
    assert captions.caption_facts("Link in bio!").calls_to_action == 1
    assert captions.caption_facts("the bio of a linguist").calls_to_action == 0


def test_no_caption_is_all_zeros():
    for nothing in (None, "", "   "):
        facts = captions.caption_facts(nothing)
        assert facts.characters == facts.words == facts.lines == 0
        assert facts.hashtags == ()


def test_a_caption_too_long_is_cut_with_a_note():
    text, note = captions.cut_caption("a" * 100_000)
    assert len(text) == captions.MAX_CHARACTERS
    assert "100,000" in note
    assert captions.cut_caption("short") == ("short", None)
    assert captions.caption_facts("#" * 100_000).hashtags == ()


def test_hashtags_are_taken_out_and_nothing_else():
    assert captions.without_hashtags("Soup today #soup  #food") == "Soup today"
    assert captions.without_hashtags("no  tags") == "no  tags"
    assert captions.without_hashtags(None) == ""


# --- images ---------------------------------------------------------------------


def test_an_image_is_described_by_size_light_colour_and_distance():
    grey = np.full((60, 80, 3), 128, np.uint8)
    facts = image_facts(grey)
    assert (facts.width, facts.height) == (80, 60)
    assert facts.brightness == pytest.approx(128 / 255)
    assert facts.colourfulness == pytest.approx(0, abs=1e-4)
    assert facts.distance_to_past is None
    ramp = np.repeat(np.tile(np.arange(0, 252, 2, dtype=np.uint8), (90, 1))[:, :, None], 3, axis=2)
    rising, falling = image_facts(ramp), image_facts(ramp[:, ::-1])
    assert rising.perceptual_hash == 2**64 - 1
    assert falling.perceptual_hash == 0
    assert image_facts(ramp, [falling.perceptual_hash, 2**64 - 2]).distance_to_past == 1
    red = grey.copy()
    red[..., 0] = 255
    assert image_facts(red).colourfulness > 30


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((0, 5, 3), np.uint8),
        np.zeros((5, 5), np.uint8),
        np.zeros((5, 5, 3), float),
        np.lib.stride_tricks.as_strided(
            np.zeros(3, np.uint8), (MAX_PIXELS, 2, 3), (0, 0, 1), writeable=False
        ),
    ],
)
def test_what_is_no_image_is_refused(image):
    with pytest.raises(ImageRefused):
        image_facts(image)


# --- history --------------------------------------------------------------------


def test_history_is_what_came_before_and_nothing_later():
    times = np.array([1.0, 2.0, 3.0, 10.0]) * DAY
    values, views = np.log1p([10.0, 20.0, 30.0, 9e9]), np.full(4, np.nan)
    before = history_facts(times, values, views, 3.5 * DAY)
    alone = history_facts(times[:3], values[:3], views[:3], 3.5 * DAY)
    np.testing.assert_array_equal(before, alone)
    facts = dict(zip(HISTORY_FEATURES, before, strict=True))
    assert np.expm1(facts["own_posts"]) == pytest.approx(3)
    assert facts["own_level"] + facts["own_median_off"] == pytest.approx(np.log1p(20))
    assert np.expm1(facts["days_since_last"]) == pytest.approx(0.5)
    assert np.isnan(facts["own_views_off"])


def test_without_a_time_or_earlier_posts_there_is_no_history():
    times, values = np.array([5.0, 5.0]) * DAY, np.log1p([1.0, 2.0])
    for at in (np.nan, 5.0 * DAY):
        facts = history_facts(times, values, values, at)
        assert facts[0] == 0
        assert np.isnan(facts[1:]).all()


def test_the_history_of_a_row_does_not_depend_on_rows_order_or_other_creators():
    generator = np.random.default_rng(2)
    creators = generator.integers(-1, 5, 60)
    times, values = generator.random(60) * 90 * DAY, generator.random(60) * 5
    texts = [
        wording(f"text {k % 7}", captions.caption_facts(None, [f"t{k % 3}"])) for k in range(60)
    ]
    found = histories(creators, times, values, values + 2, texts)
    order = generator.permutation(60)
    moved = [texts[k] for k in order]
    again = histories(creators[order], times[order], values[order], values[order] + 2, moved)
    np.testing.assert_array_equal(found[order], again)
    assert (found[creators < 0, 0] == 0).all()


def test_posts_with_a_like_caption_weigh_more():
    def worded(caption, *tags):
        return wording(caption, captions.caption_facts(caption, tags))

    earlier = [worded("soup of the day", "soup"), worded("my holiday pictures", "sea")]
    values = np.array([2.0, 4.0])
    off, likest, likest_off, tags_off, shared = likeness_facts(
        worded("soup of the night", "soup"), earlier, values
    )
    assert -1 < off < -0.5
    assert 0.5 < likest < 1
    assert likest_off == -1
    assert tags_off < -0.8
    assert shared == 1
    assert np.isnan(likeness_facts(worded("x"), [], np.array([]))).all()
    even = likeness_facts(worded(None), [worded(None), worded(None)], values)
    np.testing.assert_allclose(even, [0, 0, np.nan, 0, 0], atol=1e-12)


def test_the_previous_post_is_the_creators_own_and_earlier():
    creators = np.array([0, 1, 0, 0, -1, -1, 1])
    times = np.array([3.0, 1.0, 1.0, 2.0, 1.0, 2.0, 1.0])
    np.testing.assert_array_equal(previous_posts(creators, times), [3, -1, -1, 2, -1, -1, -1])


# --- files ----------------------------------------------------------------------


def read(frame, folder):
    return posts.read_posts(write(frame, folder))


def test_a_post_in_a_file_twice_is_read_once(tmp_path):
    frame = made_posts(3, 2)
    again = frame.iloc[[0]].assign(video_id="other")
    same_id = frame.iloc[[1]].assign(caption="edited")
    file = read(pd.concat([frame, again, same_id]), tmp_path)
    assert (file.rows, file.duplicates, len(file.posts)) == (8, 2, 6)


def test_the_same_post_in_two_files_is_one_post_of_one_creator(tmp_path):
    frame = made_posts(4, 3)
    halves = [frame.iloc[:8], frame.iloc[4:]]
    files = [posts.read_posts(write(h, tmp_path, f"{k}.csv")) for k, h in enumerate(halves)]
    joined = posts.join_files(files)
    assert len(joined) == 12
    assert len(np.unique(joined.creators)) == 4


def test_engagement_is_unknown_when_one_of_its_counts_is(tmp_path):
    frame = made_posts(2, 2)
    frame["comments"] = frame["comments"].astype(float)
    frame.loc[0, "comments"] = np.nan
    frame.loc[1, "shares"] = -1
    found = read(frame, tmp_path).posts
    assert np.isnan(found.engagement[:2]).all()
    assert found.engagement[2] == frame.loc[2, ["likes", "comments", "shares"]].sum()


def test_an_instagram_rate_becomes_a_count_of_followers(tmp_path):
    frame = pd.DataFrame(
        {"creator_followers": [1000.0, None], "engagement_rate": [2.5, 2.5], "caption": ["a", "b"]}
    )
    found = read(frame, tmp_path).posts
    assert found.platforms[0] == "instagram"
    assert found.engagement[0] == pytest.approx(25)
    assert np.isnan(found.engagement[1])
    assert (found.creators == -1).all()


def test_measured_outcomes_are_read_and_the_accounts_own_rate_is_not(tmp_path):
    frame = pd.DataFrame(
        {
            "platform": ["instagram"] * 2,
            "creator_id": [1, 1],
            "followers": [1000, 1000],
            "engagement_rate": [0.05, 0.05],
            "engagements_7d": [30, 40],
            "engagements_30d": [None, 60],
            "published_at": ["2026-01-01T10:00:00+01:00"] * 2,
            "caption": ["a", "b"],
        }
    )
    found = read(frame, tmp_path).posts
    np.testing.assert_array_equal(found.engagement, [30, 60])
    assert found.times[0] == datetime(2026, 1, 1, 9, tzinfo=UTC).timestamp()


def test_parts_of_measured_outcomes_are_summed_as_the_collections_count(tmp_path):
    frame = pd.DataFrame(
        {
            "platform": ["instagram", "tiktok", "tiktok"],
            "creator_id": [1, 2, 3],
            "engagements_30d": [500, 500, 500],
            "likes_30d": [100, 100, None],
            "comments_30d": [10, 10, 10],
            "shares_30d": [5, 5, 5],
            "likes_7d": [1, 1, 80],
            "comments_7d": [1, 1, 2],
            "shares_7d": [1, 1, 3],
            "published_at": ["2026-01-01T10:00:00+01:00"] * 3,
        }
    )
    np.testing.assert_array_equal(read(frame, tmp_path).posts.engagement, [110, 115, 85])


def test_exported_outcomes_can_be_trained_on(tmp_path):
    frame = made_posts(60, 5).rename(
        columns={f"{c}": f"{c}_30d" for c in ("likes", "comments", "shares", "views")}
        | {"creator_followers": "followers", "video_id": "post_id"}
    )
    frame = frame.assign(engagement_rate=0.05, engagements_30d=None, simulated=0)
    found = training.gather([write(frame, tmp_path)], encode).examples
    assert list(found) == ["tiktok"]
    assert len(found["tiktok"]) == 300


def test_a_file_of_something_else_is_refused(tmp_path):
    with pytest.raises(TableError, match="has none of the columns"):
        read(pd.DataFrame({"bio": ["x"]}), tmp_path)


def test_times_that_cannot_be_read_are_unknown(tmp_path):
    frame = made_posts(1, 3)
    frame.loc[0, "published_at"] = "yesterday"
    assert np.isnan(read(frame, tmp_path).posts.times[0])


# --- features -------------------------------------------------------------------


def test_hours_and_weekdays_are_in_utc(tmp_path):
    frame = made_posts(1, 1).assign(published_at="2025-05-21T23:30:00-02:00")  # a Thursday in UTC
    found = read(frame, tmp_path).posts
    facts = gather_facts(found, np.full((1, 384), np.nan))
    assert facts.plain[0, COLUMN["hour"]] == 1
    assert facts.plain[0, COLUMN["weekday"]] == 3


def test_every_feature_belongs_to_one_fact_and_one_change_at_most():
    told = [name for names in FACTS.values() for name in names]
    assert sorted(told) == sorted(FEATURES)
    changed = [name for names in CHANGES.values() for name in names]
    assert len(changed) == len(set(changed))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (["03/04/2025 10:00", "13/04/2025"], [3, 13]),
        (["04/03/2025", "04/13/2025 23:59"], [3, 13]),
        (["2025-04-03", "13.04.2025"], [3, 13]),
        (["2025-04-03T02:00:00+07:00", "1744538400"], [2, 13]),
    ],
)
def test_times_are_read_as_the_file_writes_them(written, days, tmp_path):
    read = posts_of(published_at=written, caption=["a", "b"], tmp_path=tmp_path)
    assert [datetime.fromtimestamp(time, UTC).day for time in read.times] == days
    assert {datetime.fromtimestamp(time, UTC).month for time in read.times} == {4}


@pytest.mark.parametrize("written", [["03/04/2025", "05/06/2025"], ["13/04/2025", "04/13/2025"]])
def test_days_and_months_that_cannot_be_told_apart_are_unknown(written, tmp_path):
    read = posts_of(published_at=written, caption=["a", "b"], tmp_path=tmp_path)
    assert np.isnan(read.times).all()


def test_a_list_of_profiles_has_no_posts_to_judge_by(tmp_path):
    columns = {"platform": ["instagram"], "followers": [1000.0], "engagement_rate": [0.02]}
    assert np.isnan(posts_of(tmp_path=tmp_path, **columns).engagement).all()
    assert np.isfinite(posts_of(tmp_path=tmp_path, caption=["a"], **columns).engagement).all()


def posts_of(tmp_path, **columns):
    path = tmp_path / "posts.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    return posts.read_posts(path).posts
