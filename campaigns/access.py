"""From an id to the campaign or collaboration, for one asker."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts import access
from accounts.errors import Forbidden, NotFound
from accounts.models import Membership, User
from campaigns.models import Campaign, Collaboration
from campaigns.states import Side

Role = Membership.Role
MANAGERS = (Role.OWNER, Role.MANAGER)
REVIEWERS = (Role.OWNER, Role.MANAGER, Role.REVIEWER)
PAYERS = (Role.OWNER, Role.FINANCE)


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


@dataclass(frozen=True)
class Seat:
    """Somebody's place at a collaboration: the side they are on and their role within it.

    A creator has no role and may do all that is the creator's; of a brand's team, each may do
    what the role allows. Moderators read every collaboration and act only through the desk.
    """

    user: User
    collaboration: Collaboration
    side: Side
    role: str = ""

    def check(self, roles: tuple[str, ...] = ()) -> "Seat":
        """:raises Forbidden: for moderators, and for a role of the brand not in ``roles``."""
        if self.side is Side.MODERATOR:
            raise Forbidden("Moderators decide at the desk; here the two sides act.")
        if self.side is Side.BRAND and roles and self.role not in roles:
            raise Forbidden(
                f"Your role in {self.collaboration.campaign.brand} is "
                f"{Role(self.role).label.lower()}; this needs "
                f"{' or '.join(Role(role).label.lower() for role in roles)}."
            )
        return self


def collaborations_visible_to(user: User) -> QuerySet[Collaboration]:
    """Of the user's brands, and of their own profile; moderators see all."""
    found = Collaboration.objects.select_related("campaign__brand", "creator", "account")
    if user.is_staff:
        return found
    brands = user.memberships.values("brand_id")
    return found.filter(Q(campaign__brand__in=brands) | Q(creator__user_id=user.pk))


def seat_for(user: User, collaboration_id: int) -> Seat:
    """The user's place at a collaboration. Two queries; one for its creator.

    :raises NotFound: if the user is on neither side.
    """
    found = collaborations_visible_to(user).filter(pk=collaboration_id).first()
    if found is None:
        raise NotFound("There is no such collaboration, or you take no part in it.")
    if found.creator.user_id == user.pk:
        return Seat(user, found, Side.CREATOR)
    role = user.memberships.filter(brand=found.campaign.brand_id).values_list("role", flat=True)
    if (own := role.first()) is not None:
        return Seat(user, found, Side.BRAND, own)
    return Seat(user, found, Side.MODERATOR)
