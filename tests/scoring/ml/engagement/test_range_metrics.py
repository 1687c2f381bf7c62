import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from scoring.ml.range_metrics import (
    localisation_hours,
    mean_vus_pr,
    range_auc_pr,
    true_windows,
    vus_pr,
)


def labels_of(text):
    return np.array([letter == "#" for letter in text])


def reference_area(labels, scores, buffer):
    """`range_auc_pr` as its definition reads, threshold by threshold."""
    faded = []
    for step in range(len(labels)):
        weight = 1.0 if labels[step] else 0.0
        for first, last in true_windows(labels):
            away = first - step if step < first else step - last
            if 0 < away <= buffer // 2:
                weight += (1 - away / buffer) ** 0.5
        faded.append(min(weight, 1.0))
    windows = true_windows(np.array(faded) > 0)
    area, before = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        predicted = [score >= threshold for score in scores]
        found = sum(w for w, p in zip(faded, predicted, strict=True) if p)
        reached = np.mean([any(predicted[f : e + 1]) for f, e in windows])
        recall = min(1.0, found / ((sum(labels) + sum(faded)) / 2)) * reached
        area += (recall - before) * found / sum(predicted)
        before = recall
    return area


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=30),
    st.integers(0, 9),
)
def test_the_area_is_what_its_definition_says(steps, buffer):
    labels = np.array([label for label, _ in steps])
    scores = np.array([float(score) for _, score in steps])
    area = range_auc_pr(labels, scores, buffer=buffer)
    if not labels.any():
        assert area is None
    else:
        assert area == pytest.approx(reference_area(labels, scores, buffer))
        assert 0 <= area <= 1 + 1e-9


def test_without_a_buffer_and_with_one_step_windows_it_is_average_precision():
    labels = labels_of("..#.......")
    scores = np.array([1, 5, 4, 0, 0, 0, 0, 0, 0, 0.5])
    assert range_auc_pr(labels, scores, buffer=0) == pytest.approx(
        average_precision_score(labels, scores)
    )


def test_known_areas():
    labels = labels_of("....##....")
    assert vus_pr(labels, labels.astype(float), longest_buffer=0) == pytest.approx(1.0)
    # everything scores alike: precision is the share of steps at fault
    assert vus_pr(labels, np.zeros(10), longest_buffer=0) == pytest.approx(0.2)
    # one step late: nothing without a buffer until the last step, more with one
    late = labels_of(".....##...").astype(float)
    assert vus_pr(labels, late, longest_buffer=0) == pytest.approx(0.5 * 0.5 + 0.5 * 0.2)
    assert vus_pr(labels, late, longest_buffer=4) > vus_pr(labels, late, longest_buffer=0)


def test_one_hit_in_a_long_window_does_not_count_as_the_whole():
    labels = labels_of("." * 40 + "#" * 20 + "." * 40)
    hit = np.zeros(100)
    hit[50] = 1.0
    assert vus_pr(labels, hit, longest_buffer=4) < 0.35


def test_a_missed_second_window_lowers_recall():
    labels = labels_of("..##......##..")
    one = labels_of("..##..........").astype(float)
    assert range_auc_pr(labels, one, buffer=0) < 0.6


def test_unknown_scores_rank_last():
    labels = labels_of("..#.")
    unknown = range_auc_pr(labels, np.array([0, 0, np.nan, 0.0]), buffer=0)
    assert unknown == pytest.approx(0.25)


def test_unknown_scores_rank_alike_and_without_a_warning():
    labels = labels_of("..##....")
    scores = np.array([np.nan, -5, -1, np.nan, np.nan, np.nan, -9, -9])
    known = np.array([-20, -5, -1, -20, -20, -20, -9, -9.0])
    with np.errstate(all="raise"):
        for buffer in range(4):
            assert range_auc_pr(labels, scores, buffer=buffer) == pytest.approx(
                range_auc_pr(labels, known, buffer=buffer)
            )
        assert vus_pr(labels, np.full(8, np.nan), longest_buffer=0) == pytest.approx(0.25)


def test_series_without_a_fault_have_no_area():
    assert vus_pr(labels_of("...."), np.zeros(4), longest_buffer=3) is None
    assert mean_vus_pr([labels_of("....")], [np.zeros(4)], longest_buffer=3) is None
    some = [labels_of("...."), labels_of(".#..")]
    assert mean_vus_pr(
        some, [np.zeros(4), np.array([0, 1.0, 0, 0])], longest_buffer=0
    ) == pytest.approx(1.0)


def test_localisation_is_the_distance_to_the_nearest_flag():
    hours = np.arange(10.0)
    truth = [labels_of("..##......"), labels_of("...#......"), labels_of("#........."), None]
    flags = [labels_of("..#......#"), labels_of("......#..."), labels_of(".........."), None]
    truth[3], flags[3] = labels_of(".........."), labels_of("#.........")
    # 0 and 3 hours; the third is not detected, the fourth is not fake
    assert localisation_hours([hours] * 4, truth, flags) == pytest.approx(1.5)
    assert localisation_hours([hours], [truth[2]], [flags[2]]) is None


def test_localisation_takes_the_middle_of_several_windows():
    hours = np.arange(10.0) * 24.0
    truth, flags = labels_of("#...#...#."), labels_of("#...#....#")
    assert localisation_hours([hours], [truth], [flags]) == 0.0
