"""Pairwise losses of implicit feedback and their gradients, vectorised over a batch.

BPR (Rendle et al. 2009): -ln σ(s⁺ - s⁻).
WARP (Weston et al. 2011): ln(rank estimate) · max(0, 1 - s⁺ + s⁻), where the rank is
estimated from how many items had to be drawn until one came within the margin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def bpr_loss(margins: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Losses and their derivatives by the margin s⁺ - s⁻, each (b,)."""
    return weights * np.logaddexp(0.0, -margins), -weights * _sigmoid(-margins)


def warp_loss(
    margins: Floats, weights: Floats, trials: NDArray[np.int64], items: int
) -> tuple[Floats, Floats]:
    """Losses and their derivatives by the margin s⁺ - s⁻, each (b,).

    :param trials: draws until the violating item was found, ≥ 1; 0: none was found.
    :param items: number of items draws were made from.
    """
    rank = np.maximum((items - 1) // np.maximum(trials, 1), 1)
    scale = np.where(trials > 0, weights * np.log(np.maximum(rank, 1.0)), 0.0)
    # LightFM's rule: nothing is learned from a rank that is already the best there is.
    inside = margins < 1.0
    return scale * np.maximum(1.0 - margins, 0.0), np.where(inside, -scale, 0.0)


def first_violators(
    scores: Floats, positive: Floats, forbidden: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of the items drawn for each row, the first within a margin of 1 of the positive.

    :param scores: (b, draws), in the order drawn. :param positive: (b,) scores s⁺.
    :param forbidden: (b, draws): draws that are positives themselves and do not count.
    :returns: column of the violator (0 where there is none) and the trials it took, each (b,);
        trials are 0 where there is none.
    """
    violates = ~forbidden & (scores > positive[:, None] - 1.0)
    column = violates.argmax(axis=1)
    return column, np.where(violates.any(axis=1), column + 1, 0)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))
