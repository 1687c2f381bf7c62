"""What a set of creators is chosen from, and what it has to keep to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from scoring.ml.budgeting.objectives import Objective

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """``n`` candidates, one price each, in minor units of one currency.

    :param prices: (n,), above zero.
    :param tiers: (n,) names of size tiers.
    :param must, banned: (n,) who has to be in, and who may not be.
    :param fewest, most: how many creators; ``most`` None is no limit.
    :param tier_least: at least so many of a tier.
    """

    objective: Objective
    prices: Floats
    budget: float
    tiers: NDArray[np.str_]
    must: Bools
    banned: Bools
    fewest: int = 0
    most: int | None = None
    tier_least: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not np.all(np.isfinite(self.prices)) or np.any(self.prices <= 0):
            raise ValueError("Prices are finite and above zero.")
        if np.any(self.must & self.banned):
            raise ValueError("Somebody who must be in may not be banned.")

    @property
    def size(self) -> int:
        return len(self.prices)

    @property
    def limit(self) -> int:
        return self.size if self.most is None else min(self.most, self.size)

    def with_budget(self, budget: float) -> Problem:
        return replace(self, budget=budget)

    def cost(self, chosen: Bools) -> float:
        return float(self.prices[chosen].sum())

    def is_kept(self, chosen: Bools) -> bool:
        """Whether a set breaks none of the constraints, the budget among them."""
        count = int(chosen.sum())
        return (
            self.cost(chosen) <= self.budget
            and self.fewest <= count <= self.limit
            and not np.any(self.must & ~chosen)
            and not np.any(self.banned & chosen)
            and all(
                np.sum(chosen & (self.tiers == tier)) >= least
                for tier, least in self.tier_least.items()
            )
        )
