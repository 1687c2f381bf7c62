import numpy as np
import pytest

from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.series import METRICS, EngagementSeries
from scoring.ml.engagement.splitting import expanding_windows, split_by_time


def example(name, first_hour, fake):
    counts = {m: np.arange(3.0) for m in METRICS}
    series = EngagementSeries(name, first_hour + np.arange(3.0), counts)
    return LabelledSeries(series, np.array([False, fake]))


@pytest.fixture(scope="module")
def examples():
    rng = np.random.default_rng(0)
    hours = rng.permutation(1000) * 1.0
    return [example(f"v{i}", hour, bool(rng.random() < 0.3)) for i, hour in enumerate(hours)]


def test_parts_are_whole_in_proportion_and_balanced(examples):
    split = split_by_time(examples, random_state=0)
    parts = (split.training, split.validation, split.test)
    assert sorted(np.concatenate(parts)) == list(range(1000))
    np.testing.assert_allclose([len(part) for part in parts], [600, 200, 200], atol=1)
    whole = np.mean([e.is_fake for e in examples])
    for part in parts:
        assert abs(np.mean([examples[i].is_fake for i in part]) - whole) < 0.01


def test_within_a_class_every_part_begins_after_the_one_before(examples):
    split = split_by_time(examples, random_state=0)
    for fake in (False, True):
        hours = [
            [examples[i].series.hours[0] for i in part if examples[i].is_fake == fake]
            for part in (split.training, split.validation, split.test)
        ]
        assert max(hours[0]) < min(hours[1])
        assert max(hours[1]) < min(hours[2])


def test_examples_of_one_video_stay_together():
    examples = [example(f"v{i // 2}", float(i), i % 2 == 0) for i in range(40)]
    split = split_by_time(examples, random_state=0)
    for part in (split.training, split.validation, split.test):
        assert len(part) % 2 == 0
        names = {examples[i].series.series_id for i in part}
        assert len(names) == len(part) / 2


def test_the_seed_orders_only_what_begins_together():
    together = [example(f"v{i}", 0.0, i % 2 == 0) for i in range(50)]
    first = split_by_time(together, random_state=1)
    np.testing.assert_array_equal(first.test, split_by_time(together, random_state=1).test)
    assert not np.array_equal(first.test, split_by_time(together, random_state=2).test)
    apart = [example(f"v{i}", float(i), i % 2 == 0) for i in range(50)]
    np.testing.assert_array_equal(
        split_by_time(apart, random_state=1).test, split_by_time(apart, random_state=2).test
    )


def test_fractions_that_do_not_sum_to_one_are_refused(examples):
    with pytest.raises(ValueError, match="sum to 1"):
        split_by_time(examples, random_state=0, fractions=(0.6, 0.2, 0.1))


def test_cross_validation_trains_on_a_growing_past(examples):
    folds = list(expanding_windows(examples, folds=4, random_state=0))
    assert len(folds) == 4
    lengths = [len(training) for training, _ in folds]
    assert lengths == sorted(set(lengths))
    for training, judged in folds:
        assert not set(training) & set(judged)
        for fake in (False, True):
            past = [examples[i].series.hours[0] for i in training if examples[i].is_fake == fake]
            after = [examples[i].series.hours[0] for i in judged if examples[i].is_fake == fake]
            assert max(past) < min(after)


def test_too_few_videos_for_the_folds_are_refused(examples):
    with pytest.raises(ValueError, match="at least 6 videos"):
        list(expanding_windows(examples[:5], folds=5, random_state=0))
