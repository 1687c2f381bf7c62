"""What the trees read: every factor, whether it was asked for, and the reach of the three groups.

Reach is the part of an audience inside the wished ages, genders and countries at once, if the
three are independent: the product of the three shares. Trees find a product only step by step.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.match.factors import FACTORS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
COLUMNS: Final = (*FACTORS, *(f"asked_{name}" for name in FACTORS), "reach")
RISING: Final = [1] * len(FACTORS) + [0] * len(FACTORS) + [1]
"""More of what a campaign wants never lowers a score."""
GROUPS: Final = tuple(FACTORS.index(name) for name in ("age", "gender", "audience_country"))
COUNTRY: Final = FACTORS.index("audience_country")


def tree_features(values: Floats, asked: Bools) -> Floats:
    """(n, columns), from values (n, factors), NaN unknown, and asked (n, factors)."""
    return np.column_stack([values, asked.astype(float), reach(values, asked)])


def reach(values: Floats, asked: Bools) -> Floats:
    """Product of the shares that are asked for, (n,); NaN where one of them is unknown."""
    product = np.ones(len(values))
    for column in GROUPS:
        factor = values[:, column]
        # Age and gender are 1 - sqrt(1 - sqrt(share)) of a wished group; country is the share.
        share = factor if column == COUNTRY else (1 - (1 - factor) ** 2) ** 2
        product = product * np.where(asked[:, column], share, 1.0)
    return np.asarray(product)


def by_factor(contributions: Floats, asked: Bools) -> Floats:
    """Contributions of the columns as of the factors, (n, factors).

    A factor's being asked for belongs to it, and reach to the groups asked for, in equal parts
    (to the three where none is).
    """
    count = len(FACTORS)
    parts = contributions[:, :count] + contributions[:, count : 2 * count]
    groups = asked[:, GROUPS].astype(float)
    groups[groups.sum(axis=1) == 0] = 1.0
    parts[:, GROUPS] += (
        contributions[:, 2 * count, None] * groups / groups.sum(axis=1, keepdims=True)
    )
    return np.asarray(parts)
