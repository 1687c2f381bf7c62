"""Which version of a brief two sides talk under, and what has changed since."""

from dataclasses import dataclass
from typing import Any

from accounts.money import readable
from campaigns.briefs import changed_fields, get_latest_brief
from campaigns.models import Brief, Collaboration
from campaigns.models.briefs import Objective
from campaigns.terms import BriefTerms

# What creators read, in the order of reading, and its name on the page.
SHOWN_TO_CREATORS = {
    "objective": "Objective",
    "text": "The brief",
    "product": "Product",
    "links": "Links",
    "deliverables": "What one creator makes",
    "dos": "Do",
    "donts": "Don't",
    "platform": "Platform",
    "country": "Country",
    "languages": "Languages",
    "niches": "Niches",
    "values": "Values",
    "usage_rights_months": "Usage rights, months",
    "usage_rights": "Usage rights",
    "exclusivity_days": "Exclusivity, days",
    "disclosure": "Disclosure",
    "approval": "Approval",
    "revision_rounds": "Revision rounds",
    "places": "Creators wanted",
    "apply_by": "Apply by",
    "publish_from": "Publish from",
    "publish_by": "Publish by",
}
PRIVATE = {
    "min_followers": "Followers, at least",
    "max_followers": "Followers, at most",
    "max_risk": "Highest fake-follower risk",
    "budget_minor": "Budget per creator",
    "total_budget_minor": "Budget in all",
    "budget_currency": "Currency",
    "shows_budget": "Budget shown to creators",
    "audience": "Audience",
    "needs_availability": "Only who is known to be free",
    "category": "Category of past work",
}


@dataclass(frozen=True)
class Change:
    """One field in words, before and after; an empty side said nothing."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class BriefSeen:
    """The version two sides talk under, the latest one, and the changes between them."""

    brief: Brief
    latest: Brief
    changes: list[Change]


def list_changes(before: BriefTerms, after: BriefTerms, *, private: bool = False) -> list[Change]:
    """What differs, in words. Limits and budgets only with ``private``: they are the brand's."""
    changed = changed_fields(before, after)
    shown = SHOWN_TO_CREATORS | (PRIVATE if private else {})
    return [
        Change(name, label, _in_words(before, name), _in_words(after, name))
        for name, label in shown.items()
        if name in changed
    ]


def get_brief_seen(collaboration: Collaboration) -> BriefSeen:
    """For a collaboration: the version of its last offer, else of its invitation or application.

    Three queries.
    """
    latest = get_latest_brief(collaboration.campaign)
    versions = collaboration.events.filter(data__has_key="brief_version").order_by("-pk")
    seen = versions.values_list("data__brief_version", flat=True).first()
    briefs = collaboration.campaign.briefs.order_by("-version")
    if seen is None:  # begun before versions were noted
        brief = briefs.filter(created_at__lte=collaboration.created_at).first() or latest
    else:
        brief = latest if seen == latest.version else briefs.get(version=seen)
    return BriefSeen(brief, latest, list_changes(BriefTerms.of(brief), BriefTerms.of(latest)))


def _in_words(terms: BriefTerms, name: str) -> str:
    value: Any = getattr(terms, name)
    if value is None or value in ("", [], {}):
        return ""
    if name.endswith("_minor"):
        return readable(value, terms.budget_currency)
    if name == "objective":
        return str(Objective(value).label)
    if name == "deliverables":
        return "\n".join(f"{spec}: {spec.description}" for spec in value)
    if name == "audience":
        return "\n".join(
            f"{kind}: " + ", ".join(f"{group} {share:.0%}" for group, share in shares.items())
            if isinstance(shares, dict)
            else f"{kind}: {', '.join(map(str, shares))}"
            for kind, shares in value.items()
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(value)
    if hasattr(value, "isoformat"):
        return f"{value:%d %b %Y}"
    return str(value)
