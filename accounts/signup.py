"""What signing up creates besides the user."""

from django.db import transaction

from accounts import audit
from accounts.errors import DomainError
from accounts.models import Brand, Creator, Membership, User


class BrandNameMissing(DomainError):
    code = "brand_name_missing"
    message = "Give the brand you hire for a name."


@transaction.atomic
def complete_signup(*, user: User, name: str, side: str, brand_name: str = "") -> User:
    """Give a new user a name and a side: a brand they own, or a creator profile.

    :raises BrandNameMissing: if a brand side comes without a brand name.
    """
    user.name, user.side = name.strip(), User.Side(side)
    user.save(update_fields=["name", "side"])
    if user.side == User.Side.BRAND:
        if not brand_name.strip():
            raise BrandNameMissing
        brand = Brand.objects.create(name=brand_name.strip())
        Membership.objects.create(brand=brand, user=user, role=Membership.Role.OWNER)
        audit.record(actor=user, verb="brand.created", subject=brand)
    else:
        creator = Creator.objects.create(user=user, display_name=user.name)
        audit.record(actor=user, verb="creator.created", subject=creator)
    return user
