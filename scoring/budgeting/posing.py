"""From candidates and wishes to the arrays that the planner reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.budgeting.candidates import Candidate
from scoring.budgeting.counts import Expected
from scoring.budgeting.terms import Goal, PlanTerms
from scoring.ml.budgeting.audiences import cells_of
from scoring.ml.budgeting.objectives import Additive, Objective, UniqueReach
from scoring.ml.budgeting.problem import Problem
from scoring.ml.budgeting.simulating import Interval

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Posed:
    """``reached`` is the audience model, whatever the goal; unknown reach is none in it.

    ``bounding`` is the same without topics. A person has one country, age and gender but many
    interests, so only these cells bound how many people two creators can share.
    """

    problem: Problem
    prices: Interval
    reach: Interval
    engagements: Interval
    reached: UniqueReach
    bounding: UniqueReach
    matches: Floats


def pose(candidates: Sequence[Candidate], terms: PlanTerms) -> Posed:
    """Candidates in their order."""
    reach = _interval(candidates, lambda one: one.counts.reach)
    engagements = _interval(candidates, lambda one: one.counts.engagements)
    people = np.nan_to_num(reach.middle)
    audiences = [one.audience for one in candidates]
    reached = UniqueReach(cells_of(audiences, people), rho=terms.overlap_share)
    bounding = UniqueReach(
        cells_of([replace(one, topics=None) for one in audiences], people), rho=terms.overlap_share
    )
    matches = np.array([one.match for one in candidates], dtype=float)
    objective: Objective = reached
    if terms.goal == Goal.ENGAGEMENTS:
        objective = Additive(np.nan_to_num(engagements.middle))
    elif terms.goal == Goal.MATCHES:
        objective = Additive(np.maximum(matches, 0.0))
    prices = Interval(
        *(
            np.array([getattr(one.price, f"{name}_minor") for one in candidates], dtype=float)
            for name in ("low", "middle", "high")
        )
    )
    problem = Problem(
        objective=objective,
        prices=prices.middle,
        budget=float(terms.budget_minor),
        tiers=np.array([one.tier for one in candidates], dtype=np.str_),
        must=np.array([one.creator_id in terms.include for one in candidates], dtype=bool),
        banned=np.zeros(len(candidates), dtype=bool),
        fewest=max(terms.fewest, 1),
        most=terms.most,
        tier_least={tier: least for tier, least in terms.tier_least.items() if least},
    )
    return Posed(problem, prices, reach, engagements, reached, bounding, matches)


def _interval(
    candidates: Sequence[Candidate], of: Callable[[Candidate], Expected | None]
) -> Interval:
    known = [of(one) for one in candidates]

    def column(name: str) -> Floats:
        values = [None if one is None else getattr(one, name) for one in known]
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    return Interval(column("low"), column("middle"), column("high"))
