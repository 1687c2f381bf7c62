"""The best set that can be found in the time there is, and how far it can be from the best."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.budgeting.exact import fractional_bound, solve
from scoring.ml.budgeting.greedy import choose_greedily, search_locally
from scoring.ml.budgeting.needs import can_be_completed
from scoring.ml.budgeting.objectives import UniqueReach
from scoring.ml.budgeting.problem import Bools, Problem

VERSION: Final = "budget/v1"
EXACT_CELLS: Final = 40_000
"""Largest facility-location program that is tried: candidates times their cells."""
STARTS: Final = 12
POOR_BOUND: Final = 0.01
"""Above this the linear program with parts of creators is asked for a bound as well."""
TOLERANCE: Final = 1e-6


class NoSet(ValueError):
    """No set keeps the constraints within the budget."""


@dataclass(frozen=True)
class Choice:
    """``bound`` is above the worth of every allowed set; ``gap`` is the share it could lack."""

    chosen: Bools
    value: float
    bound: float
    method: str
    seconds: float

    @property
    def gap(self) -> float:
        if self.bound <= 0:
            return 0.0
        return min(max((self.bound - self.value) / self.bound, 0.0), 1.0)

    @property
    def is_best(self) -> bool:
        return self.gap <= TOLERANCE


def choose(problem: Problem, *, seconds: float = 2.0, exact: bool = True) -> Choice:
    """Exact where that ends in time; else greedy with local search, and a bound.

    :param exact: False leaves the integer program out, for benchmarks.
    :raises NoSet: if no set keeps the constraints within the budget.
    """
    start = time.monotonic()
    if not can_be_completed(problem, problem.must.copy()):
        raise NoSet
    best = _best_greedy(problem, until=start + seconds / 2)
    improved = search_locally(problem, best, seconds=seconds / 4)
    method, bound = "greedy with local search", np.inf
    if exact and _is_small(problem):
        solved = solve(problem, seconds=seconds)
        bound = min(bound, solved.bound)
        better = solved.chosen is not None and problem.is_kept(solved.chosen)
        if better and solved.chosen is not None:
            value = problem.objective.value(solved.chosen)
            if value >= problem.objective.value(improved) - TOLERANCE:
                improved = solved.chosen
                method = "integer program"
    value = problem.objective.value(improved)
    if bound > value * (1 + TOLERANCE):
        bound = min(bound, *(online_bound(problem, one) for one in (improved, problem.must)))
    if exact and bound > value * (1 + POOR_BOUND):
        bound = min(bound, solve(problem, seconds=seconds, whole=False).bound)
    return Choice(
        chosen=improved,
        value=value,
        # Rounding must not put the bound below what was found.
        bound=max(float(bound), value),
        method=method,
        seconds=time.monotonic() - start,
    )


def online_bound(problem: Problem, chosen: Bools) -> float:
    """f(OPT) ≤ f(S) + the most that gains on S can sum to (Leskovec et al. 2007, section 3.2)."""
    gains = problem.objective.gains(chosen)
    return problem.objective.value(chosen) + fractional_bound(problem, gains)


def _best_greedy(problem: Problem, *, until: float) -> Bools:
    """Of greedy choices from nobody and from each of those that are worth the most alone.

    One who is dear and worth a lot fits only while the budget is whole.
    """
    starts: list[int | None] = [None]
    starts += [int(one) for one in np.argsort(-problem.objective.singles(), kind="stable")[:STARTS]]
    best: Bools | None = None
    for first in starts:
        for by_price in (True, False):
            found = choose_greedily(problem, by_price=by_price, first=first)
            if found is not None and (
                best is None or problem.objective.value(found) > problem.objective.value(best)
            ):
                best = found
        if best is not None and time.monotonic() > until:
            break
    if best is None:
        raise NoSet
    return best


def _is_small(problem: Problem) -> bool:
    objective = problem.objective
    return not isinstance(objective, UniqueReach) or objective.cells.nnz <= EXACT_CELLS
