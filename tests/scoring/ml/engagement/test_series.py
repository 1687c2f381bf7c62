import time
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from scoring.ml.engagement.reading import read_series
from scoring.ml.engagement.series import SeriesRejected, checked_arrays, checked_series

NOW = datetime(2025, 6, 1, tzinfo=UTC)
START = datetime(2025, 1, 1, tzinfo=UTC)
NAN, INF = float("nan"), float("inf")


def series(counts, times=None, now=NOW):
    if times is None:
        length = len(next(iter(counts.values()), ()))
        times = [START + timedelta(hours=hour) for hour in range(length)]
    return checked_series(series_id="a", times=times, counts=counts, now=now)


def test_unsorted_observations_are_put_in_order_and_said_so():
    times = [START + timedelta(hours=hour) for hour in (2, 0, 1)]
    checked = series({"views": [30, 10, None]}, times)
    np.testing.assert_array_equal(checked.counts["views"], [10, np.nan, 30])
    np.testing.assert_array_equal(checked.step_hours, [1, 1])
    assert checked.time_of(0) == START
    assert checked.notes == ("The observations were put in the order of their times.",)
    assert checked.known_metrics() == ("views",)
    assert np.isnan(checked.counts["shares"]).all()


def test_times_of_several_zones_are_one_time_line():
    east = timezone(timedelta(hours=9))
    checked = series({"views": [1, 2]}, [START, START.astimezone(east) + timedelta(hours=3)])
    np.testing.assert_allclose(checked.step_hours, [3])


@pytest.mark.parametrize(
    ("counts", "code", "place"),
    [
        ({}, "no_observations", None),
        ({"views": []}, "no_observations", None),
        ({"views": [None, NAN]}, "no_counts", None),
        ({"views": [1, -2, 3]}, "negative_count", 1),
        ({"views": [1, 2, INF]}, "infinite_count", 2),
        ({"views": [1, -INF, 3]}, "infinite_count", 1),
        ({"views": [1, 2, 1e14]}, "count_too_large", 2),
        ({"views": [1, 2, 10**400]}, "unreadable_count", 2),
        ({"views": [1, "many", 3]}, "unreadable_count", 1),
        ({"views": [1, [2, 3], 4]}, "unreadable_count", 1),
        ({"views": [1, 2], "saves": [1, 2]}, "unknown_metric", None),
        ({"views": [1, 2], "likes": [1]}, "lengths_differ", None),
        ({"views": [900, 400, 200, 90]}, "not_cumulative", 1),
        ({"views": [500, 510, 480, 505, 490, 500, 470, 515, 480] * 4}, "not_cumulative", 2),
        ({"comments": [90, 40, 20, 9]}, "not_cumulative", 1),
    ],
)
def test_what_is_no_series_of_counts_is_refused_by_name(counts, code, place):
    with pytest.raises(SeriesRejected) as refused:
        series(counts)
    assert (refused.value.code, refused.value.place) == (code, place)
    assert refused.value.message.endswith((".", ")"))


@pytest.mark.parametrize(
    ("times", "code", "place"),
    [
        ([START, START.replace(tzinfo=None)], "naive_time", 1),
        ([START, START], "duplicate_time", 1),
        ([START, NOW + timedelta(days=2)], "future_time", 1),
        ([START, datetime(9999, 12, 31, tzinfo=UTC)], "future_time", 1),
    ],
)
def test_times_that_cannot_be_are_refused_by_name(times, code, place):
    with pytest.raises(SeriesRejected) as refused:
        series({"views": [1, 2]}, times)
    assert (refused.value.code, refused.value.place) == (code, place)
    assert refused.value.metric == "observed_at"


@pytest.mark.parametrize("hour", [NAN, INF, -1e12])
def test_hours_that_are_no_time_are_refused(hour):
    with pytest.raises(SeriesRejected) as refused:
        checked_arrays(series_id="a", hours=[0.0, hour], counts={"views": [1, 2]}, now=NOW)
    assert refused.value.code == "unreadable_time"


def test_a_day_of_grace_for_dates_of_other_zones():
    assert len(series({"views": [1, 2]}, [START, NOW + timedelta(hours=23)])) == 2


def test_counts_taken_back_are_levelled_out_with_a_note():
    checked = series({"views": [10, 100, 95, 120]})
    np.testing.assert_array_equal(checked.counts["views"], [10, 100, 100, 120])
    np.testing.assert_array_equal(checked.increments("views"), [90, 0, 20])
    assert "Views fell 1 time;" in checked.notes[0]


def test_many_small_falls_are_spam_taken_away_not_counts_per_day():
    counts = [1000, 1010, 1008, 1020, 1018, 1030, 1028]
    checked = series({"views": range(7), "comments": counts})
    np.testing.assert_array_equal(
        checked.counts["comments"], [1000, 1010, 1010, 1020, 1020, 1030, 1030]
    )


def test_comments_per_day_beside_cumulative_views_are_left_out():
    checked = series({"comments": [90, 40, 20, 9], "views": [1, 2, 3, 4]})
    assert np.isnan(checked.counts["comments"]).all()
    assert "left out" in checked.notes[0]


def test_likes_that_were_switched_off_are_unknown_from_there():
    checked = series({"views": [1, 2, 3, 4], "likes": [5, 9, 0, 0]})
    np.testing.assert_array_equal(checked.counts["likes"], [5, 9, np.nan, np.nan])
    assert checked.notes == ("Likes fell to 0 for good; unknown from there.",)


def test_all_zeros_and_one_point_are_series():
    assert series({"views": [0, 0, 0]}).counts["views"].tolist() == [0, 0, 0]
    one = series({"views": [5]})
    assert len(one.step_hours) == 0
    assert np.isnan(one.typical_step_hours)


def test_the_given_arrays_are_not_changed():
    views, hours = np.array([1.0, 50.0, 40.0, 60.0]), np.arange(4.0)
    checked_arrays(series_id="a", hours=hours, counts={"views": views}, now=NOW)
    assert views.tolist() == [1, 50, 40, 60]


def test_ten_years_of_hours_are_checked_within_a_second():
    times = [START - timedelta(hours=hour) for hour in range(87_600)]
    counts = list(range(87_600, 0, -1))
    begun = time.perf_counter()
    checked = series({"views": counts, "likes": counts}, times)
    assert time.perf_counter() - begun < 1.0
    assert len(checked) == 87_600


def test_hardly_any_real_series_is_refused(shared_data):
    read = read_series(shared_data / "series_youtube_daily.csv.gz")
    assert len(read.series) + len(read.refused) == 5_580
    assert len(read.refused) <= 5
