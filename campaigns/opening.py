"""Opening a campaign: what it needs first, and the moderators' decision about it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import User
from accounts.money import CURRENCIES
from campaigns.briefs import get_latest_brief
from campaigns.models import Campaign, CampaignSubmission
from campaigns.running import change_campaign
from campaigns.states import CampaignStatus, Side
from campaigns.terms import BriefTerms


class CampaignIncomplete(DomainError):
    """``details["missing"]`` lists what the brief lacks, field by field."""

    code = "campaign_incomplete"


class SubmissionDecided(Conflict):
    code = "submission_decided"
    message = "This version is no longer before the moderators. Look at the campaign again."


@dataclass(frozen=True)
class Missing:
    field: str
    message: str


def list_missing(terms: BriefTerms, *, today: date) -> list[Missing]:
    """What a brief lacks before creators can be asked to work by it. No queries."""
    missing = []
    if not terms.objective:
        missing.append(Missing("objective", "Say what the campaign is for."))
    if not terms.deliverables:
        missing.append(Missing("deliverables", "Say what one creator makes."))
    if terms.total_budget_minor is None:
        missing.append(Missing("total_budget", "Name the budget for all creators together."))
    elif terms.budget_currency not in CURRENCIES:
        missing.append(
            Missing("budget_currency", f"Money is kept in {', '.join(CURRENCIES)} only.")
        )
    if terms.publish_by is None:
        missing.append(Missing("publish_by", "Say by when it is to be published."))
    elif terms.publish_by < today:
        missing.append(Missing("publish_by", "The last day of publication is over."))
    if terms.apply_by is not None and terms.apply_by < today:
        missing.append(Missing("apply_by", "The last day for applications is over."))
    return missing


@transaction.atomic
def submit_campaign(*, campaign: Campaign, actor: User, now: datetime) -> Campaign:
    """Hand a draft to the moderators, with what the automatic checks flag.

    :raises CampaignIncomplete: naming every field that is missing.
    :raises NotInThisStatus: unless it is a draft.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.status == CampaignStatus.DRAFT:
        _check_complete(locked, today=now.date())
    return change_campaign(campaign=locked, name="submit", side=Side.BRAND, actor=actor, now=now)


@transaction.atomic
def resume_campaign(*, campaign: Campaign, actor: User, now: datetime) -> Campaign:
    """Open a paused campaign again; time may have passed its dates.

    :raises CampaignIncomplete, NotInThisStatus: as `submit_campaign`.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.status == CampaignStatus.PAUSED:
        _check_complete(locked, today=now.date())
    return change_campaign(campaign=locked, name="resume", side=Side.BRAND, actor=actor, now=now)


@transaction.atomic
def decide_submission(
    *,
    submission: CampaignSubmission,
    name: str,
    actor: User,
    now: datetime,
    reason: str = "",
) -> Campaign:
    """``approve`` or ``send_back`` exactly the version that was read.

    :raises Forbidden: for people who are no moderators, and for members of the brand.
    :raises SubmissionDecided: if it was decided or taken back meanwhile.
    :raises ReasonMissing: on sending back without a reason.
    """
    if name not in {"approve", "send_back"}:
        raise ValueError(name)
    if not actor.is_staff or not actor.is_active:
        raise Forbidden("Moderators decide about campaigns.")
    campaign = Campaign.objects.select_for_update().get(pk=submission.campaign_id)
    if campaign.brand.memberships.filter(user=actor).exists():
        raise Forbidden("You belong to this brand, so another moderator decides.")
    if not campaign.submissions.filter(pk=submission.pk, outcome="").exists():
        raise SubmissionDecided
    return change_campaign(
        campaign=campaign, name=name, side=Side.MODERATOR, actor=actor, now=now, reason=reason
    )


def _check_complete(campaign: Campaign, *, today: date) -> None:
    missing = list_missing(BriefTerms.of(get_latest_brief(campaign)), today=today)
    if missing:
        raise CampaignIncomplete(
            "The brief is not complete. " + " ".join(one.message for one in missing),
            details={"field": missing[0].field, "missing": [asdict(one) for one in missing]},
        )
