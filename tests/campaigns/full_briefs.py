"""A brief with everything in it, and a campaign at each stage of opening."""

from dataclasses import replace
from datetime import date
from typing import Any

from accounts.models import User
from campaigns.briefs import create_campaign
from campaigns.models import Campaign
from campaigns.opening import decide_submission, submit_campaign
from campaigns.specifications import DeliverableSpec
from campaigns.submissions import get_open_submission
from campaigns.terms import BriefTerms
from tests.cast import NOW, Cast

VIDEO = DeliverableSpec(
    kind="video",
    platform="instagram",
    description="Show the texture and say what it costs",
    count=2,
    length="30 s",
    format="vertical",
)
FULL = BriefTerms(
    text="A sunscreen without fragrance for people with sensitive skin",
    niches=["skincare"],
    budget_minor=90_001,
    total_budget_minor=500_000,
    budget_currency="EUR",
    objective="launch",
    deliverables=[VIDEO],
    places=4,
    product="Sunscreen, 50 ml; we send two tubes.",
    links=["https://example.org/sunscreen"],
    dos=["Read the list of ingredients"],
    donts=["No medical advice"],
    usage_rights_months=6,
    usage_rights="Our own channels",
    exclusivity_days=30,
    disclosure="#ad",
    approval="We look at each draft once.",
    apply_by=date(2026, 3, 20),
    publish_from=date(2026, 4, 1),
    publish_by=date(2026, 4, 30),
)


def draft(cast: Cast, *, title: str = "Spring", **changes: Any) -> Campaign:
    terms = replace(FULL, **changes)
    return create_campaign(
        brand=cast.brand, title=title, terms=terms, actor=cast.brand_owner, now=NOW
    )


def submitted(cast: Cast, **changes: Any) -> Campaign:
    return submit_campaign(campaign=draft(cast, **changes), actor=cast.brand_owner, now=NOW)


def opened(cast: Cast, **changes: Any) -> Campaign:
    return decide(submitted(cast, **changes), "approve", cast.moderator)


def decide(campaign: Campaign, name: str, actor: User, reason: str = "") -> Campaign:
    submission = get_open_submission(campaign)
    assert submission
    return decide_submission(submission=submission, name=name, actor=actor, now=NOW, reason=reason)
