import numpy as np
import pytest

from scoring.ml.engagement.features import log_ratios, step_features
from scoring.ml.engagement.rolling import (
    neighbour_mean,
    others_highest,
    others_median,
    shifted,
    window_sums,
)
from scoring.ml.engagement.series import METRICS, EngagementSeries
from scoring.ml.engagement.series_features import series_features
from tests.scoring.ml.engagement.small_model import hourly

NOISE_FREE = ("against_usual", "since_last", "from_counts", "share_of_gain")


def scaled(series: EngagementSeries, factor: float) -> EngagementSeries:
    counts = {metric: values * factor for metric, values in series.counts.items()}
    return EngagementSeries(series.series_id, series.hours, counts)


def test_every_step_has_every_feature():
    series = hourly(50)
    columns = step_features(series, {"one": np.ones(49)})
    assert {len(values) for values in columns.values()} == {49}
    assert "detector_one" in columns


def test_the_order_of_features_does_not_depend_on_the_series():
    short = EngagementSeries("s", np.array([0.0, 24.0]), hourly(2).counts)
    unknown = {metric: np.full(50, np.nan) for metric in METRICS} | {"views": np.arange(50.0)}
    sparse = EngagementSeries("u", hourly(50).hours, unknown)
    names = [list(step_features(one, {})) for one in (hourly(50), short, sparse)]
    assert names[0] == names[1] == names[2]


def test_series_features_have_one_order_and_are_never_infinite():
    rows = []
    for points in (2, 3, 4, 100):
        series = hourly(points)
        steps = len(series) - 1
        columns = step_features(series, {"one": np.zeros(steps)})
        rows.append(series_features(series, columns, np.full(steps, 0.3)))
    assert len({tuple(row) for row in rows}) == 1
    assert not any(np.isinf(value) for row in rows for value in row.values())


def test_features_do_not_depend_on_the_scale_of_large_counts():
    series = scaled(hourly(100), 1000.0)
    small, large = step_features(series, {}), step_features(scaled(series, 10.0), {})
    for name in small:
        if name.startswith("views") and name.endswith(NOISE_FREE):
            np.testing.assert_allclose(small[name], large[name], atol=0.02)


def test_a_planted_step_stands_out_in_the_ratio_of_its_metric():
    columns = step_features(hourly(100, likes_at=60, likes=3000.0), {})
    assert np.nanargmax(columns["likes_per_views_from_others_in_noise"]) == 60
    assert np.nanargmax(columns["likes_against_highest"]) == 60


def test_unknown_counts_stay_unknown():
    series = hourly(20)
    series.counts["likes"][5] = np.nan
    ratios = log_ratios(series, "likes", "views")
    assert np.flatnonzero(np.isnan(ratios)).tolist() == [4, 5]


@pytest.mark.parametrize("size", [2, 3, 4, 7, 20])
def test_others_median_is_the_median_without_the_value(size):
    values = np.random.default_rng(size).normal(size=size).round(1)
    expected = [np.median(np.delete(values, place)) for place in range(size)]
    np.testing.assert_allclose(others_median(values), expected)
    highest = [np.delete(values, place).max() for place in range(size)]
    np.testing.assert_allclose(others_highest(values), highest)


def test_neighbours_leave_out_the_step_itself_and_the_unknown():
    values = np.array([1.0, np.nan, 3.0, 100.0, 5.0])
    np.testing.assert_allclose(neighbour_mean(values, 1), [np.nan, 2.0, 100.0, 4.0, 100.0])
    sums, known = window_sums(values, 3)
    np.testing.assert_allclose(sums, [1.0, 4.0, 103.0, 108.0, 105.0])
    np.testing.assert_allclose(known, [1, 2, 2, 3, 2])
    np.testing.assert_allclose(shifted(values, 2), [np.nan, np.nan, 1.0, np.nan, 3.0])
