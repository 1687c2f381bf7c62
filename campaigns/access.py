"""From a campaign's id to the campaign, for one asker."""

from django.db.models import QuerySet

from accounts import access
from accounts.errors import NotFound
from accounts.models import User
from campaigns.models import Campaign


def campaigns_of(user: User) -> QuerySet[Campaign]:
    """Campaigns of every brand the user belongs to, the latest first."""
    return Campaign.objects.filter(brand__memberships__user=user).select_related("brand")


def campaign_for(user: User, campaign_id: int, *, write: bool = False) -> Campaign:
    """A campaign of one of the user's brands.

    :raises NotFound: if the user is in none of its brand's teams.
    :raises Forbidden: if ``write`` is asked and the role only reads.
    """
    campaign = campaigns_of(user).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound("There is no such campaign, or it belongs to another brand.")
    if write:
        access.membership_for(user, campaign.brand_id, roles=access.WRITERS)
    return campaign
