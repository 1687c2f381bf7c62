"""Showing some creators by chance, and judging other orders by what came of it.

Document 004 shows a randomly chosen creator to a brand it does not know. Here every place
of a page keeps a small chance ε of a creator drawn by lot from the candidates, and the
chance with which each creator stood where it stood is stored with the impression. So what
is shown stays good, new creators are seen, and another order can be judged from the log
without having been shown (inverse propensity, Horvitz & Thompson 1952).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Page:
    """Candidates shown, best place first: rows of the candidates, chances, drawn by lot."""

    rows: Ints
    propensities: Floats
    explored: NDArray[np.bool_]


def explore_page(scores: Floats, *, size: int, epsilon: float, rng: np.random.Generator) -> Page:
    """Fill a page place by place: by lot with chance ε, otherwise the best one left.

    The propensity of a place is the chance, given the places above it, that this candidate
    stands there: ε / left, plus 1 - ε if it is the best one left. With ε = 0 the page is the
    order itself and all propensities are 1.

    :param scores: (n,) of the candidates; ties keep the order given.
    :raises ValueError: ε outside [0, 1].
    """
    if not 0.0 <= epsilon <= 1.0:
        raise ValueError(f"epsilon must be between 0 and 1, not {epsilon}")
    left = np.argsort(-scores, kind="stable").tolist()
    rows: list[int] = []
    chances: list[float] = []
    explored: list[bool] = []
    for _ in range(min(size, len(left))):
        by_lot = bool(rng.random() < epsilon)
        place = int(rng.integers(len(left))) if by_lot else 0
        chances.append(epsilon / len(left) + (1.0 - epsilon) * (place == 0))
        rows.append(left.pop(place))
        explored.append(by_lot)
    return Page(np.array(rows, dtype=np.int64), np.array(chances), np.array(explored, dtype=bool))


def estimate_reward(
    rewards: Floats, logged: Floats, target: Floats, *, largest_ratio: float = 20.0
) -> float | None:
    """Mean reward another policy would have had, self-normalised (Swaminathan & Joachims 2015).

    :param rewards: (m,) what each impression brought. :param logged: (m,) its propensity.
    :param target: (m,) the chance with which the other policy shows the same.
    :returns: None when the other policy shows none of what was shown.
    """
    ratios = np.minimum(target / logged, largest_ratio)
    total = ratios.sum()
    return float((ratios * rewards).sum() / total) if total > 0 else None
