"""What a brand expects of a campaign, to be held against what it brought."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import DomainError
from accounts.models import User
from accounts.money import CURRENCIES
from campaigns.models import Campaign, CampaignPlan

LARGEST_COUNT = 10**12
LARGEST_SPEND_MINOR = 10**14


class PlanRefused(DomainError):
    """``details`` names the field."""

    code = "plan_refused"


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """Each figure may be open (None); spend is in minor units, for creators, without fees."""

    reach: int | None = None
    views: int | None = None
    engagements: int | None = None
    spend_minor: int | None = None
    currency: str = ""

    @classmethod
    def of(cls, plan: CampaignPlan) -> "PlanTerms":
        return cls(**{item.name: getattr(plan, item.name) for item in fields(cls)})


def get_plan(campaign: Campaign) -> PlanTerms:
    """What is expected; everything open where nobody wrote anything. One query."""
    plan = CampaignPlan.objects.filter(campaign=campaign).first()
    return PlanTerms.of(plan) if plan else PlanTerms()


@transaction.atomic
def set_plan(*, campaign: Campaign, terms: PlanTerms, actor: User, now: datetime) -> CampaignPlan:
    """Write down, or change, what is expected; the audit trail keeps what it was before.

    :raises PlanRefused: as named there.
    """
    for name in ("reach", "views", "engagements"):
        count = getattr(terms, name)
        if count is not None and not 0 < count <= LARGEST_COUNT:
            raise PlanRefused("Above zero, or empty.", details={"field": name})
    if terms.spend_minor is not None:
        if not 0 < terms.spend_minor <= LARGEST_SPEND_MINOR:
            raise PlanRefused("Above zero, or empty.", details={"field": "spend_minor"})
        if terms.currency not in CURRENCIES:
            raise PlanRefused(f"Use one of {', '.join(CURRENCIES)}.", details={"field": "currency"})
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    before = CampaignPlan.objects.filter(campaign=campaign).first()
    plan, _ = CampaignPlan.objects.update_or_create(
        campaign=campaign, defaults={**asdict(terms), "updated_by": actor, "updated_at": now}
    )
    audit.record(
        actor=actor,
        verb="campaign.planned",
        subject=campaign,
        data={"before": asdict(PlanTerms.of(before)) if before else None, "after": asdict(terms)},
    )
    return plan
