"""Medians with distribution-free intervals, sign tests, and which changes may be called one.

The 95 % interval of a median is between order statistics: with B ~ Binomial(n, 1/2) the l-th
smallest and l-th largest value hold the median where P(B < l) <= 2.5 % (David and Nagaraja,
Order Statistics, 2003, section 7.1). The sign test is the same statement about zero. Of the
many niches that are tested together, those are called a change that the procedure of Benjamini
and Hochberg (1995) keeps at a false discovery rate of 10 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

LEVEL: Final = 0.95
FALSE_DISCOVERIES: Final = 0.10
EXACT_RANKS: Final = 2_000
"""Up to so many values the rank is exact; from there the normal one differs by at most 1."""
PLACES: Final = 6

Trend = Literal["rise", "fall", ""]


@dataclass(frozen=True)
class Estimate:
    """A median of ``n`` accounts with its 95 % interval.

    ``p`` is the two-sided sign test's where zero means no change, ``trend`` what the change may
    be called, ``q1`` and ``q3`` quartiles where they are kept.
    """

    value: float
    low: float
    high: float
    n: int
    p: float | None = None
    trend: Trend = ""
    q1: float | None = None
    q3: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def interval_ranks(largest: int = EXACT_RANKS) -> list[int]:
    """For n = 1 … ``largest`` values: how many from either end the interval begins, 1-based.

    0 where so few values have no interval of 95 %.
    """
    counts = np.arange(1, largest + 1)
    ranks: NDArray[np.float64] = binom.ppf((1 - LEVEL) / 2, counts, 0.5)
    return [int(rank) for rank in ranks]


def sign_test(above: int, below: int) -> float:
    """Two-sided p of as uneven a split, were rises and falls equally likely; ties are left out."""
    tested = above + below
    return 1.0 if tested == 0 else float(min(1.0, 2 * binom.cdf(min(above, below), tested, 0.5)))


def discoveries(p_values: Sequence[float], rate: float = FALSE_DISCOVERIES) -> list[bool]:
    """Benjamini and Hochberg: which hypotheses of one family are rejected."""
    if not p_values:
        return []
    values = np.asarray(p_values, dtype=float)
    ordered = np.sort(values)
    bounds = rate * np.arange(1, len(values) + 1) / len(values)
    passing = np.flatnonzero(ordered <= bounds)
    limit = ordered[passing[-1]] if len(passing) else -1.0
    return [bool(value <= limit) for value in values]


def call_trends(estimates: Sequence[Estimate | None]) -> list[Estimate | None]:
    """The estimates of one family with their trends: found together, and without zero inside."""
    tested = [one for one in estimates if one is not None and one.p is not None]
    found = iter(discoveries([one.p for one in tested if one.p is not None]))
    return [
        replace(one, trend=_direction(one) if next(found) else "")
        if one is not None and one.p is not None
        else one
        for one in estimates
    ]


def _direction(one: Estimate) -> Trend:
    return "rise" if one.low > 0 else "fall" if one.high < 0 else ""
