"""Greedy choice for a monotone submodular worth, and local search from there.

Greedy by gain per money and greedy by gain, the better of the two, holds (1 - 1/e)/2 of the best
under a budget alone (Leskovec et al. 2007, KDD, "CELF"). All gains are computed again in each
round as one array operation; that is quicker here than the lazy queue, which gives the same set.
"""

from __future__ import annotations

import time

import numpy as np

from scoring.ml.budgeting.needs import can_be_completed, cheapest_completion
from scoring.ml.budgeting.problem import Bools, Floats, Problem

SMALLEST_GAIN = 1e-9


def choose_greedily(problem: Problem, *, by_price: bool, first: int | None = None) -> Bools | None:
    """Add who gains the most (for the money) until nobody fits; None if no set keeps all.

    :param first: begin with this candidate.
    """
    chosen = problem.must.copy()
    if first is not None:
        chosen[first] = True
    if np.any(chosen & problem.banned) or not can_be_completed(problem, chosen):
        return None
    while chosen.sum() < problem.limit:
        gains = problem.objective.gains(chosen)
        worth = gains / problem.prices if by_price else gains
        spare = problem.budget - problem.cost(chosen)
        open_ = ~(chosen | problem.banned) & (problem.prices <= spare) & (gains > SMALLEST_GAIN)
        added = _first_that_fits(problem, chosen, worth, open_)
        if added is None:
            break
        chosen[added] = True
    return cheapest_completion(problem, chosen)


def _first_that_fits(problem: Problem, chosen: Bools, worth: Floats, open_: Bools) -> int | None:
    has_needs = bool(problem.tier_least) or problem.fewest > chosen.sum()
    for one in np.argsort(-worth, kind="stable"):
        if not open_[one]:
            continue
        if not has_needs:
            return int(one)
        trial = chosen.copy()
        trial[one] = True
        if can_be_completed(problem, trial):
            return int(one)
    return None


def search_locally(problem: Problem, chosen: Bools, *, seconds: float) -> Bools:
    """Swap one for one, and add, as long as it helps and time is left.

    Sets that keep every constraint stay so.
    """
    until = time.monotonic() + seconds
    best, value = chosen.copy(), problem.objective.value(chosen)
    improved = True
    while improved and time.monotonic() < until:
        improved = False
        for out in [None, *np.flatnonzero(best & ~problem.must)]:
            rest = best.copy()
            if out is not None:
                rest[out] = False
            swapped = _best_added(problem, rest, out)
            if swapped is None:
                continue
            now = problem.objective.value(swapped)
            if now > value * (1 + 1e-12) + SMALLEST_GAIN:
                best, value, improved = swapped, now, True
                break
            if time.monotonic() >= until:
                break
    return best


def _best_added(problem: Problem, rest: Bools, out: int | None) -> Bools | None:
    """``rest`` with whoever adds the most and keeps the constraints; not ``out`` again."""
    if rest.sum() >= problem.limit:
        return None
    gains = problem.objective.gains(rest)
    spare = problem.budget - problem.cost(rest)
    fits = ~(rest | problem.banned) & (problem.prices <= spare) & (gains > SMALLEST_GAIN)
    if out is not None:
        fits[out] = False
        tier = str(problem.tiers[out])
        least = problem.tier_least.get(tier, 0)
        if np.sum(rest & (problem.tiers == tier)) < least:
            fits &= problem.tiers == tier
    if not fits.any():
        return None
    swapped = rest.copy()
    swapped[int(np.argmax(np.where(fits, gains, -1.0)))] = True
    return swapped if swapped.sum() >= problem.fewest else None
