"""Opening, pausing and ending a campaign."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, Forbidden
from accounts.models import User
from campaigns.models import Campaign
from campaigns.moving import REASON_CHARACTERS, ReasonMissing
from campaigns.states import CAMPAIGN_TRANSITIONS, LIVE, CampaignStatus, Side
from campaigns.submissions import close_submission, open_submission


class NotInThisStatus(Conflict):
    """The campaign is past, or not yet at, what was asked."""

    code = "not_in_this_status"


class CollaborationsLive(Conflict):
    code = "collaborations_live"


class CampaignNotOpen(Conflict):
    code = "campaign_not_open"


@transaction.atomic
def change_campaign(
    *, campaign: Campaign, name: str, side: Side, actor: User, now: datetime, reason: str = ""
) -> Campaign:
    """Make one of `states.CAMPAIGN_TRANSITIONS`. Collaborations that run are not touched.

    Submitting, resuming and deciding have further conditions: `campaigns.opening`.

    :raises NotInThisStatus: if the present status does not lead there.
    :raises Forbidden: if it is not for this side.
    :raises ReasonMissing: if a reason is required and missing, or too long.
    :raises CollaborationsLive: on cancelling while somebody works, or may come to.
    """
    transition = CAMPAIGN_TRANSITIONS[name]
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    status, reason = CampaignStatus(locked.status), reason.strip()
    if side is not transition.who:
        raise Forbidden(f"It is not for {side.label.lower()} to {name.replace('_', ' ')} it.")
    if status not in transition.sources:
        raise NotInThisStatus(
            f"“{locked}” is {status.label.lower()}; it can be taken to "
            f"“{transition.target.label.lower()}” only from "
            f"{' or '.join(source.label.lower() for source in transition.sources)}."
        )
    if (transition.needs_reason and not reason) or len(reason) > REASON_CHARACTERS:
        raise ReasonMissing
    if transition.target is CampaignStatus.CANCELLED:
        live = locked.collaborations.filter(state__in=LIVE).count()
        if live:
            raise CollaborationsLive(
                f"{live} collaboration{'s' if live > 1 else ''} of this campaign "
                f"{'are' if live > 1 else 'is'} not at an end; end them first, or close it."
            )
    locked.status, locked.updated_at = transition.target, now
    locked.save(update_fields=["status", "updated_at"])
    if transition.target is CampaignStatus.IN_MODERATION:
        open_submission(campaign=locked, actor=actor, now=now)
    elif status is CampaignStatus.IN_MODERATION:
        close_submission(campaign=locked, name=name, actor=actor, now=now, reason=reason)
    audit.record(
        actor=actor,
        verb=f"campaign.{name}",
        subject=locked,
        data={"from": status.value, "to": transition.target.value, "reason": reason},
    )
    return locked


def check_open(campaign: Campaign) -> None:
    """:raises CampaignNotOpen: if nobody can be invited to it or apply."""
    if campaign.status != CampaignStatus.OPEN:
        raise CampaignNotOpen(
            f"“{campaign}” is {campaign.get_status_display().lower()}; only an open campaign "
            "takes invitations and applications."
        )
