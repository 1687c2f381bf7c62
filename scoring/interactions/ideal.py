"""The "ideal creator" a brand names for a campaign: somebody whose like it looks for."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, DomainError
from accounts.models import Creator, User
from campaigns.models import Campaign
from campaigns.states import CampaignStatus
from scoring.interactions.recording import record_event
from scoring.models import InteractionEvent

MOST_PER_CAMPAIGN = 5
NAMEABLE = (
    CampaignStatus.DRAFT,
    CampaignStatus.IN_MODERATION,
    CampaignStatus.OPEN,
    CampaignStatus.PAUSED,
)
Kind = InteractionEvent.Kind
Surface = InteractionEvent.Surface


class CampaignOver(Conflict):
    code = "campaign_over"
    message = "The campaign is at its end; an ideal creator would change nothing any more."


class EnoughIdeals(DomainError):
    code = "enough_ideal_creators"
    http_status = 422
    message = f"A campaign names at most {MOST_PER_CAMPAIGN} ideal creators."


@transaction.atomic
def name_ideal_creator(
    *, campaign: Campaign, creator: Creator, actor: User, now: datetime
) -> InteractionEvent:
    """Say that the campaign looks for somebody like this creator.

    The creator need not have been shown, and learns nothing of it. Named twice is named once.

    :raises CampaignOver: if the campaign is closed, archived or cancelled.
    :raises EnoughIdeals: if the campaign has `MOST_PER_CAMPAIGN` already.
    :raises NotFound: if the actor may not see the creator.
    """
    locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if locked.status not in NAMEABLE:
        raise CampaignOver
    named = {event.creator_id: event for event in list_ideal_creators(campaign)}
    if creator.pk in named:
        return named[creator.pk]
    if len(named) >= MOST_PER_CAMPAIGN:
        raise EnoughIdeals(details={"field": "creator_id"})
    event = record_event(
        brand=campaign.brand,
        actor=actor,
        creator=creator,
        campaign=campaign,
        kind=Kind.IDEAL,
        surface=Surface.CAMPAIGN,
        now=now,
    )
    audit.record(
        actor=actor,
        verb="campaign.ideal_creator_named",
        subject=campaign,
        data={"creator": creator.pk},
    )
    return event


def list_ideal_creators(campaign: Campaign) -> list[InteractionEvent]:
    """Events naming them, the first named first, creators loaded. One query."""
    return list(
        InteractionEvent.objects.filter(campaign=campaign, kind=Kind.IDEAL)
        .select_related("creator")
        .order_by("pk")
    )
