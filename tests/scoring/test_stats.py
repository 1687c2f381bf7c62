import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.stats import KNOWN_STATS, StatsRejected, read_stats


def column(stats: dict[str, Any], name: str) -> float:
    return float(read_stats(stats).columns[name][0])


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
    assert read_stats({"follower_growth_rate": -5.2}).unused == ["follower_growth_rate"]


json_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.dictionaries(st.sampled_from(KNOWN_STATS) | st.text(), json_values))
def test_anything_is_read_or_refused_by_name(stats: dict[str, Any]) -> None:
    assert refused_name(stats) in {None, *(f"stats.{name}" for name in stats)}


def refused_name(stats: dict[str, Any]) -> str | None:
    try:
        read_stats(stats)
    except StatsRejected as refusal:
        return refusal.attr
    return None
