"""A set that stays within the budget with a wished probability.

The choice is made under a smaller working budget. The working budget is the largest, to 1 %,
whose choice stays within the real one in the wished share of draws. It is a heuristic: another
set might keep the probability and be worth more, so the bound is that of the choice without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from scoring.ml.budgeting.choosing import Choice, NoSet, choose
from scoring.ml.budgeting.problem import Bools, Problem
from scoring.ml.budgeting.simulating import Interval, draw_cost

STEPS: Final = 7


@dataclass(frozen=True)
class SafeChoice:
    """``within`` is the share of draws in which the set costs at most the budget."""

    choice: Choice
    within: float
    working_budget: float


def share_within(prices: Interval, chosen: Bools, budget: float, *, random_state: int) -> float:
    """The share of draws in which ``chosen`` costs at most ``budget``."""
    costs = draw_cost(prices.of(chosen), random_state=random_state)
    return float(np.mean(costs <= budget))


def choose_safely(
    problem: Problem, prices: Interval, *, least: float, random_state: int, seconds: float = 2.0
) -> SafeChoice:
    """As `choose`, within the budget in at least the share ``least`` of draws.

    :raises NoSet: if even the smallest sets cost more too often.
    """

    def tried(part: float) -> SafeChoice | None:
        budget = part * problem.budget
        try:
            choice = choose(problem.with_budget(budget), seconds=seconds / STEPS)
        except NoSet:
            return None
        within = share_within(prices, choice.chosen, problem.budget, random_state=random_state)
        return SafeChoice(choice, within, budget)

    whole = tried(1.0)
    if whole is None:
        raise NoSet
    if whole.within >= least:
        return whole
    best: SafeChoice | None = None
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        part = (low + high) / 2
        found = tried(part)
        # Too little for any set at all: more is needed.
        if found is None or found.within >= least:
            low = part
            if found is not None and (best is None or found.choice.value > best.choice.value):
                best = found
        else:
            high = part
    if best is None:
        raise NoSet
    return replace(best, choice=replace(best.choice, bound=whole.choice.bound))
