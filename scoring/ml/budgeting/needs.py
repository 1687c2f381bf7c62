"""What a set still needs to keep its constraints, and the cheapest way to it."""

from __future__ import annotations

import numpy as np

from scoring.ml.budgeting.problem import Bools, Problem


def cheapest_completion(problem: Problem, chosen: Bools) -> Bools | None:
    """``chosen`` with the cheapest candidates that its constraints still need; None if none can.

    Those who must be in come first, then the cheapest of each tier that lacks some, then the
    cheapest of all: a greedy choice is the cheapest, because needs by tier and in number are the
    bases of a matroid. The budget is not looked at.
    """
    found = chosen | problem.must
    free = ~(found | problem.banned)
    order = np.argsort(problem.prices, kind="stable")
    for tier, least in problem.tier_least.items():
        missing = least - int(np.sum(found & (problem.tiers == tier)))
        if missing > 0:
            cheapest = [i for i in order if free[i] and problem.tiers[i] == tier][:missing]
            if len(cheapest) < missing:
                return None
            found[cheapest] = True
            free[cheapest] = False
    if (missing := problem.fewest - int(found.sum())) > 0:
        cheapest = [i for i in order if free[i]][:missing]
        if len(cheapest) < missing:
            return None
        found[cheapest] = True
    return found if int(found.sum()) <= problem.limit else None


def can_be_completed(problem: Problem, chosen: Bools) -> bool:
    """Whether some set within the budget keeps the constraints and holds ``chosen``."""
    whole = cheapest_completion(problem, chosen)
    return whole is not None and problem.cost(whole) <= problem.budget
