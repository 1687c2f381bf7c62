"""A plan as one JSON document: what page, API, command, file and kept row all read.

It holds no names of creators; `wording.told` adds them and the reasons in words.
"""

from typing import Any, Final

from scoring.budgeting.candidates import Candidate
from scoring.budgeting.counts import Expected
from scoring.budgeting.planning import Plan
from scoring.budgeting.terms import Goal
from scoring.budgeting.wording import Document, told
from scoring.ml.budgeting.choosing import VERSION
from scoring.ml.budgeting.comparing import LABELS
from scoring.ml.budgeting.explaining import LeftOut, PickReason
from scoring.ml.budgeting.problem import Bools
from scoring.ml.budgeting.simulating import DRAWS, Range

MEASURED_OVERLAP: Final = (
    "How many people creators share is not measured here: nobody knows who follows whom. It is "
    "assumed from country, age, gender and topics of their audiences."
)


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Money in minor units; unknown is None. What is expected is an estimate."""
    chosen = plan.choice.chosen
    cost = round(plan.posed.problem.cost(chosen))
    return {
        "currency": plan.terms.currency,
        "budget_minor": plan.terms.budget_minor,
        "goal": plan.terms.goal,
        "as_of": plan.as_of.isoformat(),
        "is_simulated": plan.pool.is_simulated,
        "price_minor": cost,
        "left_minor": plan.terms.budget_minor - cost,
        "eligible": plan.pool.eligible,
        "candidates": len(plan.pool.candidates),
        "left_out": plan.pool.left_out_rows(),
        "picks": [_pick(plan, reason) for reason in plan.picks],
        "best_left_out": [_left_out(plan, left) for left in plan.left_out],
        "expected": _expected(plan, chosen),
        "solution": {
            "value": plan.choice.value,
            "bound": plan.choice.bound,
            "gap": plan.choice.gap,
            "is_best": plan.choice.is_best and plan.terms.certainty is None,
            "method": plan.choice.method,
            "seconds": round(plan.choice.seconds, 3),
            "working_budget_minor": round(plan.working_budget),
        },
        "uncertainty": _uncertainty(plan),
        "naive": [_naive(plan, name, picked) for name, picked in plan.naive.items()],
        "assumptions": _assumptions(plan),
    }


def plan_told(plan: Plan) -> Document:
    """The document with names and reasons. No query."""
    return told(plan_as_json(plan), {one.creator_id: one.name for one in plan.pool.candidates})


def versions_of(plan: Plan) -> dict[str, Any]:
    return {
        "method": VERSION,
        "match": plan.pool.match_version,
        "prices": plan.pool.price_versions,
    }


def _person(candidate: Candidate) -> dict[str, Any]:
    return {
        "creator_id": candidate.creator_id,
        "account_id": candidate.account_id,
        "is_simulated": candidate.is_simulated,
        "platform": candidate.platform,
        "tier": candidate.tier,
        "followers": candidate.followers,
        "match": round(candidate.match, 4),
        "price": {
            "low_minor": candidate.price.low_minor,
            "middle_minor": candidate.price.middle_minor,
            "high_minor": candidate.price.high_minor,
            "deliverable": candidate.price.deliverable,
            "source": candidate.price.source,
            "coverage": candidate.price.coverage,
            "conversion": candidate.price.conversion,
        },
        "reach": _counts(candidate.counts.reach),
        "engagements": _counts(candidate.counts.engagements),
    }


def _pick(plan: Plan, reason: PickReason) -> dict[str, Any]:
    candidate = plan.pool.candidates[reason.place]
    return {
        **_person(candidate),
        "adds": reason.own,
        "shared_with": _id(plan, reason.shared_with),
        "shared": reason.shared,
        "audience_known": candidate.audience.known,
        "is_asked_for": candidate.creator_id in plan.terms.include,
    }


def _left_out(plan: Plan, left: LeftOut) -> dict[str, Any]:
    return {
        **_person(plan.pool.candidates[left.place]),
        "why": left.why,
        "adds": left.adds,
        "short_minor": round(left.short),
        "other": _id(plan, left.other),
        "loss": left.loss,
    }


def _id(plan: Plan, place: int | None) -> int | None:
    return None if place is None else plan.pool.candidates[place].creator_id


def _counts(expected: Expected | None) -> dict[str, Any] | None:
    if expected is None:
        return None
    return {
        "low": expected.low,
        "middle": expected.middle,
        "high": expected.high,
        "basis": expected.basis,
    }


def _expected(plan: Plan, chosen: Bools) -> dict[str, Any]:
    """Sums over picks that are known; ``known`` of ``of`` says how many."""
    candidates = [plan.pool.candidates[place] for place in plan.chosen]
    engaged = [one.counts.engagements for one in candidates]
    reach = [one.counts.reach for one in candidates]
    return {
        "of": len(candidates),
        "reach_known": sum(one is not None for one in reach),
        "people_once": plan.posed.reached.value(chosen) if any(reach) else None,
        "people_counted_again": sum(one.middle for one in reach if one) if any(reach) else None,
        "engagements_known": sum(one is not None for one in engaged),
        "engagements": sum(one.middle for one in engaged if one) if any(engaged) else None,
        "matches": float(plan.posed.matches[chosen].sum()),
    }


def _uncertainty(plan: Plan) -> dict[str, Any]:
    found = plan.uncertainty
    has_reach = any(plan.pool.candidates[place].counts.reach for place in plan.chosen)
    return {
        "draws": DRAWS,
        "random_state": plan.terms.random_state,
        "within_budget": found.within,
        "cost_minor": _range(found.cost),
        "people_once": _range(found.reach),
        "engagements": _range(found.engagements),
        "people_least": found.reach_least if has_reach else None,
        "people_most": found.reach_most if has_reach else None,
    }


def _range(found: Range | None) -> dict[str, float] | None:
    return None if found is None else {"p10": found.p10, "p50": found.p50, "p90": found.p90}


def _naive(plan: Plan, name: str, picked: Bools | None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "label": LABELS[name]}
    if picked is None:
        return {**row, "creators": None, "price_minor": None, "value": None, "share": None}
    value = plan.posed.problem.objective.value(picked)
    return {
        **row,
        "creators": int(picked.sum()),
        "price_minor": round(plan.posed.problem.cost(picked)),
        "value": value,
        "share": value / plan.choice.value if plan.choice.value else None,
    }


def _assumptions(plan: Plan) -> list[str]:
    """What the figures rest on, in words."""
    candidates = [plan.pool.candidates[place] for place in plan.chosen]
    coverages = sorted({one.price.coverage for one in candidates if one.price.coverage})
    found = [
        "One piece by each creator. Prices are those in the middle of their ranges, without "
        "Fairground’s fee; nobody has agreed to them.",
        MEASURED_OVERLAP,
        f"Of the people two audiences could share, {plan.terms.overlap_share:.0%} are assumed to "
        "be shared; the bounds say what nobody and everybody would make.",
        "Reach is taken from views of posts; one person can be several views.",
        "Draws of different creators are independent; prices that rise together spread wider.",
    ]
    unknown = sum(one.audience.known < 4 for one in candidates)
    if unknown:
        found.append(
            f"Of {unknown} of the {len(candidates)} audiences something is unknown and taken to "
            "be as the other candidates’ are on average."
        )
    if coverages:
        found.append(
            "Such price ranges held "
            f"{' to '.join(dict.fromkeys(f'{one:.0%}' for one in (coverages[0], coverages[-1])))} "
            "of the prices of creators they were not learned from."
        )
    found += sorted({one.price.conversion for one in candidates if one.price.conversion})
    if plan.terms.certainty is not None:
        found.append(
            f"Chosen under {plan.working_budget / plan.terms.budget_minor:.0%} of the budget, so "
            "that the whole of it holds as often as asked; another set may be better."
        )
    if plan.terms.goal != Goal.REACH:
        found.append("The goal adds up over creators; people reached once are told beside it.")
    return found
