"""How a collaboration starts: a brand invites, or a creator applies."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.errors import Conflict, DomainError
from accounts.models import Creator, SocialAccount, User
from campaigns.briefs import get_latest_brief
from campaigns.contracts import end_of
from campaigns.hiring import ensure_hireable
from campaigns.models import Campaign, Collaboration
from campaigns.moving import deadline, record
from campaigns.running import check_open
from campaigns.states import LIVE, Side, State

MESSAGE_CHARACTERS = 4_000


class AlreadyTogether(Conflict):
    code = "already_together"
    message = "This creator already has a collaboration in this campaign that is not at an end."


class NobodyToAnswer(Conflict):
    code = "nobody_to_answer"
    message = "Nobody has claimed this profile, so nobody could answer an invitation."


class OwnBrand(Conflict):
    """Work, reviews and track records between a person and themselves would prove nothing."""

    code = "own_brand"
    message = "This creator belongs to the brand's team, so they cannot work for it here."


class MessageTooLong(DomainError):
    code = "message_too_long"
    message = f"A message has at most {MESSAGE_CHARACTERS:,} characters of plain text."

    def __init__(self) -> None:
        super().__init__(details={"field": "message"})


class ApplicationsOver(Conflict):
    code = "applications_over"


class NotTheirAccount(DomainError):
    code = "not_their_account"
    message = "This social account belongs to another creator."


@transaction.atomic
def invite_creator(
    *,
    campaign: Campaign,
    creator: Creator,
    actor: User,
    now: datetime,
    message: str = "",
    account: SocialAccount | None = None,
) -> Collaboration:
    """Ask a creator to take part; they have seven days to answer.

    :raises CampaignNotOpen, CreatorNotHireable, NobodyToAnswer, AlreadyTogether: as named.
    :raises MessageTooLong, NotTheirAccount, OwnBrand: as named.
    """
    if not creator.is_claimed:
        raise NobodyToAnswer
    return _start(
        campaign, creator, State.INVITED, side=Side.BRAND, acting_side=Side.CREATOR,
        actor=actor, now=now, message=message, account=account,
    )  # fmt: skip


@transaction.atomic
def apply_to_campaign(
    *,
    campaign: Campaign,
    creator: Creator,
    actor: User,
    now: datetime,
    message: str = "",
    account: SocialAccount | None = None,
) -> Collaboration:
    """Offer to take part; the brand has fourteen days to answer.

    :raises CampaignNotOpen, CreatorNotHireable, AlreadyTogether: as named.
    :raises MessageTooLong, NotTheirAccount: as named.
    :raises ApplicationsOver: after the last day the brief names.
    """
    apply_by = get_latest_brief(campaign).apply_by
    if apply_by is not None and now >= end_of(apply_by):
        raise ApplicationsOver(f"Creators could apply until {apply_by:%d %b %Y}.")
    return _start(
        campaign, creator, State.APPLIED, side=Side.CREATOR, acting_side=Side.BRAND,
        actor=actor, now=now, message=message, account=account,
    )  # fmt: skip


def _start(
    campaign: Campaign,
    creator: Creator,
    state: State,
    *,
    side: Side,
    acting_side: Side,
    actor: User,
    now: datetime,
    message: str,
    account: SocialAccount | None,
) -> Collaboration:
    # Shared locks: a campaign that closes, or a suspension, waits or is seen.
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    creator = Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
    check_open(campaign)
    ensure_hireable(creator)
    if campaign.brand.memberships.filter(user=creator.user_id).exists():
        raise OwnBrand
    if len(message) > MESSAGE_CHARACTERS or "\x00" in message:
        raise MessageTooLong
    if account is not None and account.creator_id != creator.pk:
        raise NotTheirAccount
    if campaign.collaborations.filter(creator=creator, state__in=LIVE).exists():
        raise AlreadyTogether
    try:
        collaboration = Collaboration.objects.create(
            campaign=campaign,
            creator=creator,
            account=account,
            state=state,
            started_by=side,
            acting_side=acting_side,
            deadline_at=deadline(state, now=now),
            created_at=now,
            updated_at=now,
        )
    except IntegrityError as error:  # somebody was faster
        raise AlreadyTogether from error
    record(
        collaboration,
        "invite" if state is State.INVITED else "apply",
        side=side,
        actor=actor,
        now=now,
        data={
            "message": message.strip(),
            "brief_version": get_latest_brief(campaign).version,
        },
    )
    return collaboration
