"""Formulas, windows and addresses: known answers, and None where a part is missing."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.horizons import WINDOWS, Horizon, is_within, missed_at
from campaigns.results import arithmetic
from campaigns.results.addresses import Address, read_address
from campaigns.results.arithmetic import Ratio, Total, ratio, total
from campaigns.results.plausibility import list_warnings

COUNTS = {"likes": 80, "comments": 10, "shares": 6, "saves": 4}
maybe = st.none() | st.integers(0, 10**10)


def test_known_answers() -> None:
    engaged = arithmetic.engagements(COUNTS, "instagram")
    assert engaged == 100
    assert arithmetic.engagement_rate(engaged, 2_000) == 0.05
    assert arithmetic.cost_per_engagement(50_000, engaged) == 500
    assert arithmetic.cost_per_thousand(50_000, 4_000) == 12_500
    assert arithmetic.cost_per_view(50_000, 2_000) == 25


@pytest.mark.parametrize(
    ("platform", "expected"), [("youtube", 90), ("twitter", 96), ("tiktok", 100), ("", None)]
)
def test_engagements_are_what_the_platform_shows(platform: str, expected: int | None) -> None:
    assert arithmetic.engagements(COUNTS, platform) == expected


def test_an_unknown_part_makes_the_whole_unknown() -> None:
    assert arithmetic.engagements({**COUNTS, "saves": None}, "instagram") is None
    assert arithmetic.engagement_rate(None, 5) is None
    assert arithmetic.cost_per_view(5, None) is None
    assert arithmetic.cost_per_view(5, 0) is None


def test_sums_say_of_how_many_they_are() -> None:
    assert total([1, None, 2]) == Total(3, 2, 3)
    assert total([None]) == Total(None, 0, 1)
    assert ratio([(10, 5), (None, 100), (7, None)]) == Ratio(2.0, 1, 3)


@given(st.lists(st.tuples(maybe, maybe)))
def test_a_ratio_of_sums_lies_between_its_pairs(pairs: list[tuple[int | None, int | None]]) -> None:
    found = ratio(pairs)
    each = [top / bottom for top, bottom in pairs if top is not None and bottom]
    free = any(top and bottom == 0 for top, bottom in pairs if bottom is not None)
    if found.value is not None and not free:
        assert min(each) * (1 - 1e-9) <= found.value <= max(each) * (1 + 1e-9)


@given(st.dictionaries(st.sampled_from([*sorted(COUNTS), "views", "reach"]), maybe))
def test_counts_never_contradict_themselves(counts: dict[str, int | None]) -> None:
    alone = list_warnings(counts, before=None, after=None)
    assert list_warnings(counts, before=counts, after=counts) == alone


def test_what_falls_and_what_exceeds_is_told() -> None:
    assert list_warnings({"views": 5, "likes": 6}, before={"views": 9}, after={"likes": 4}) == [
        "More likes (6) than views (5).",
        "Fewer views (5) than the observation before had (9).",
        "More likes (6) than a later observation has (4).",
    ]


def test_windows_do_not_overlap_and_end_with_the_grace() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    ends = [
        (horizon, start + window.after - window.early, missed_at(horizon, due=start + window.after))
        for horizon, window in WINDOWS.items()
    ]
    for (_, _, end), (_, begin, _) in itertools.pairwise(ends):
        assert end < begin
    due = start + timedelta(hours=1)
    assert is_within(Horizon.HOUR, due=due, observed_at=due + timedelta(hours=2))
    assert not is_within(Horizon.HOUR, due=due, observed_at=due + timedelta(hours=2, seconds=1))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.instagram.com/p/Cx-1_/?img=1", Address("instagram", "", "Cx-1_")),
        ("https://instagram.com/carla.c/reel/Cx1", Address("instagram", "carla.c", "Cx1")),
        ("https://www.tiktok.com/@carla/video/712", Address("tiktok", "carla", "712")),
        ("https://www.youtube.com/watch?v=a-b_1&t=3", Address("youtube", "", "a-b_1")),
        ("https://youtu.be/a-b_1", Address("youtube", "", "a-b_1")),
        ("https://x.com/carla/status/9", Address("twitter", "carla", "9")),
        ("https://x.com/i/status/9", Address("twitter", "", "9")),
        ("https://www.douyin.com/video/55", Address("douyin", "", "55")),
    ],
)
def test_addresses_name_account_and_post(url: str, expected: Address) -> None:
    assert read_address(url) == expected


@given(st.text() | st.builds("https://www.tiktok.com/{}".format, st.text()))
def test_any_address_has_an_id_of_at_most_a_hundred_characters(url: str) -> None:
    found = read_address(url)
    assert 1 <= len(found.external_id) <= 100


@pytest.mark.parametrize("url", ["https://tiktok.com.evil.org/@a/video/1", "https://[", "ftp://x"])
def test_other_sites_belong_to_no_platform(url: str) -> None:
    assert read_address(url).platform == ""
