"""Who may see and move whose money."""

from django.db.models import Q, QuerySet

from accounts import access
from accounts.errors import Forbidden, NotFound
from accounts.models import Brand, Creator, Membership, User
from campaigns.models import Payment

Role = Membership.Role
MAY_SEE_ALL = "campaigns.view_payment"
TREASURERS = (Role.OWNER, Role.FINANCE)


def treasury_of(user: User, brand_id: int) -> Brand:
    """The brand, for its owners and finance people: deposits, withdrawals, statements.

    :raises NotFound: if the user is not in its team. :raises Forbidden: in another role.
    """
    return access.brand_for(user, brand_id, roles=TREASURERS)


def treasuries_of(user: User) -> QuerySet[Brand]:
    """The brands whose money the user keeps."""
    # In one filter: it is the user's own membership that must have the role.
    return access.brands_of(user).filter(memberships__user=user, memberships__role__in=TREASURERS)


def earner_for(user: User, creator_id: int) -> Creator:
    """The creator's profile, for the creator alone. :raises NotFound: for anybody else."""
    creator = Creator.objects.filter(pk=creator_id, user_id=user.pk).first()
    if creator is None:
        raise NotFound("There is no such creator, or it is not you.")
    return creator


def payments_visible_to(user: User) -> QuerySet[Payment]:
    """Of the brands whose money the user keeps, and their own payouts; all for the desk, which
    bank accounts are shown to as well: being staff is not enough."""
    payments = Payment.objects.select_related("brand", "creator")
    if user.is_staff and user.has_perm(MAY_SEE_ALL):
        return payments
    keeps = user.memberships.filter(role__in=TREASURERS).values("brand_id")
    return payments.filter(Q(brand__in=keeps) | Q(creator__user_id=user.pk))


def payment_for(user: User, payment_id: int) -> Payment:
    """:raises NotFound: if there is none that the user may see."""
    payment = payments_visible_to(user).filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("There is no such payment, or it is not yours.")
    return payment


def payment_for_desk(user: User, payment_id: int) -> Payment:
    """For releasing, refusing, retrying and marking. :raises Forbidden: for all but staff."""
    payment = payment_for(user, payment_id)
    if not user.is_staff:
        raise Forbidden("Only the finance desk does this.")
    return payment
