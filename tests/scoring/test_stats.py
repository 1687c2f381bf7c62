import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.stats import KNOWN_STATS, StatsRejected, read_stats

TODAY = date(2026, 3, 1)


def column(stats: dict[str, Any], name: str) -> float:
    return float(read_stats(stats, today=TODAY).columns[name][0])


def test_rates_are_in_per_cent_as_document_000_has_them() -> None:
    stats = {"engagement_rate": 4.0, "comments_to_likes": 0.25}
    assert column(stats, "like_rate") == pytest.approx(3.2)
    assert column(stats, "comment_rate") == pytest.approx(0.8)


def test_names_of_document_000_become_columns() -> None:
    stats = {"followers": 900, "follower_following_ratio": 3.0, "posting_frequency": 7}
    assert column(stats, "following") == pytest.approx(300)
    assert column(stats, "post_interval_hours") == pytest.approx(24)
    assert column({"engagement_rate": 2, "comment_engagement_ratio": 1}, "like_rate") == 1.0


def test_a_fact_sent_itself_outranks_a_derived_one() -> None:
    assert (
        column({"following": 5, "followers": 90, "follower_following_ratio": 3}, "following") == 5
    )


def test_missing_and_null_are_unknown() -> None:
    assert math.isnan(column({"followers": None}, "followers"))
    assert math.isnan(column({}, "like_rate"))
    assert math.isnan(column({"followers": 5, "follower_following_ratio": 0}, "following"))


def test_what_no_model_reads_is_taken_and_told() -> None:
    read = read_stats({"comment_quality": 0.4, "follower_growth_rate": 12}, today=TODAY)
    assert (read.unused, read.facts) == (["comment_quality"], {"stated_growth_pct": 12.0})


def test_daily_counts_become_a_series_that_ends_today() -> None:
    read = read_stats(
        {"follower_counts": [900, None, 1000], "follower_growth_rate": 80}, today=TODAY
    )
    assert float(read.columns["followers"][0]) == 1000
    assert read.facts["growth"]["first_day"] == "2026-02-27"
    assert read.facts["growth"]["offsets"] == [0, 2]
    assert read.unused == ["follower_growth_rate"]


def test_events_without_counts_explain_nothing() -> None:
    event = {"kind": "giveaway", "starts_on": "2026-02-01", "ends_on": "2026-02-03"}
    assert read_stats({"declared_events": [event]}, today=TODAY).unused == ["declared_events"]
    read = read_stats({"declared_events": [event], "follower_counts": [1, 2]}, today=TODAY)
    assert read.facts["growth"]["events"][0]["state"] == "declared"


def test_average_counts_become_rates_and_a_biography_its_length() -> None:
    stats = {"followers": 1000, "avg_likes": 50, "avg_comments": 5, "bio": "follow back F4F"}
    read = read_stats(stats, today=TODAY)
    assert [float(read.columns[name][0]) for name in ("like_rate", "comment_rate")] == [5.0, 0.5]
    assert float(read.columns["bio_length"][0]) == 15
    assert read.facts["follow_trades"] == ["follow back", "f4f"]


EVENT = {"kind": "tv", "starts_on": "2026-02-01", "ends_on": "2026-02-02"}


@pytest.mark.parametrize(
    "stats",
    [
        {"follower_counts": "many"},
        {"follower_counts": [1, -2]},
        {"follower_counts": [1, math.nan]},
        {"follower_counts": [1, math.inf]},
        {"follower_counts": [1, True]},
        {"follower_counts": [1, 10**400]},
        {"follower_counts": [1] * 367},
        {"comments": ["x" * 2_001]},
        {"comments": ["x"] * 501},
        {"comments": [4]},
        {"bio": 4},
        {"bio": "x" * 10_001},
        {"declared_events": [{**EVENT, "kind": "luck"}]},
        {"declared_events": [{**EVENT, "ends_on": "2026-03-02"}]},
        {"declared_events": [{**EVENT, "starts_on": "2026-02-03"}]},
        {"declared_events": [{**EVENT, "starts_on": "2025-02-03"}]},
        {"declared_events": [{**EVENT, "starts_on": 5}]},
        {"declared_events": [{"kind": "tv"}]},
        {"declared_events": ["tv"]},
    ],
)
def test_lists_that_cannot_be_are_refused_by_name(stats: dict[str, Any]) -> None:
    assert refused_name(stats) == f"stats.{next(iter(stats))}"


json_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.dictionaries(st.sampled_from(KNOWN_STATS) | st.text(), json_values))
def test_anything_is_read_or_refused_by_name(stats: dict[str, Any]) -> None:
    assert refused_name(stats) in {None, *(f"stats.{name}" for name in stats)}


def refused_name(stats: dict[str, Any]) -> str | None:
    try:
        read_stats(stats, today=TODAY)
    except StatsRejected as refusal:
        return refusal.attr
    return None
