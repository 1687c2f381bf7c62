"""How well the steps of a series that are at fault are found, without point adjustment.

A point-adjusted score counts a whole window as found when one step of it is; random scores
then look good. The volume under the PR surface instead blurs the window's edges a little.
Source: Paparrizos et al., "Volume Under the Surface", PVLDB 15(11), 2022.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

import numpy as np


def true_windows(labels: np.ndarray) -> np.ndarray:
    """First and last step (inclusive) of every run of true labels, shape (windows, 2)."""
    change = np.diff(np.asarray(labels, dtype=int), prepend=0, append=0)
    return np.column_stack([np.flatnonzero(change == 1), np.flatnonzero(change == -1) - 1])


def range_auc_pr(labels: np.ndarray, scores: np.ndarray, *, buffer: int) -> float | None:
    """Area under the range-aware precision-recall curve for one buffer length.

    Labels fade out over `buffer` // 2 steps on both sides of each window, as
    sqrt(1 - distance / buffer). With predictions p and faded labels r, TP = Σ r·p, recall is
    min(1, TP / mean(Σ labels, Σ r)) times the share of windows of which some step is predicted,
    precision is TP / Σ p; the area is Σ (recall rise × precision) over all thresholds.

    :param labels: shape (n,), bool. :param scores: shape (n,); NaN ranks below every number.
    :returns: None where no step is at fault.
    """
    labels = np.asarray(labels, dtype=bool)
    windows = true_windows(labels)
    if not len(windows):
        return None
    faded = _faded(labels, windows, buffer)
    ranks = _ranks(np.asarray(scores, dtype=float))
    order = np.argsort(-ranks, kind="stable")
    # steps of one score are predicted together: a threshold is the last of its ties
    last = np.flatnonzero(np.append(np.diff(ranks[order]) != 0, True))
    found = np.cumsum(faded[order])[last]
    predicted = last + 1.0
    wanted = (labels.sum() + faded.sum()) / 2.0
    reached = _windows_reached(ranks, true_windows(faded > 0), ranks[order][last])
    recall = np.minimum(found / wanted, 1.0) * reached
    return float(np.sum(np.diff(recall, prepend=0.0) * found / predicted))


def vus_pr(labels: np.ndarray, scores: np.ndarray, *, longest_buffer: int) -> float | None:
    """VUS-PR of one series: mean of `range_auc_pr` over buffers 0, 1, …, `longest_buffer`."""
    if not np.any(labels):
        return None
    areas = (range_auc_pr(labels, scores, buffer=b) for b in range(longest_buffer + 1))
    return fmean(area for area in areas if area is not None)


def mean_vus_pr(
    labels: Sequence[np.ndarray], scores: Sequence[np.ndarray], *, longest_buffer: int
) -> float | None:
    """Mean VUS-PR over the series that have a step at fault; None when none has."""
    areas = [
        vus_pr(truth, score, longest_buffer=longest_buffer)
        for truth, score in zip(labels, scores, strict=True)
    ]
    known = [area for area in areas if area is not None]
    return fmean(known) if known else None


def localisation_hours(
    step_starts: Sequence[np.ndarray],
    labels: Sequence[np.ndarray],
    flagged: Sequence[np.ndarray],
) -> float | None:
    """How far from the truth the flags are, in hours.

    Over the detected fake series, those with a step at fault and a flagged step: the median of
    each series' own median distance from the start of a true window to the start of the
    nearest flagged step. 0 is the very step; a series of which nothing is flagged is a matter
    of recall and not counted here.

    :param step_starts: hours at which the steps of each series begin, shape (n,).
    :param labels: steps at fault, shape (n,). :param flagged: flagged steps, shape (n,).
    :returns: None when no fake series is detected.
    """
    distances = []
    for starts, truth, flags in zip(step_starts, labels, flagged, strict=True):
        if not (np.any(truth) and np.any(flags)):
            continue
        begins = starts[true_windows(truth)[:, 0]]
        flagged_at = starts[np.asarray(flags, dtype=bool)]
        after = np.searchsorted(flagged_at, begins)
        neighbours = np.stack([np.maximum(after - 1, 0), np.minimum(after, len(flagged_at) - 1)])
        apart = np.abs(flagged_at[neighbours] - begins).min(axis=0)
        distances.append(float(np.median(apart)))
    return float(np.median(distances)) if distances else None


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks from 1, equal scores alike; 0 where the score is NaN."""
    known = ~np.isnan(scores)
    ranks = np.zeros(len(scores), dtype=int)
    ranks[known] = np.unique(scores[known], return_inverse=True)[1] + 1
    return ranks


def _faded(labels: np.ndarray, windows: np.ndarray, buffer: int) -> np.ndarray:
    faded = labels.astype(float)
    for distance in range(1, buffer // 2 + 1):
        weight = np.sqrt(1.0 - distance / buffer)
        before, after = windows[:, 0] - distance, windows[:, 1] + distance
        np.add.at(faded, before[before >= 0], weight)
        np.add.at(faded, after[after < len(faded)], weight)
    return np.minimum(faded, 1.0)


def _windows_reached(ranks: np.ndarray, windows: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Share of the windows with a step that ranks at least as high as each threshold."""
    # reduceat also answers for the stretches between windows; a last rank closes the last one
    edges = np.column_stack([windows[:, 0], windows[:, 1] + 1]).ravel()
    highest = np.sort(np.maximum.reduceat(np.append(ranks, -1), edges)[::2])
    missed = np.searchsorted(highest, thresholds, side="left")
    return np.asarray(1.0 - missed / len(windows))
