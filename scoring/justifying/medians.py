"""The middle of a few numbers, with an interval that assumes nothing of their distribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import binom

CONFIDENCE: Final = 0.95
FEWEST: Final = 3
"""Below three posts a median says nothing."""


@dataclass(frozen=True)
class Median:
    """``low`` and ``high`` bound the median of all such posts with at least 95 %, None below
    six values; half of the values lie between ``lower`` and ``upper``."""

    value: float
    low: float | None
    high: float | None
    lower: float
    upper: float
    n: int


def median_of(values: Sequence[float]) -> Median | None:
    """None below `FEWEST` values.

    The interval is between two order statistics (sign test; Conover, Practical Nonparametric
    Statistics, 3.2): as many values as possible are cut off from both ends while the chance
    that the median lies outside stays at most 5 %. Five values cannot reach that.
    """
    n = len(values)
    if n < FEWEST:
        return None
    ordered = np.sort(np.asarray(values, dtype=float))
    lower, middle, upper = np.quantile(ordered, [0.25, 0.5, 0.75])
    cut = int(binom.ppf((1 - CONFIDENCE) / 2, n, 0.5))
    while cut > 0 and 2 * binom.cdf(cut - 1, n, 0.5) > 1 - CONFIDENCE:
        cut -= 1
    low, high = (ordered[cut - 1], ordered[n - cut]) if cut > 0 else (None, None)
    return Median(
        value=float(middle),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        lower=float(lower),
        upper=float(upper),
        n=n,
    )
