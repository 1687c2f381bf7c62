from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from scoring.ml.engagement import detecting
from scoring.ml.engagement.attacks import TRAINING_ATTACKS, UNSEEN_ATTACKS, plant
from scoring.ml.engagement.detecting import DETECTOR_MODULES, LabelledSeries
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.profiles import HARD_NEGATIVES, PROFILES
from scoring.ml.engagement.series import METRICS, EngagementSeries
from scoring.ml.engagement.simulation import SimulatorSettings, simulate

ENGAGEMENT = Path(detecting.__file__).parent


@pytest.fixture(scope="module")
def simulated():
    return simulate(500, random_state=11)


@pytest.fixture(scope="module")
def organic():
    return simulate(40, random_state=12, settings=SimulatorSettings(fake_share=0.0))


def same(left, right):
    return (
        np.array_equal(left.series.hours, right.series.hours)
        and all(
            np.array_equal(left.series.counts[m], right.series.counts[m], equal_nan=True)
            for m in METRICS
        )
        and np.array_equal(left.fake_steps, right.fake_steps)
        and (left.attack, left.profile) == (right.attack, right.profile)
    )


def assert_cumulative(example):
    for metric in METRICS:
        counts = example.series.counts[metric]
        known = counts[~np.isnan(counts)]
        assert (np.diff(known) >= 0).all()
        assert (known >= 0).all()
        assert (known == np.floor(known)).all()


def test_the_same_seed_gives_the_same_series_and_another_others():
    first, again = simulate(20, random_state=5), simulate(20, random_state=5)
    assert all(same(a, b) for a, b in zip(first, again, strict=True))
    other = simulate(20, random_state=6)
    assert not any(same(a, b) for a, b in zip(first, other, strict=True))
    assert all(same(a, b) for a, b in zip(first, simulate(10, random_state=5), strict=False))


def test_every_series_is_cumulative_and_labelled_step_by_step(simulated):
    for example in simulated:
        assert_cumulative(example)
        assert example.fake_steps.shape == (len(example.series) - 1,)
        assert example.is_fake == bool(example.attack)


def test_all_profiles_patterns_and_lengths_occur(simulated):
    assert {example.profile.split("+")[0] for example in simulated} == set(PROFILES)
    assert {example.attack for example in simulated} == {"", *PATTERNS}
    hard = Counter(example.profile.partition("+")[2] for example in simulated)
    assert set(hard) == {"", *HARD_NEGATIVES}
    assert 0.4 < np.mean([example.is_fake for example in simulated]) < 0.6
    steps = {example.series.typical_step_hours for example in simulated}
    assert {1.0, 24.0} < steps
    lengths = [len(example.series) for example in simulated]
    assert min(lengths) < 48 < 600 < max(lengths) <= 720


def test_organic_series_have_no_fake_steps(organic):
    assert not any(example.is_fake for example in organic)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("ranges", [TRAINING_ATTACKS, UNSEEN_ATTACKS], ids=["training", "unseen"])
def test_fake_steps_are_those_that_counts_were_planted_in(organic, pattern, ranges):
    rng = np.random.default_rng(3)
    pure = replace(ranges, purge_share=0.0)
    for example in organic:
        planted = plant(example, pattern, rng, parameters=pure)
        added = np.zeros(len(example.series))
        for metric in METRICS:
            more = planted.series.counts[metric] - example.series.counts[metric]
            assert (np.diff(more[~np.isnan(more)]) >= 0).all()
            added += np.nan_to_num(more)
        visible = np.diff(added) > 0
        complete = ~np.any([np.isnan(example.series.counts[m]) for m in METRICS], axis=0)
        if complete.all():
            np.testing.assert_array_equal(planted.fake_steps, visible)
        assert planted.is_fake
        assert planted.attack == pattern
        assert planted.profile == example.profile
        assert planted.series.counts is not example.series.counts


@pytest.mark.parametrize("pattern", PATTERNS)
def test_any_short_daily_series_can_be_attacked(pattern):
    rng = np.random.default_rng(0)
    counts = {m: np.full(3, np.nan) for m in METRICS} | {"views": np.array([5.0, 5.0, 5.0])}
    for _ in range(30):
        example = LabelledSeries(
            EngagementSeries("short", np.arange(3) * 24.0, counts), np.zeros(2, dtype=bool)
        )
        planted = plant(example, pattern, rng)
        assert_cumulative(planted)
        assert planted.is_fake


def test_a_purge_leaves_a_cumulative_series(organic):
    rng = np.random.default_rng(1)
    purging = replace(TRAINING_ATTACKS, purge_share=1.0)
    for example in organic:
        assert_cumulative(plant(example, "sudden_spike", rng, parameters=purging))


def test_a_second_attack_and_a_series_of_two_points_are_refused(organic):
    rng = np.random.default_rng(0)
    attacked = plant(organic[0], "lockstep", rng)
    with pytest.raises(ValueError, match="already"):
        plant(attacked, "lockstep", rng)
    counts = dict.fromkeys(METRICS, np.array([1.0, 2.0]))
    two = LabelledSeries(EngagementSeries("two", np.arange(2.0), counts), np.zeros(1, dtype=bool))
    with pytest.raises(ValueError, match="three"):
        plant(two, "lockstep", rng)


def test_held_out_attacks_share_no_parameter_with_training():
    for name in ("sizes", "rates"):
        for low, high in getattr(TRAINING_ATTACKS, name):
            for other_low, other_high in getattr(UNSEEN_ATTACKS, name):
                assert high <= other_low or other_high <= low
    for name in ("jitter", "mimicry", "window"):
        assert getattr(TRAINING_ATTACKS, name)[1] <= getattr(UNSEEN_ATTACKS, name)[0]
    for pattern in PATTERNS:
        assert not {*TRAINING_ATTACKS.variants[pattern]} & {*UNSEEN_ATTACKS.variants[pattern]}


def largest_jump(example):
    """The plainest detector: the largest robust z-score of a change of log rate."""
    highest = 0.0
    for metric in example.series.known_metrics():
        rate = np.log1p(example.series.increments(metric) / example.series.step_hours)
        jumps = np.abs(np.diff(rate))
        jumps = jumps[~np.isnan(jumps)]
        if len(jumps):
            highest = max(highest, float(jumps.max() / (np.median(jumps) + 0.05)))
    return highest


def odd_ratio(example):
    """Distance of likes per view from what is usual."""
    counts = example.series.counts
    if np.isnan(counts["likes"]).all():
        return 0.0
    likes_per_view = (np.nanmax(counts["likes"]) + 1) / (np.nanmax(counts["views"]) + 1)
    return abs(float(np.log(likes_per_view / 0.035)))


@pytest.mark.parametrize("baseline", [largest_jump, odd_ratio])
def test_simple_baselines_fail(simulated, baseline):
    labels = [example.is_fake for example in simulated]
    assert roc_auc_score(labels, [baseline(example) for example in simulated]) < 0.8


def test_no_detector_or_feature_knows_the_simulator():
    judging = [name.rpartition(".")[2] for name in DETECTOR_MODULES.values()]
    judging += [path.stem for path in ENGAGEMENT.glob("*features*.py")]
    for name in judging:
        source = (ENGAGEMENT / f"{name}.py").read_text()
        for forbidden in ("simulation", "profiles", "attacks", "injection"):
            assert f"engagement.{forbidden}" not in source, name
