"""Why each pick is in a set and others are not: what it alone adds, and what a swap would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.ml.budgeting.objectives import UniqueReach
from scoring.ml.budgeting.problem import Bools, Floats, Problem

Why = Literal["too_dear", "full", "shared", "less", "room"]


@dataclass(frozen=True)
class PickReason:
    """``own`` is what the set would lack without this pick.

    ``shared_with`` is the pick with whom most is shared, ``shared`` how many people at the stated
    share; None without an audience model.
    """

    place: int
    own: float
    shared_with: int | None
    shared: float


@dataclass(frozen=True)
class LeftOut:
    """Somebody good who is not in the set, and what came in the way.

    ``too_dear`` by ``short`` minor units; ``full``: the number of creators is reached; ``shared``:
    most of the audience is that of ``other``; ``less``: brings less for its price than ``other``,
    whom it would replace at a loss of ``loss``; ``room``: it fits and adds ``adds``, if anything.
    """

    place: int
    why: Why
    adds: float
    short: float = 0.0
    other: int | None = None
    loss: float = 0.0


def explain_picks(problem: Problem, chosen: Bools) -> list[PickReason]:
    whole = problem.objective.value(chosen)
    reasons = []
    for one in np.flatnonzero(chosen):
        rest = chosen.copy()
        rest[one] = False
        other, shared = _most_shared(problem, int(one), rest)
        own = whole - problem.objective.value(rest)
        reasons.append(PickReason(int(one), own, other, shared))
    return reasons


def explain_left_out(problem: Problem, chosen: Bools, ranks: Floats, *, most: int) -> list[LeftOut]:
    """The ``most`` best by falling ``ranks`` (n,) who are not in the set and were not banned."""
    order = [one for one in np.argsort(-ranks, kind="stable") if not chosen[one]]
    asked = [int(one) for one in order if not problem.banned[one]][:most]
    gains = problem.objective.gains(chosen)
    return [_left_out(problem, chosen, one, float(gains[one])) for one in asked]


def _left_out(problem: Problem, chosen: Bools, one: int, adds: float) -> LeftOut:
    spare = problem.budget - problem.cost(chosen)
    short = float(problem.prices[one]) - spare
    other, shared = _most_shared(problem, one, chosen)
    alone = float(problem.objective.singles()[one])
    if other is not None and alone > 0 and shared > alone / 3:
        return LeftOut(one, "shared", adds, short=max(short, 0.0), other=other, loss=shared)
    if short <= 0:
        full = chosen.sum() >= problem.limit
        swap = _best_swap(problem, chosen, one)
        if full and swap is not None:
            return LeftOut(one, "full", adds, other=swap[0], loss=swap[1])
        return LeftOut(one, "full" if full else "room", adds)
    if (swap := _best_swap(problem, chosen, one)) is not None:
        return LeftOut(one, "less", adds, short=short, other=swap[0], loss=swap[1])
    return LeftOut(one, "too_dear", adds, short=short)


def _best_swap(problem: Problem, chosen: Bools, one: int) -> tuple[int, float] | None:
    """Whom ``one`` could replace with the least loss, and the loss; None if nobody."""
    whole = problem.objective.value(chosen)
    best: tuple[int, float] | None = None
    for out in np.flatnonzero(chosen & ~problem.must):
        trial = chosen.copy()
        trial[out], trial[one] = False, True
        if not problem.is_kept(trial):
            continue
        loss = whole - problem.objective.value(trial)
        if best is None or loss < best[1]:
            best = (int(out), loss)
    return best


def _most_shared(problem: Problem, one: int, among: Bools) -> tuple[int | None, float]:
    objective = problem.objective
    if not isinstance(objective, UniqueReach) or not among.any():
        return None, 0.0
    shared = np.where(among, objective.shareable(one), -1.0)
    other = int(np.argmax(shared))
    people = objective.rho * float(shared[other])
    return (other, people) if people > 0 else (None, 0.0)
