import csv
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.points import NORMAL, BadGrowthFacts, count_spikes, score_account

STEADY = list(range(1_000, 1_030))


def score(**facts):
    return score_account(
        **{"followers": 1_000, "avg_likes": 100, "avg_comments": 0, "series": STEADY} | facts
    )


def test_the_assessment_scores_are_the_expected_ones(shared_data):
    folder = shared_data / "assessment"
    with (folder / "expected" / "fake_follower_scores.csv").open() as stream:
        expected = {row["influencer_id"]: row for row in csv.DictReader(stream)}
    with (folder / "growth_data.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 30
    for row in rows:
        points = score_account(
            followers=float(row["followers"]),
            avg_likes=float(row["avg_likes"]),
            avg_comments=float(row["avg_comments"]),
            series=json.loads(row["follower_growth_last_30_days"]),
        )
        wanted = expected[row["influencer_id"]]
        assert points.engagement_rate == float(wanted["engagement_rate"])
        assert points.spike_count == float(wanted["spike_count"])
        assert points.total_growth_pct == float(wanted["total_growth_pct"])
        assert points.score == float(wanted["fake_score"])
        assert points.reason == wanted["reason"]


@pytest.mark.parametrize(
    ("likes", "points"),
    [(19, 40), (20, 30), (49, 30), (50, 15), (80, 15), (81, 0), (0, 40)],
)
def test_engagement_points_follow_the_bands(likes, points):
    assert score(avg_likes=likes).engagement_points == points


@pytest.mark.parametrize(
    ("last", "points", "word"),
    [(130, 0, None), (131, 10, None), (150, 10, None), (151, 20, "Unusually"), (171, 30, "Extrem")],
)
def test_growth_points_follow_the_bands(last, points, word):
    result = score(series=np.linspace(100, last, 30))
    assert result.growth_points == points
    assert result.reason == NORMAL if word is None else result.reason.startswith(word)


def test_spikes_are_days_beyond_two_deviations():
    series = np.cumsum([1_000, *[10] * 13, 500, *[10] * 14, 480])
    assert count_spikes(series) == 2
    result = score(series=series)
    assert (result.spike_points, result.reasons[0]) == (20, "2 follower spike detected")


def test_three_spikes_are_spoken_of_in_the_plural():
    series = np.cumsum([10_000, *([1] * 12 + [900]) * 3])
    assert score(series=series).reasons[0] == "3 follower spikes detected"


def test_a_steady_account_is_normal():
    assert score().reasons == (NORMAL,)
    assert count_spikes(STEADY) == 0


def test_the_score_is_capped_at_100():
    series = np.cumsum([1_000, *([1] * 25 + [9_000]) * 6])
    result = score(avg_likes=1, series=series)
    assert result.spike_points + result.engagement_points + result.growth_points == 120
    assert result.score == 100


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"followers": 0}, "followers"),
        ({"followers": -1}, "followers"),
        ({"avg_likes": math.nan}, "avg_likes"),
        ({"avg_comments": math.inf}, "avg_comments"),
        ({"series": []}, "follower_growth_last_30_days"),
        ({"series": [5]}, "follower_growth_last_30_days"),
        ({"series": [0, 5]}, "follower_growth_last_30_days"),
        ({"series": [5, math.nan, 7]}, "follower_growth_last_30_days"),
        ({"series": [5, -1, 7]}, "follower_growth_last_30_days"),
    ],
)
def test_facts_without_meaning_are_refused_by_name(facts, field):
    with pytest.raises(BadGrowthFacts) as caught:
        score(**facts)
    assert caught.value.field == field


@given(
    st.lists(st.integers(1, 10**9), min_size=2, max_size=40),
    st.integers(1, 10**9),
    st.integers(0, 10**9),
)
def test_any_account_scores_between_0_and_100_with_reasons(series, followers, likes):
    result = score(series=series, followers=followers, avg_likes=likes)
    assert 0 <= result.score <= 100
    assert result.reasons
    assert result == score(series=series, followers=followers, avg_likes=likes)
