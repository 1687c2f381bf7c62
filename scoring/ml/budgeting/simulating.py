"""What a chosen set may cost and bring, by drawing from the intervals of prices and counts.

A quantity with a low, a middle and a high figure is drawn log-normally on each side of the
middle, so that its 10th, 50th and 90th percentiles are the three figures. Draws of different
creators are independent, which is an assumption: prices that move together spread wider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import norm

from scoring.ml.budgeting.objectives import UniqueReach

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DRAWS: Final = 2_000
SMALLEST: Final = 0.5
"""A low figure of 0 counts is drawn as less than one."""
EDGE: Final = float(norm.ppf(0.9))


@dataclass(frozen=True)
class Interval:
    """(n,) each; NaN where unknown. ``low`` and ``high`` are the 10th and 90th percentile.

    A middle figure without the other two can be added up, and draws of it are unknown.
    """

    low: Floats
    middle: Floats
    high: Floats

    def of(self, chosen: Bools) -> Interval:
        return Interval(self.low[chosen], self.middle[chosen], self.high[chosen])

    def draw(self, uniform: Floats) -> Floats:
        """:param uniform: (draws, n) in (0, 1); the same give the same."""
        deviate = ndtri(uniform) / EDGE
        with np.errstate(divide="ignore", invalid="ignore"):
            below = np.log(self.middle / np.maximum(self.low, SMALLEST))
            above = np.log(np.maximum(self.high, SMALLEST) / self.middle)
        spread = np.where(deviate < 0, np.maximum(below, 0), np.maximum(above, 0))
        drawn = self.middle * np.exp(spread * deviate)
        return np.asarray(np.where(self.middle == 0, 0.0, drawn))


@dataclass(frozen=True)
class Range:
    """Percentiles of a simulated quantity."""

    p10: float
    p50: float
    p90: float


def uniforms(draws: int, size: int, *, random_state: int) -> Floats:
    """(draws, n), never exactly 0 or 1."""
    found = np.random.default_rng(random_state).random((draws, size))
    return np.clip(found, 1e-9, 1 - 1e-9)


def range_of(drawn: Floats) -> Range | None:
    """None where nothing was drawn or something in it is unknown."""
    if not drawn.size or not np.all(np.isfinite(drawn)):
        return None
    p10, p50, p90 = np.percentile(drawn, [10, 50, 90])
    return Range(float(p10), float(p50), float(p90))


def draw_cost(prices: Interval, *, draws: int = DRAWS, random_state: int) -> Floats:
    """What the set costs in each draw (draws,)."""
    uniform = uniforms(draws, len(prices.middle), random_state=random_state)
    return np.asarray(prices.draw(uniform).sum(axis=1))


def draw_sum(counts: Interval, *, draws: int = DRAWS, random_state: int) -> Floats:
    """Their sum in each draw (draws,); NaN where one is unknown."""
    return draw_cost(counts, draws=draws, random_state=random_state)


def draw_unique_reach(
    objective: UniqueReach,
    chosen: Bools,
    reach: Interval,
    *,
    draws: int = DRAWS,
    random_state: int,
) -> Floats:
    """People reached once in each draw (draws,): each audience grows and shrinks as a whole."""
    rows = objective.cells[np.flatnonzero(chosen)]
    used = np.unique(rows.indices)
    if not len(used):
        return np.zeros(draws)
    parts = rows[:, used].toarray()
    drawn = reach.of(chosen)
    people = drawn.draw(uniforms(draws, parts.shape[0], random_state=random_state))
    expected = parts.sum(axis=1)
    factor = np.divide(people, expected, out=np.zeros_like(people), where=expected > 0)
    covered = np.zeros((draws, parts.shape[1]))
    for place in range(parts.shape[0]):
        np.maximum(covered, factor[:, [place]] * parts[place], out=covered)
    return np.asarray(
        (1 - objective.rho) * people.sum(axis=1) + objective.rho * covered.sum(axis=1)
    )
