"""What a budget plan is asked for, checked: the one definition for page, API and command."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from django.db import models

from accounts.errors import DomainError
from accounts.money import readable
from scoring.ml.match.exposure import TIERS
from scoring.pricing.currencies import is_currency

LARGEST_BUDGET_MINOR: Final = 10**11
MOST_CREATORS: Final = 200
MOST_NAMED: Final = 50
LARGEST_ID: Final = 2**63 - 1
TIER_NAMES: Final = tuple(name for name, _ in TIERS)


class Goal(models.TextChoices):
    REACH = "reach", "People reached once"
    ENGAGEMENTS = "engagements", "Engagements"
    MATCHES = "matches", "Match with the brief"


class PlanRefused(DomainError):
    """``details["field"]`` names what cannot be used."""

    code = "plan_refused"

    def __init__(self, field_name: str, message: str, **details: Any) -> None:
        super().__init__(message, details={"field": field_name, **details})


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """Money in minor units of ``currency``; who is named is named by creator id.

    ``largest_share`` of the budget goes to one creator at most; who matches the brief by less than
    ``least_match`` (0 to 1) is not taken. ``overlap_share`` is the assumed
    share of the people two audiences could share. ``certainty`` asks for a set that stays within
    the budget with that probability. ``own_prices`` are what the brand knows better.
    """

    budget_minor: int
    currency: str
    goal: str = Goal.REACH
    fewest: int = 0
    most: int | None = None
    include: tuple[int, ...] = ()
    exclude: tuple[int, ...] = ()
    tier_least: Mapping[str, int] = field(default_factory=dict)
    largest_share: float | None = None
    least_match: float | None = None
    deliverable: str = ""
    overlap_share: float = 0.5
    certainty: float | None = None
    own_prices: Mapping[int, int] = field(default_factory=dict)
    random_state: int = 0

    def checked(self) -> "PlanTerms":
        """:raises PlanRefused: on what cannot be, or contradicts itself."""
        if not 0 < self.budget_minor <= LARGEST_BUDGET_MINOR:
            largest = readable(LARGEST_BUDGET_MINOR, self.currency or "EUR")
            raise PlanRefused("budget", f"A budget is above zero and at most {largest}.")
        if not is_currency(self.currency):
            raise PlanRefused(
                "currency", f"“{self.currency[:12]}” is no currency known here; write EUR, say."
            )
        if self.goal not in Goal.values:
            raise PlanRefused("goal", f"A goal is one of {', '.join(Goal.values)}.")
        self._check_numbers()
        self._check_named()
        return self

    def _check_numbers(self) -> None:
        if not 0 <= self.fewest <= MOST_CREATORS:
            raise PlanRefused("fewest", f"From 0 to {MOST_CREATORS} creators.")
        if self.most is not None and not 1 <= self.most <= MOST_CREATORS:
            raise PlanRefused("most", f"From 1 to {MOST_CREATORS} creators, or empty.")
        for tier, least in self.tier_least.items():
            if tier not in TIER_NAMES:
                raise PlanRefused("tier_least", f"Sizes are {', '.join(TIER_NAMES)}.")
            if not 0 <= least <= MOST_CREATORS:
                raise PlanRefused("tier_least", f"From 0 to {MOST_CREATORS} of a size.")
        for name, low, high in (
            ("largest_share", 0.0, 1.0), ("least_match", -1e-9, 1.0),
            ("overlap_share", -1e-9, 1.0), ("certainty", 0.499, 0.99),
        ):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not low < value <= high:
                raise PlanRefused(name, RANGES[name])
        if not 0 <= self.random_state < 2**32:
            raise PlanRefused("random_state", "A whole number from 0 to 4,294,967,295.")
        if len(self.deliverable) > 40 or "\x00" in self.deliverable:
            raise PlanRefused("deliverable", "At most 40 characters.")

    def _check_named(self) -> None:
        for name in ("include", "exclude"):
            ids = getattr(self, name)
            if len(ids) > MOST_NAMED or not all(0 < one <= LARGEST_ID for one in ids):
                raise PlanRefused(name, f"At most {MOST_NAMED} ids of creators.")
        if len(self.own_prices) > MOST_NAMED:
            raise PlanRefused("own_prices", f"At most {MOST_NAMED} prices of your own.")
        for creator_id, price in self.own_prices.items():
            if not 0 < creator_id <= LARGEST_ID or not 0 < price <= LARGEST_BUDGET_MINOR:
                raise PlanRefused("own_prices", "Ids of creators, each with a price above zero.")
        if self.most is not None and self.fewest > self.most:
            raise PlanRefused(
                "fewest", f"At least {self.fewest} and at most {self.most} creators cannot both be."
            )
        if both := set(self.include) & set(self.exclude):
            raise PlanRefused(
                "exclude", f"Creator {min(both)} is both to be in the plan and to be left out."
            )
        if self.most is not None and len(set(self.include)) > self.most:
            raise PlanRefused(
                "include",
                f"{len(set(self.include))} creators must be in, but at most {self.most} may be.",
            )
        wanted = sum(self.tier_least.values())
        if self.most is not None and wanted > self.most:
            raise PlanRefused(
                "tier_least",
                f"The sizes ask for {wanted} creators, but at most {self.most} may be in the plan.",
            )

    def to_json(self) -> dict[str, Any]:
        document = asdict(self)
        document["include"], document["exclude"] = sorted(self.include), sorted(self.exclude)
        document["tier_least"] = {k: v for k, v in sorted(self.tier_least.items()) if v}
        document["own_prices"] = {str(k): v for k, v in sorted(self.own_prices.items())}
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "PlanTerms":
        known = {item.name for item in fields(cls)}
        given = {name: value for name, value in document.items() if name in known}
        given["include"], given["exclude"] = tuple(given["include"]), tuple(given["exclude"])
        given["own_prices"] = {int(k): v for k, v in given["own_prices"].items()}
        return cls(**given)


RANGES: Final = {
    "largest_share": "Above 0 and at most 1: the share of the budget one creator may take.",
    "least_match": "From 0 to 1: how well somebody has to match the brief.",
    "overlap_share": "From 0 (nobody is shared) to 1 (all who could be).",
    "certainty": "From 0.5 to 0.99, or empty.",
}
