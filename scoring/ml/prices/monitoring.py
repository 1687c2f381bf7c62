"""Do ranges that were given hold the prices that came later?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from scoring.ml.prices.conformal import wilson

FEWEST_CREATORS: Final = 20
Verdict = Literal["holding", "drifted", "too few"]


@dataclass(frozen=True)
class CoverageReport:
    """Of `outcomes` later prices of `creators`, `observed` were inside, the rest below or above.

    [low, high] is the 95 % Wilson interval, a creator counting once. "drifted": the nominal
    share is outside it. Whoever looks every week will now and then see "drifted" by chance: one
    look in twenty for a model that holds.
    """

    nominal: float
    observed: float | None
    low: float
    high: float
    outcomes: int
    creators: int
    below: int
    above: int
    verdict: Verdict


def coverage_report(
    ranges: Sequence[tuple[float, float]],
    outcomes: Sequence[float],
    *,
    nominal: float,
    creators: Sequence[str] | None = None,
) -> CoverageReport:
    """Compare ranges with the prices that came of them, in the same units.

    :param creators: whose each price is; without it each counts for itself.
    :raises ValueError: lengths differ, a range is upside down, or a number is not finite.
    """
    low, high = np.array(ranges, dtype=float).reshape(-1, 2).T
    prices = np.asarray(outcomes, dtype=float)
    if not len(low) == len(prices) == (len(prices) if creators is None else len(creators)):
        raise ValueError("Ranges, outcomes and creators differ in length.")
    if not (np.isfinite(low) & np.isfinite(high) & np.isfinite(prices)).all():
        raise ValueError("Ranges and outcomes must be finite numbers.")
    if (low > high).any():
        raise ValueError("A range ends before it begins.")
    count = len(prices) if creators is None else len(set(creators))
    below, above = int((prices < low).sum()), int((prices > high).sum())
    observed = 1 - (below + above) / len(prices) if len(prices) else None
    interval = wilson(observed or 0.0, count if observed is not None else 0)
    return CoverageReport(
        nominal=nominal,
        observed=observed,
        low=interval[0],
        high=interval[1],
        outcomes=len(prices),
        creators=count,
        below=below,
        above=above,
        verdict=_verdict(nominal, interval, count),
    )


def _verdict(nominal: float, interval: tuple[float, float], creators: int) -> Verdict:
    if creators < FEWEST_CREATORS:
        return "too few"
    return "holding" if interval[0] <= nominal <= interval[1] else "drifted"
