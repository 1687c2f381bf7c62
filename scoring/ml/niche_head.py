"""The supervised niche head: one linear softmax over words, characters and meaning.

Three multinomial logistic regressions, one per block of features, are fitted apart and
averaged in logit space (a geometric mean of their probabilities, renormalised). Each is
linear, so the average is one linear model again and every answer splits into
contributions of words.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

# Inverse regularisation and iterations; stopping early regularises too, and more
# iterations than these did not help on held-out creators.
BLOCK_SETTINGS: Mapping[str, tuple[float, int]] = {
    "words": (8.0, 40),
    "chars": (8.0, 30),
    "meaning": (20.0, 60),
}
ABSENT = -20.0
KNOTS = 40
LOWEST_LOGIT = -30.0

Block = Any  # a scipy CSR matrix, or an array where every feature counts


@dataclass(frozen=True)
class LinearHead:
    """Weights per block, shape (features, labels), and one intercept per label."""

    weights: Mapping[str, NDArray[np.float32]]
    intercept: NDArray[np.float64]

    def log_probabilities(self, blocks: Mapping[str, Block]) -> NDArray[np.float64]:
        """Shape (n, labels); rows of probabilities add up to 1."""
        total: NDArray[np.float64] = np.asarray(self.intercept, dtype=np.float64)
        for score in self._scores(blocks).values():
            total = total + score
        return np.asarray(log_softmax(total, axis=1))

    def block_scores(self, blocks: Mapping[str, Block]) -> dict[str, NDArray[np.float64]]:
        """What each block adds to a label above its average over all labels, shape (n, labels)."""
        return {
            name: score - score.mean(axis=1, keepdims=True)
            for name, score in self._scores(blocks).items()
        }

    def _scores(self, blocks: Mapping[str, Block]) -> dict[str, NDArray[np.float64]]:
        scores = {}
        for name, weight in self.weights.items():
            block = blocks[name]
            if not sp.issparse(block):
                # A matrix product rounds by the size of the batch; in float64 that is
                # far below the digits shown.
                block, weight = block.astype(np.float64), weight.astype(np.float64)
            scores[name] = np.asarray(block @ weight, dtype=np.float64)
        return scores


@dataclass(frozen=True)
class Calibration:
    """How often a label of this raw probability is right: a rising curve through knots.

    `logits` and `rates` are the knots, joined by straight lines. One curve for all labels,
    since most have too few creators for their own.
    """

    logits: tuple[float, ...]
    rates: tuple[float, ...]

    def apply(self, log_probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (n, labels). Rows need not add up to 1."""
        return np.asarray(np.interp(_logit(log_probabilities), self.logits, self.rates))


def fit_head(blocks: Mapping[str, Block], targets: NDArray[np.bool_]) -> LinearHead:
    """Fit every block and average.

    :param targets: shape (n, labels). A creator of k labels counts 1/k for each of them.
    """
    share = 1.0 / len(BLOCK_SETTINGS)
    intercept = np.zeros(targets.shape[1])
    weights = {}
    for name, (strength, iterations) in BLOCK_SETTINGS.items():
        coefficients, bias = _fit_block(blocks[name], targets, strength, iterations)
        weights[name] = (coefficients * share).astype(np.float32)
        intercept += bias * share
    return LinearHead(weights=weights, intercept=intercept)


def fit_baseline(words: sp.csr_matrix, targets: NDArray[np.bool_]) -> LinearHead:
    """TF-IDF of words and a logistic regression: what the head has to beat."""
    coefficients, bias = _fit_block(words, targets, *BLOCK_SETTINGS["words"])
    return LinearHead(weights={"words": coefficients.astype(np.float32)}, intercept=bias)


def fit_calibration(
    log_probabilities: NDArray[np.float64], targets: NDArray[np.bool_], top: int = 10
) -> Calibration:
    """Isotonic regression (Zadrozny and Elkan, 2002) on the `top` labels of every creator.

    The creators must not be in training. A sigmoid (Platt, 1999) left the likeliest label
    an error of 0.05 where this leaves 0.02.
    """
    order = np.argsort(-log_probabilities, axis=1, kind="stable")[:, :top]
    logits = np.take_along_axis(_logit(log_probabilities), order, axis=1).ravel()
    hits = np.take_along_axis(targets, order, axis=1).ravel()
    curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(logits, hits)
    lowest, highest = np.quantile(logits, (0.002, 0.998))
    knots = np.linspace(lowest, highest, KNOTS)
    rates = curve.predict(knots)
    return Calibration(
        logits=(LOWEST_LOGIT, *np.round(knots, 4).tolist()),
        rates=(0.0, *np.round(rates, 5).tolist()),
    )


def targets_of(labels: Sequence[Sequence[str]], names: Sequence[str]) -> NDArray[np.bool_]:
    """A table of who has which label; labels outside `names` are left out."""
    places = {name: place for place, name in enumerate(names)}
    targets = np.zeros((len(labels), len(names)), dtype=bool)
    for row, own in enumerate(labels):
        for label in own:
            if label in places:
                targets[row, places[label]] = True
    return targets


def _fit_block(
    block: Block, targets: NDArray[np.bool_], strength: float, iterations: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, labels = np.nonzero(targets)
    weights = 1.0 / targets.sum(axis=1)[rows]
    model = LogisticRegression(C=strength, max_iter=iterations, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(block[rows], labels, sample_weight=weights)
    coefficients = np.zeros((block.shape[1], targets.shape[1]))
    intercept = np.full(targets.shape[1], ABSENT)
    if len(model.classes_) == 2:  # scikit-learn keeps one column for two classes
        coefficients[:, model.classes_[1]] = model.coef_[0]
        intercept[model.classes_] = 0.0, model.intercept_[0]
    else:
        coefficients[:, model.classes_] = model.coef_.T
        intercept[model.classes_] = model.intercept_
    return coefficients, intercept


def _logit(log_probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = np.clip(log_probabilities, LOWEST_LOGIT, -1e-9)
    return np.asarray(clipped - np.log(-np.expm1(clipped)))
