"""Spikes by both rules, and what declared events explain of them."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from scoring.ml.growth_changes import document_spike_days, measure_changes, rounding_step
from scoring.ml.growth_series import (
    BadGrowthSeries,
    DeclaredEvent,
    GrowthSeries,
    from_inputs,
    make_series,
    to_inputs,
)
from scoring.ml.growth_spikes import JudgedGrowth, judge_spikes
from scoring.ml.points import count_spikes

DAYS = np.datetime64("2026-01-01", "D") + np.arange(90)
PEAK = 50
DAY = DAYS[PEAK].item()
CALM = 20_000 + np.cumsum(np.random.default_rng(0).poisson(40, 90)).astype(float)
EVENT = DeclaredEvent(7, "tv", "declared", DAY, DAY)


def series(
    gains: dict[int, float] | None = None, reactions: dict[int, float] | None = None
) -> GrowthSeries:
    """Calm growth with extra gains from a day on, and reactions raised on days."""
    followers = CALM.copy()
    for day, gain in (gains or {}).items():
        followers[day:] += gain
    interactions = 800.0 * np.exp(np.random.default_rng(1).normal(0, 0.05, 90))
    for day, factor in (reactions or {}).items():
        interactions[day] *= factor
    return make_series(DAYS, followers, interactions / followers)


BOUGHT = {PEAK: 4_000.0, PEAK + 1: 1_500.0}
VIRAL = {PEAK: 3_000.0, PEAK + 1: 1_500.0, PEAK + 2: 700.0, PEAK + 3: 300.0}
ATTENTION = {PEAK: 3.0, PEAK + 1: 2.0, PEAK + 2: 1.5}


def sudden(growth: JudgedGrowth) -> list[int | None]:
    return [spike.explained_by for spike in growth.spikes if spike.by_robust_rule]


@pytest.mark.parametrize("seed", range(20))
def test_the_documents_rule_counts_as_the_points_score_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    followers = 1_000 + np.cumsum(rng.poisson(5, 30) * rng.choice([1, 1, 1, 9], 30)).astype(float)
    assert document_spike_days(followers).sum() == count_spikes(followers)


def test_calm_growth_has_no_sudden_gain() -> None:
    assert not measure_changes(series()).spikes().any()
    assert sudden(judge_spikes(series(), ())) == []


def test_a_spike_says_when_and_how_much() -> None:
    [spike] = [one for one in judge_spikes(series(BOUGHT), ()).spikes if one.by_robust_rule]
    assert (spike.day, spike.starts_on, spike.ends_on) == (DAY, DAY, DAY + timedelta(days=1))
    assert spike.gained == pytest.approx(5_500, rel=0.02)
    assert spike.by_document_rule
    assert "No cause is declared" in spike.sentence


def test_a_weekly_rhythm_is_no_spike() -> None:
    weekend = np.where((DAYS.astype(int) + 3) % 7 >= 5, 300.0, 40.0)
    followers = 20_000 + np.cumsum(np.random.default_rng(3).poisson(weekend))
    assert measure_changes(make_series(DAYS, followers)).spikes().sum() <= 1


def test_a_sudden_loss_is_a_purge() -> None:
    growth = judge_spikes(series({**BOUGHT, 70: -2_500.0}), ())
    assert [purge.day for purge in growth.purges] == [DAYS[70].item()]
    assert growth.purges[0].lost == pytest.approx(2_460, abs=40)


def test_a_viral_jump_with_attention_is_explained_by_a_mere_declaration() -> None:
    growth = judge_spikes(series(VIRAL, ATTENTION), [EVENT])
    assert sudden(growth) == [7]
    gained = growth.unexplained.followers[-1] - growth.unexplained.followers[0]
    assert gained == pytest.approx(40 * 89, rel=0.1)


def test_a_purchase_is_not_explained_by_a_mere_declaration() -> None:
    growth = judge_spikes(series(BOUGHT), [EVENT])
    assert sudden(growth) == [None]
    assert "reactions did not rise" in growth.spikes[-1].sentence
    assert growth.unexplained.followers[-1] == series(BOUGHT).followers[-1]


def test_without_known_reactions_the_gain_must_fade() -> None:
    for gains, explained in ((VIRAL, 7), (BOUGHT, None), ({PEAK: 4_000.0}, None)):
        blind = series(gains)
        blind = GrowthSeries(blind.days, blind.followers, np.full(len(blind), np.nan))
        assert sudden(judge_spikes(blind, [EVENT])) == [explained], gains


def test_an_accepted_event_explains_always_and_a_rejected_one_never() -> None:
    accepted, rejected = replace(EVENT, state="accepted"), replace(EVENT, id=8, state="rejected")
    assert sudden(judge_spikes(series(BOUGHT), [accepted])) == [7]
    assert sudden(judge_spikes(series(VIRAL, ATTENTION), [rejected])) == [None]
    # Nor does declaring the rejected thing again under another name.
    assert sudden(judge_spikes(series(VIRAL, ATTENTION), [EVENT, rejected])) == [None]
    assert sudden(judge_spikes(series(BOUGHT), [rejected, accepted])) == [7]


@pytest.mark.parametrize(("late", "explained"), [(3, 7), (4, None)])
def test_an_event_explains_up_to_three_days_after_it(late: int, explained: int | None) -> None:
    early = DAY - timedelta(days=late)
    event = replace(EVENT, state="accepted", starts_on=early, ends_on=early)
    assert sudden(judge_spikes(series({PEAK: 4_000.0}), [event])) == [explained]


def test_an_event_explains_no_spike_outside_its_days() -> None:
    event = replace(EVENT, state="accepted")
    growth = judge_spikes(series({PEAK: 4_000.0, 70: 4_000.0}), [event])
    assert sudden(growth) == [7, None]
    jump = np.diff(growth.unexplained.followers)
    assert jump[PEAK - 1] < 100
    assert jump[69] > 3_900


def test_a_gain_too_large_for_its_cause_needs_a_moderator() -> None:
    huge = {day: 20 * gain for day, gain in VIRAL.items()}
    growth = judge_spikes(series(huge, dict.fromkeys(ATTENTION, 9.0)), [EVENT])
    assert sudden(growth) == [None]
    assert "more than a declared television appearance may explain" in growth.spikes[-1].sentence


def test_rounded_counts_are_recognised() -> None:
    assert rounding_step(np.array([1_230_000.0, 1_240_000.0, 1_240_000.0])) == 10_000
    assert rounding_step(CALM) == 1


def test_the_inputs_of_an_assessment_come_back_exactly() -> None:
    found, events = from_inputs(to_inputs(series(VIRAL), [EVENT]))
    assert np.array_equal(found.days, DAYS)
    assert np.array_equal(found.followers, series(VIRAL).followers)
    assert np.array_equal(found.engagement, series(VIRAL).engagement)
    assert events == (EVENT,)
    empty, none = from_inputs(to_inputs(make_series([], []), ()))
    assert (len(empty), none) == (0, ())


@pytest.mark.parametrize(
    ("days", "followers"),
    [
        ([date(2026, 1, 1), date(2026, 1, 1)], [1, 2]),
        ([date(2026, 1, 1)], [-1]),
        ([date(2026, 1, 1)], [float("inf")]),
        ([date(2026, 1, 1)], [1, 2]),
    ],
    ids=["twice", "negative", "infinite", "lengths"],
)
def test_a_series_that_cannot_be_is_refused(days: list[date], followers: list[float]) -> None:
    with pytest.raises(BadGrowthSeries):
        make_series(days, followers)


def test_unsorted_days_are_sorted_and_unknown_counts_left_out() -> None:
    found = make_series(
        [date(2026, 1, 3), date(2026, 1, 1), date(2026, 1, 2)], [30, 10, float("nan")]
    )
    assert found.followers.tolist() == [10, 30]
    assert found.span_days == 2
