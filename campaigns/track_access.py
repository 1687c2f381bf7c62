"""Whose track record somebody may read: their own, and those of the other side."""

from accounts import access
from accounts.errors import Forbidden, NotFound
from accounts.models import Brand, Creator, User


def brand_record_for(user: User, brand_id: int) -> Brand:
    """A brand whose record the user may read: its team, creators and moderators. Three queries.

    :raises NotFound: for everybody else; brands do not look each other up here.
    """
    found = Brand.objects.filter(pk=brand_id).first()
    allowed = found is not None and (
        user.is_staff
        or user.memberships.filter(brand=found).exists()
        or Creator.objects.filter(user=user).exists()
    )
    if found is None or not allowed:
        raise NotFound("There is no such brand, or its record is not shown to you.")
    return found


def creator_record_for(user: User, creator_id: int) -> Creator:
    """A creator whose record the user may read: themselves, brands' teams and moderators.

    :raises NotFound: if the profile is not shown.
    :raises Forbidden: for other creators.
    """
    found = access.creator_for(user, creator_id)
    if not may_read_record(user, found):
        raise Forbidden("A creator's track record is shown to brands.")
    return found


def may_read_record(user: User, creator: Creator) -> bool:
    """One query, none for the creator and for moderators."""
    return user.is_staff or creator.user_id == user.pk or user.memberships.exists()
