"""A budget plan: the one service behind page, API and command."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from campaigns.terms import BriefTerms
from scoring.budgeting.candidates import Pool, gather_candidates
from scoring.budgeting.posing import Posed, pose
from scoring.budgeting.refusing import (
    NoPlan,
    nobody_priced,
    too_small_for_anybody,
    too_small_for_the_wishes,
    too_unsure,
)
from scoring.budgeting.terms import PlanTerms
from scoring.ml.budgeting.chance import choose_safely, share_within
from scoring.ml.budgeting.choosing import Choice, NoSet, choose
from scoring.ml.budgeting.comparing import naive_picks
from scoring.ml.budgeting.explaining import (
    LeftOut,
    PickReason,
    explain_left_out,
    explain_picks,
)
from scoring.ml.budgeting.needs import cheapest_completion
from scoring.ml.budgeting.problem import Bools, Problem
from scoring.ml.budgeting.simulating import (
    Range,
    draw_cost,
    draw_sum,
    draw_unique_reach,
    range_of,
)

SECONDS: Final = 2.0
LEFT_OUT_TOLD: Final = 8


@dataclass(frozen=True)
class Uncertainty:
    """10th, 50th and 90th percentile of draws; None where a pick's interval is unknown.

    ``within`` is the share of draws that cost at most the budget. ``reach_least`` and
    ``reach_most`` bound the people reached once, whatever audiences share: the least by country,
    age and gender alone.
    """

    within: float
    cost: Range | None
    reach: Range | None
    engagements: Range | None
    reach_least: float
    reach_most: float


@dataclass(frozen=True)
class Plan:
    """``places`` in the lists are rows of ``pool.candidates``."""

    terms: PlanTerms
    pool: Pool
    posed: Posed
    choice: Choice
    working_budget: float
    picks: list[PickReason]
    left_out: list[LeftOut]
    naive: dict[str, Bools | None]
    uncertainty: Uncertainty
    as_of: datetime

    @property
    def chosen(self) -> list[int]:
        return [int(place) for place in np.flatnonzero(self.choice.chosen)]


def plan_budget(
    *,
    terms: PlanTerms,
    brief: BriefTerms,
    brand_names: Sequence[str] = (),
    hidden: Collection[int] = (),
    now: datetime,
) -> Plan:
    """The creators to take. A constant number of queries and about `SECONDS` at most.

    :param hidden: ids of creators the brand does not want to see.
    :raises PlanRefused: if the terms cannot be, or contradict themselves.
    :raises NoPlan: if nobody, or no set, can be had; it says what is in the way.
    :raises BriefRejected: if the brief cannot be searched by.
    """
    terms = terms.checked()
    pool = gather_candidates(
        terms=terms, brief=brief, brand_names=brand_names, hidden=hidden, now=now
    )
    if not pool.candidates:
        raise nobody_priced(terms, pool.left_out_rows())
    posed = pose(pool.candidates, terms)
    problem = posed.problem
    _check_possible(problem, terms)
    choice, working = _choose(posed, terms)
    chosen = choice.chosen
    ranks = problem.objective.singles() * (0.5 + posed.matches)
    return Plan(
        terms=terms,
        pool=pool,
        posed=posed,
        choice=choice,
        working_budget=working,
        picks=explain_picks(problem, chosen),
        left_out=explain_left_out(problem, chosen, ranks, most=LEFT_OUT_TOLD),
        naive=naive_picks(problem, posed.matches),
        uncertainty=_uncertainty(posed, chosen, terms),
        as_of=now,
    )


def _choose(posed: Posed, terms: PlanTerms) -> tuple[Choice, float]:
    """The choice and the budget it was made under."""
    try:
        if terms.certainty is None:
            return choose(posed.problem, seconds=SECONDS), posed.problem.budget
        safe = choose_safely(
            posed.problem,
            posed.prices,
            least=terms.certainty,
            random_state=terms.random_state,
            seconds=SECONDS,
        )
    except NoSet as error:
        raise too_unsure(terms) from error
    return safe.choice, safe.working_budget


def _check_possible(problem: Problem, terms: PlanTerms) -> None:
    """:raises NoPlan: saying which wish is in the way."""
    for tier, least in problem.tier_least.items():
        there = int(np.sum(problem.tiers == tier))
        if there < least:
            raise NoPlan(
                "tier_least", f"{least} {tier} creators are asked for, but {there} can be planned."
            )
    if problem.fewest > problem.size:
        raise NoPlan(
            "fewest",
            f"At least {problem.fewest} creators are asked for, but {problem.size} can be planned.",
        )
    cheapest = float(problem.prices.min())
    if cheapest > problem.budget:
        raise too_small_for_anybody(terms, round(cheapest))
    whole = cheapest_completion(problem, problem.must.copy())
    if whole is None:
        raise NoPlan(
            "most",
            "Those who must be in the plan and the sizes asked for need more creators than "
            f"the {problem.limit} that may be in it.",
        )
    if problem.cost(whole) > problem.budget:
        raise too_small_for_the_wishes(terms, round(problem.cost(whole)))


def _uncertainty(posed: Posed, chosen: Bools, terms: PlanTerms) -> Uncertainty:
    seed = terms.random_state
    prices = posed.prices.of(chosen)
    least, most = posed.bounding.bounds(chosen)
    has_reach = not np.isnan(posed.reach.middle[chosen]).any()
    return Uncertainty(
        within=share_within(posed.prices, chosen, float(terms.budget_minor), random_state=seed),
        cost=range_of(draw_cost(prices, random_state=seed)),
        reach=range_of(draw_unique_reach(posed.reached, chosen, posed.reach, random_state=seed + 1))
        if has_reach
        else None,
        engagements=range_of(draw_sum(posed.engagements.of(chosen), random_state=seed + 2)),
        reach_least=least,
        reach_most=most,
    )
