"""Where demand outruns supply: a reading of a niche beside the others of its month.

    opportunity = log2(r / r~) + 100 (g - g~)

with r the campaigns begun per hundred creators, g the median growth of followers per 30 days,
and r~, g~ their medians over the niches of the same month and platform where both are known.
One point is twice the demand per creator of the middle niche, or one percentage point more
growth. The interval takes the exact Poisson interval of the campaigns (Garwood, 1936) and that
of the growth at their worst and best together, so it is wider than 95 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from statistics import median
from typing import Final

from scipy.stats import chi2

from scoring.niche_reports.estimates import LEVEL, Estimate

FEWEST_NICHES: Final = 5
"""Of fewer niches there is no middle to be compared with."""


@dataclass(frozen=True)
class Parts:
    """What the formula needs of one niche."""

    campaigns: int
    creators: int
    growth: Estimate

    @property
    def demand(self) -> float:
        return 100 * self.campaigns / self.creators


def read_opportunities(parts: Sequence[Parts | None]) -> list[Estimate | None]:
    """One reading per niche, None where a part is unknown, or everywhere if too few are known."""
    known = [one for one in parts if one is not None]
    if len(known) < FEWEST_NICHES:
        return [None] * len(parts)
    demand = median(one.demand for one in known)
    growth = median(one.growth.value for one in known)
    return [_read(one, demand, growth) if one else None for one in parts]


def _read(one: Parts, demand: float, growth: float) -> Estimate:
    fewest, most = poisson_interval(one.campaigns)
    scale = 100 / one.creators / demand
    return Estimate(
        value=log2(one.demand / demand) + 100 * (one.growth.value - growth),
        low=log2(fewest * scale) + 100 * (one.growth.low - growth),
        high=log2(most * scale) + 100 * (one.growth.high - growth),
        n=one.campaigns,
    )


def poisson_interval(count: int) -> tuple[float, float]:
    """The 95 % interval of the mean behind a count of at least 1."""
    tail = (1 - LEVEL) / 2
    return float(chi2.ppf(tail, 2 * count) / 2), float(chi2.ppf(1 - tail, 2 * count + 2) / 2)
