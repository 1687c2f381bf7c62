"""Intervals that hold what they promise, and changes that are not chance."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from scoring.niche_reports.estimates import (
    Estimate,
    call_trends,
    discoveries,
    interval_ranks,
    sign_test,
)
from scoring.niche_reports.opportunity import Parts, poisson_interval, read_opportunities


def test_the_ranks_are_the_innermost_that_hold_the_median_often_enough() -> None:
    for n, rank in enumerate(interval_ranks(60), start=1):
        outside = [sum(comb(n, k) for k in range(r)) / 2**n for r in (rank, rank + 1)]
        assert outside[0] <= 0.025 < outside[1]


def test_intervals_of_a_skewed_sample_hold_its_median_as_often_as_they_say() -> None:
    draws = np.sort(np.random.default_rng(3).lognormal(size=(4_000, 40)), axis=1)
    rank = interval_ranks(40)[-1]
    held = (draws[:, rank - 1] <= 1) & (draws[:, 40 - rank] >= 1)
    assert 0.95 <= held.mean() <= 0.98


def test_the_sign_test_leaves_ties_out() -> None:
    assert sign_test(10, 0) == pytest.approx(2 / 1024)
    assert (sign_test(0, 0), sign_test(5, 5)) == (1.0, 1.0)


def test_of_many_tests_chance_is_not_called_a_discovery() -> None:
    assert discoveries([0.01, 0.04, 0.03, 0.9]) == [True, True, True, False]
    assert discoveries([0.04] + [0.5] * 20) == [False] * 21
    assert discoveries([]) == []


def test_a_trend_needs_its_interval_apart_from_zero() -> None:
    rising = Estimate(value=0.02, low=0.01, high=0.03, n=40, p=0.001)
    unsure = Estimate(value=0.02, low=-0.01, high=0.03, n=12, p=0.02)
    untested = Estimate(value=0.02, low=0.01, high=0.03, n=40)
    called = call_trends([rising, None, unsure, untested])
    assert [one and one.trend for one in called] == ["rise", None, "", ""]


def test_opportunity_is_demand_and_growth_against_the_middle_niche() -> None:
    def parts(campaigns: int, growth: float) -> Parts:
        estimate = Estimate(value=growth, low=growth - 0.01, high=growth + 0.01, n=50)
        return Parts(campaigns=campaigns, creators=100, growth=estimate)

    found = read_opportunities(
        [parts(4, 0.01), parts(4, 0.01), parts(4, 0.01), parts(16, 0.03), parts(4, 0.01), None]
    )
    values = [one and one.value for one in found]
    # Two doublings and two points more growth.
    assert values == [0, 0, 0, pytest.approx(4), 0, None]
    assert found[3]
    assert found[3].low < 4 < found[3].high
    assert read_opportunities([parts(4, 0.01)] * 4) == [None] * 4


def test_the_poisson_interval_is_exact() -> None:
    assert poisson_interval(10) == pytest.approx((4.795, 18.390), abs=1e-3)
