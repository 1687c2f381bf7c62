"""Figures that models are judged by. None where the data cannot support one.

Weights, where taken, are of shape (n,) and need not sum to one.
"""

from __future__ import annotations

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_auc_score


def auc(labels: np.ndarray, scores: np.ndarray, weights: np.ndarray | None = None) -> float | None:
    """Area under the ROC curve; None with fewer than two classes."""
    if not _two_classes(labels):
        return None
    return float(roc_auc_score(labels, scores, sample_weight=weights))


def precision_at_recall(
    labels: np.ndarray, scores: np.ndarray, recall: float, weights: np.ndarray | None = None
) -> float | None:
    """Best precision of any threshold that finds at least `recall` of the positives."""
    if not _two_classes(labels):
        return None
    precisions, recalls, _ = precision_recall_curve(labels, scores, sample_weight=weights)
    return float(precisions[recalls >= recall - 1e-12].max())


def recall_at_precision(
    labels: np.ndarray, scores: np.ndarray, precision: float, weights: np.ndarray | None = None
) -> float | None:
    """Largest recall of any threshold whose precision is at least `precision`; 0 if none is."""
    if not _two_classes(labels):
        return None
    precisions, recalls, _ = precision_recall_curve(labels, scores, sample_weight=weights)
    return float(recalls[precisions >= precision - 1e-12].max())


def calibration_error(
    labels: np.ndarray,
    probabilities: np.ndarray,
    weights: np.ndarray | None = None,
    bins: int = 10,
) -> float | None:
    """Expected calibration error over equal-width bins (Naeini et al., 2015).

    The weighted mean of |share of positives - mean probability| per bin.
    """
    if not _two_classes(labels):
        return None
    labels = np.asarray(labels, dtype=float)
    weights = np.ones(len(labels)) if weights is None else np.asarray(weights, dtype=float)
    index = np.minimum((np.asarray(probabilities) * bins).astype(int), bins - 1)
    gaps = np.bincount(index, weights * (labels - probabilities), minlength=bins)
    return float(np.abs(gaps).sum() / weights.sum())


def absolute_percentage_errors(actual: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """|predicted - actual| / actual, shape (n,); `actual` is positive."""
    return np.abs(predicted - actual) / actual


def median_ape(actual: np.ndarray, predicted: np.ndarray) -> float | None:
    """Median absolute percentage error, as a fraction."""
    return float(np.median(absolute_percentage_errors(actual, predicted))) if len(actual) else None


def mape(actual: np.ndarray, predicted: np.ndarray) -> float | None:
    """Mean absolute percentage error, as a fraction."""
    return float(np.mean(absolute_percentage_errors(actual, predicted))) if len(actual) else None


def share_within(actual: np.ndarray, predicted: np.ndarray, tolerance: float) -> float | None:
    """Share of predictions at most `tolerance` (0.3 = 30 %) away from the actual value."""
    if not len(actual):
        return None
    return float(np.mean(absolute_percentage_errors(actual, predicted) <= tolerance))


def coverage(actual: np.ndarray, low: np.ndarray, high: np.ndarray) -> float | None:
    """Share of actual values inside [low, high]."""
    return float(np.mean((actual >= low) & (actual <= high))) if len(actual) else None


def mean_log_width(low: np.ndarray, high: np.ndarray) -> float | None:
    """Mean of ln(high / low); 0.69 means an interval whose ends differ by a factor of two."""
    return float(np.mean(np.log(high / low))) if len(low) else None


def _two_classes(labels: np.ndarray) -> bool:
    return len(np.unique(np.asarray(labels))) == 2


def ndcg_at(k: int, scores: np.ndarray, relevant: np.ndarray) -> float:
    """Normalised discounted cumulative gain of the k best-scored items, binary relevance.

    :param scores: (n,); ties keep the order given. :param relevant: (n,) of bool.
    :returns: in [0, 1]; 0 when nothing is relevant (Järvelin & Kekäläinen 2002).
    """
    discounts = 1.0 / np.log2(np.arange(2, min(k, len(scores)) + 2))
    gained = np.asarray(relevant, dtype=float)[_best(k, scores)] @ discounts
    ideal = discounts[: int(np.sum(relevant))].sum()
    return float(gained / ideal) if ideal else 0.0


def recall_at(k: int, scores: np.ndarray, relevant: np.ndarray) -> float:
    """Share of all relevant items among the k best-scored; 0 when nothing is relevant."""
    total = int(np.sum(relevant))
    return float(np.sum(relevant[_best(k, scores)]) / total) if total else 0.0


def _best(k: int, scores: np.ndarray) -> np.ndarray:
    return np.argsort(-np.asarray(scores, dtype=float), kind="stable")[:k]
