import numpy as np
import pytest

from scoring.ml import metrics

LABELS = np.array([0, 0, 1, 1])


def test_auc_of_a_perfect_and_of_a_reversed_ranking():
    scores = np.array([0.1, 0.2, 0.8, 0.9])
    assert metrics.auc(LABELS, scores) == 1.0
    assert metrics.auc(LABELS, -scores) == 0.0


def test_auc_with_ties_counts_them_half():
    assert metrics.auc(LABELS, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5


@pytest.mark.parametrize("labels", [np.ones(4), np.zeros(4), np.array([])])
def test_figures_that_need_two_classes_are_none_without_them(labels):
    scores = np.linspace(0, 1, len(labels))
    assert metrics.auc(labels, scores) is None
    assert metrics.precision_at_recall(labels, scores, 0.85) is None
    assert metrics.recall_at_precision(labels, scores, 0.95) is None
    assert metrics.calibration_error(labels, scores) is None


def test_precision_at_recall_takes_the_best_threshold_that_finds_enough():
    labels = np.array([1, 0, 1, 0, 0])
    scores = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    assert metrics.precision_at_recall(labels, scores, 0.5) == 1.0
    assert metrics.precision_at_recall(labels, scores, 1.0) == pytest.approx(2 / 3)


def test_recall_at_precision_is_zero_where_no_threshold_is_precise_enough():
    labels = np.array([0, 1, 0, 1])
    scores = np.array([0.9, 0.8, 0.7, 0.1])
    assert metrics.recall_at_precision(labels, scores, 0.95) == 0.0
    assert metrics.recall_at_precision(labels, -scores, 0.95) == 0.5


def test_calibration_error_is_the_gap_between_said_and_seen():
    labels = np.array([0, 0, 0, 1])
    assert metrics.calibration_error(labels, np.full(4, 0.25)) == pytest.approx(0.0)
    assert metrics.calibration_error(labels, np.full(4, 0.75)) == pytest.approx(0.5)


def test_calibration_error_weighs_rows():
    labels, said = np.array([0, 1]), np.array([0.0, 0.0])
    assert metrics.calibration_error(labels, said, np.array([3.0, 1.0])) == pytest.approx(0.25)


def test_price_figures_by_hand():
    actual, predicted = np.array([100.0, 200.0, 400.0]), np.array([110.0, 100.0, 1200.0])
    assert metrics.median_ape(actual, predicted) == pytest.approx(0.5)
    assert metrics.mape(actual, predicted) == pytest.approx((0.1 + 0.5 + 2.0) / 3)
    assert metrics.share_within(actual, predicted, 0.3) == pytest.approx(1 / 3)
    assert metrics.coverage(actual, predicted - 20, predicted + 20) == pytest.approx(1 / 3)
    assert metrics.mean_log_width(predicted, predicted * np.e) == pytest.approx(1.0)


def test_price_figures_of_nothing_are_none():
    nothing = np.array([])
    assert metrics.median_ape(nothing, nothing) is None
    assert metrics.mape(nothing, nothing) is None
    assert metrics.share_within(nothing, nothing, 0.3) is None
    assert metrics.coverage(nothing, nothing, nothing) is None
    assert metrics.mean_log_width(nothing, nothing) is None
