"""Refusals of plans that no set of creators can keep, each naming what is in the way."""

from collections.abc import Sequence
from typing import Any, Final

from accounts.errors import DomainError
from accounts.money import readable
from scoring.budgeting.terms import PlanTerms

IN_THE_WAY: Final = {
    "no_rate": "currency",
    "low_match": "least_match",
    "over_share": "largest_share",
    "excluded": "exclude",
}
"""The field behind what leaves the most creators out."""


class NoPlan(DomainError):
    """``details``: the field in the way, and figures."""

    code = "no_plan"
    http_status = 422

    def __init__(self, field: str, message: str, **details: Any) -> None:
        super().__init__(message, details={"field": field, **details})


class BudgetTooSmall(NoPlan):
    code = "budget_too_small"

    def __init__(self, message: str, *, cheapest_minor: int) -> None:
        super().__init__("budget", message, cheapest_minor=cheapest_minor)


def nobody_priced(terms: PlanTerms, left_out: Sequence[dict[str, Any]]) -> NoPlan:
    why = "; ".join(f"{one['count']} {one['reason']}" for one in left_out)
    most = max(left_out, key=lambda one: one["count"], default={"code": ""})["code"]
    return NoPlan(
        IN_THE_WAY.get(most, "brief"),
        "No creator for this brief can be planned with"
        f"{f': {why}' if why else ': the brief finds nobody'}.",
        left_out=list(left_out),
    )


def too_small_for_anybody(terms: PlanTerms, cheapest_minor: int) -> BudgetTooSmall:
    return BudgetTooSmall(
        f"{readable(terms.budget_minor, terms.currency)} is too little for anybody: the cheapest "
        f"costs about {readable(cheapest_minor, terms.currency)}.",
        cheapest_minor=cheapest_minor,
    )


def too_small_for_the_wishes(terms: PlanTerms, cheapest_minor: int) -> BudgetTooSmall:
    over = cheapest_minor - terms.budget_minor
    return BudgetTooSmall(
        "The cheapest set that keeps your constraints costs about "
        f"{readable(cheapest_minor, terms.currency)}, {readable(over, terms.currency)} more than "
        "the budget.",
        cheapest_minor=cheapest_minor,
    )


def too_unsure(terms: PlanTerms) -> NoPlan:
    return NoPlan(
        "certainty",
        f"No set stays within {readable(terms.budget_minor, terms.currency)} with a probability "
        f"of {terms.certainty:.0%}: the prices are too unsure for this budget.",
    )
