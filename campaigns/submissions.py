"""What lies before the moderators: a campaign is with them exactly while a submission is open."""

from datetime import datetime

from django.db.models import QuerySet

from accounts import access, outbox
from accounts.models import NotificationCategory, User
from campaigns.content_flags import find_flags
from campaigns.models import Campaign, CampaignSubmission
from campaigns.states import CampaignStatus
from campaigns.terms import BriefTerms

Outcome = CampaignSubmission.Outcome
OUTCOMES = {"approve": Outcome.APPROVED, "send_back": Outcome.SENT_BACK}


def open_submission(*, campaign: Campaign, actor: User, now: datetime) -> CampaignSubmission:
    """Hand in the latest version of the brief; call it with the campaign locked."""
    brief = campaign.briefs.order_by("-version")[0]
    flags = find_flags(title=campaign.title, terms=BriefTerms.of(brief))
    return CampaignSubmission.objects.create(
        campaign=campaign,
        brief=brief,
        flags=[flag.to_json() for flag in flags],
        submitted_by=actor,
        submitted_at=now,
    )


def close_submission(
    *, campaign: Campaign, name: str, actor: User, now: datetime, reason: str
) -> None:
    """Note how the campaign left the moderators, by the transition ``name``, and tell the brand."""
    submission = campaign.submissions.filter(outcome="").first()
    if submission is None:
        return
    submission.outcome = OUTCOMES.get(name, Outcome.TAKEN_BACK)
    submission.reason, submission.decided_by, submission.decided_at = reason, actor, now
    submission.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])
    if name in OUTCOMES:
        _tell(submission, actor=actor, now=now)


def _tell(submission: CampaignSubmission, *, actor: User, now: datetime) -> None:
    campaign = submission.campaign
    if submission.outcome == Outcome.APPROVED:
        words = f"“{campaign}” is open"
        lines = [f"A moderator read “{campaign}”. Creators now find it and can apply; you can "
                 "invite them."]  # fmt: skip
    else:
        words = f"“{campaign}” was sent back"
        lines = [
            f"A moderator read “{campaign}” and sent it back:",
            submission.reason,
            "Change what is said there and submit it again.",
        ]
    outbox.write(
        kind=f"campaign.{submission.outcome}",
        category=NotificationCategory.MODERATION,
        subject=campaign,
        payload={
            "campaign": campaign.pk,
            "brief_version": submission.brief.version,
            "outcome": submission.outcome,
            "reason": submission.reason,
        },
        brand=campaign.brand,
        brand_roles=access.WRITERS,
        letter=outbox.Letter(words, lines, "campaign_settings", [campaign.pk]),
        actor=actor,
        now=now,
    )


def get_open_submission(campaign: Campaign) -> CampaignSubmission | None:
    return campaign.submissions.filter(outcome="").select_related("brief", "submitted_by").first()


def get_last_decision(campaign: Campaign) -> CampaignSubmission | None:
    """What the moderators said last, if they said anything."""
    return campaign.submissions.filter(outcome__in=OUTCOMES.values()).first()


def list_held_submissions() -> QuerySet[CampaignSubmission]:
    """What waits for a moderator, the oldest first."""
    waiting = CampaignSubmission.objects.filter(
        outcome="", campaign__status=CampaignStatus.IN_MODERATION
    )
    return waiting.select_related("campaign__brand", "brief").order_by("submitted_at", "pk")
