"""What a brand does with a campaign, each by its name: one door for pages and API."""

from datetime import datetime

from accounts.errors import NotFound
from accounts.models import User
from campaigns.campaign_standing import BRAND_MOVES
from campaigns.models import Campaign
from campaigns.opening import resume_campaign, submit_campaign
from campaigns.running import change_campaign
from campaigns.states import Side


def make_brand_move(
    *, campaign: Campaign, name: str, actor: User, now: datetime, reason: str = ""
) -> Campaign:
    """Submit, take back, pause, resume, close, archive or cancel.

    :raises NotFound: if there is no such move. Raises as `opening` and `running` do.
    """
    if name not in BRAND_MOVES:
        raise NotFound(f"There is no such step; use one of {', '.join(BRAND_MOVES)}.")
    if name == "submit":
        return submit_campaign(campaign=campaign, actor=actor, now=now)
    if name == "resume":
        return resume_campaign(campaign=campaign, actor=actor, now=now)
    return change_campaign(
        campaign=campaign, name=name, side=Side.BRAND, actor=actor, now=now, reason=reason
    )
