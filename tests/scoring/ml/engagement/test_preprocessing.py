import numpy as np
import pytest

from scoring.ml.engagement.preprocessing import (
    fill_gaps,
    normalised_rates,
    resample,
    scores_on_steps,
)
from scoring.ml.engagement.series import METRICS, EngagementSeries

NAN = np.nan


def series(hours, **counts):
    length = len(hours)
    every = {m: np.array(counts.get(m, [NAN] * length), dtype=float) for m in METRICS}
    return EngagementSeries("a", np.array(hours, dtype=float), every)


def test_gaps_are_filled_between_known_counts_only():
    filled = fill_gaps(series([0, 1, 2, 3, 4], views=[NAN, 10, NAN, 30, NAN]))
    np.testing.assert_array_equal(filled.counts["views"], [NAN, 10, 20, 30, NAN])
    assert np.isnan(filled.counts["likes"]).all()


def test_a_long_gap_stays_unknown():
    given = series([0, 1, 9, 10], views=[0, NAN, 90, 100])
    filled = fill_gaps(given, longest_gap_hours=5.0)
    np.testing.assert_array_equal(filled.counts["views"], [0, NAN, 90, 100])


def test_resampling_keeps_the_total_and_spreads_it():
    given = series([0, 1, 4, 5], views=[0, 10, 40, 100])
    regular = resample(given, step_hours=1.0)
    np.testing.assert_allclose(regular.hours, np.arange(6))
    np.testing.assert_allclose(regular.counts["views"], [0, 10, 20, 30, 40, 100])
    coarse = resample(given, step_hours=2.5)
    np.testing.assert_allclose(coarse.counts["views"], [0, 25, 100])


def test_resampling_a_regular_series_changes_nothing():
    given = series(np.arange(50) + 0.37, views=np.arange(50) ** 2)
    regular = resample(given)
    np.testing.assert_allclose(regular.hours, given.hours)
    np.testing.assert_allclose(regular.counts["views"], given.counts["views"])


@pytest.mark.parametrize("step", [0.0, -1.0, NAN])
def test_a_step_that_is_none_is_refused(step):
    with pytest.raises(ValueError, match="above zero"):
        resample(series([0, 1], views=[1, 2]), step_hours=step)
    with pytest.raises(ValueError, match="two observations"):
        resample(series([0], views=[1]), step_hours=1.0)


def test_normalised_rates_have_median_zero_and_do_not_depend_on_scale():
    rng = np.random.default_rng(0)
    counts = np.cumsum(rng.integers(1e5, 1e6, size=200)).astype(float)
    rates = normalised_rates(series(np.arange(200), views=counts, likes=counts * 100))
    assert rates.shape == (199, 4)
    np.testing.assert_allclose(np.median(rates[:, :2], axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(rates[:, 0], rates[:, 1], atol=1e-3)
    assert np.isnan(rates[:, 2:]).all()


def test_a_metric_that_stands_still_is_zero():
    rates = normalised_rates(series(np.arange(4), views=[5, 5, 5, 5]), ("views",))
    np.testing.assert_array_equal(rates, np.zeros((3, 1)))
    assert normalised_rates(series([0], views=[1])).shape == (0, 4)


def test_scores_come_back_as_the_highest_of_the_steps_they_overlap():
    given = series([0, 1, 4, 5], views=[0, 10, 40, 100])
    regular = resample(given, step_hours=1.0)
    scores = np.array([1.0, 5.0, 2.0, NAN, NAN])
    np.testing.assert_array_equal(scores_on_steps(given, regular, scores), [1, 5, NAN])
    halves = resample(given, step_hours=2.5)
    np.testing.assert_array_equal(scores_on_steps(given, halves, np.array([3.0, 4.0])), [3, 4, 4])
