"""The fields of a brief, before anything is known of how they are checked and kept."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from campaigns.specifications import DeliverableSpec


@dataclass(frozen=True, kw_only=True)
class BriefFields:
    """The text that creators are compared with, the hard limits on who is shown, and the work.

    Empty strings and None mean "no limit" or "not said". ``max_risk`` is 0–100; money is in
    minor units, ``budget_minor`` for one creator and ``total_budget_minor`` for all. Only the
    text has to be there; what a campaign needs before it opens is `opening.list_missing`.
    """

    text: str
    platform: str = ""
    country: str = ""
    languages: list[str] = field(default_factory=list)
    niches: list[str] = field(default_factory=list)
    category: str = ""
    min_followers: int | None = None
    max_followers: int | None = None
    max_risk: int | None = None
    needs_availability: bool = False
    budget_minor: int | None = None
    total_budget_minor: int | None = None
    budget_currency: str = ""
    values: list[str] = field(default_factory=list)
    audience: dict[str, Any] = field(default_factory=dict)
    objective: str = ""
    deliverables: list[DeliverableSpec] = field(default_factory=list)
    places: int | None = None
    shows_budget: bool = False
    product: str = ""
    links: list[str] = field(default_factory=list)
    dos: list[str] = field(default_factory=list)
    donts: list[str] = field(default_factory=list)
    usage_rights_months: int = 0
    usage_rights: str = ""
    exclusivity_days: int = 0
    disclosure: str = "#ad"
    revision_rounds: int = 2
    approval: str = ""
    apply_by: date | None = None
    publish_from: date | None = None
    publish_by: date | None = None
