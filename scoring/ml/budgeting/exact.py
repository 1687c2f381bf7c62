"""The choice as a mixed-integer linear program, solved by HiGHS through SciPy.

Sums are linear as they stand. Unique reach is linear with one more variable for each candidate
and cell: y_ic ≤ x_i, Σ_i y_ic ≤ 1, worth a_ic · y_ic (facility location).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from scoring.ml.budgeting.objectives import Additive, UniqueReach
from scoring.ml.budgeting.problem import Bools, Floats, Problem


@dataclass(frozen=True)
class Solved:
    """``chosen`` is None if no set was found in time; ``bound`` is above every set's worth."""

    chosen: Bools | None
    bound: float
    is_infeasible: bool = False


def solve(problem: Problem, *, seconds: float, whole: bool = True) -> Solved:
    """The best set, or the best found in time with a bound on all.

    :param whole: False allows parts of creators, which gives a bound only, and quickly.
    """
    if isinstance(problem.objective, UniqueReach):
        worth, rows, low, high = _reach_rows(problem, problem.objective)
    else:
        values = problem.objective.singles()
        worth, (rows, low, high) = values, plain_rows(problem)
    n, extra = problem.size, len(worth) - problem.size
    least = np.concatenate([problem.must.astype(float), np.zeros(extra)])
    largest = np.concatenate([(~problem.banned).astype(float), np.ones(extra)])
    integral = np.concatenate([np.full(n, int(whole)), np.zeros(extra)])
    found = milp(
        -worth,
        constraints=LinearConstraint(rows, low, high),
        bounds=Bounds(least, largest),
        integrality=integral,
        options={"time_limit": max(seconds, 0.05), "mip_rel_gap": 1e-9},
    )
    if found.status == 2:
        return Solved(None, -np.inf, is_infeasible=True)
    dual = getattr(found, "mip_dual_bound", None)
    if whole:
        bound = -float(dual) if dual is not None else np.inf
    else:
        bound = -float(found.fun) if found.status == 0 else np.inf
    if found.x is None or not whole:
        return Solved(None, bound)
    return Solved(found.x[:n] > 0.5, bound)


def fractional_bound(problem: Problem, gains: Floats) -> float:
    """The most that gains (n,) can sum to over sets, with parts of creators allowed."""
    return solve_linear(problem, gains).bound


def solve_linear(problem: Problem, worth: Floats) -> Solved:
    linear = Problem(
        objective=Additive(worth),
        prices=problem.prices,
        budget=problem.budget,
        tiers=problem.tiers,
        must=problem.must,
        banned=problem.banned,
        fewest=problem.fewest,
        most=problem.most,
        tier_least=problem.tier_least,
    )
    return solve(linear, seconds=5.0, whole=False)


def plain_rows(problem: Problem) -> tuple[csr_array, Floats, Floats]:
    """Budget, number and tiers as rows over the candidates, with their two ends."""
    tiers = sorted(problem.tier_least)
    rows = [problem.prices, np.ones(problem.size)]
    rows += [(problem.tiers == tier).astype(float) for tier in tiers]
    low = [-np.inf, float(problem.fewest), *(float(problem.tier_least[tier]) for tier in tiers)]
    high = [problem.budget, float(problem.limit), *(np.inf for _ in tiers)]
    return csr_array(np.array(rows)), np.array(low), np.array(high)


def _reach_rows(
    problem: Problem, objective: UniqueReach
) -> tuple[Floats, csr_array, Floats, Floats]:
    cells = objective.cells
    n, nonzero = problem.size, cells.nnz
    owner = np.repeat(np.arange(n), np.diff(cells.indptr))
    at = np.arange(nonzero)
    plain, low, high = plain_rows(problem)
    top = hstack([plain, csr_array((plain.shape[0], nonzero))])
    ones = np.ones(nonzero)
    # y - x ≤ 0 for every candidate and cell
    within = hstack(
        [coo_array((-ones, (at, owner)), shape=(nonzero, n)), coo_array((ones, (at, at)))]
    )
    once = hstack(
        [
            csr_array((cells.shape[1], n)),
            coo_array((ones, (cells.indices, at)), shape=(cells.shape[1], nonzero)),
        ]
    )
    rows = csr_array(vstack([top, within, once]))
    worth = np.concatenate([(1 - objective.rho) * objective.reach(), objective.rho * cells.data])
    free = np.full(nonzero + cells.shape[1], -np.inf)
    return (
        worth,
        rows,
        np.concatenate([low, free]),
        np.concatenate([high, np.zeros(nonzero), np.ones(cells.shape[1])]),
    )
