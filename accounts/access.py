"""The only road from an id to an object.

Every function answers for one asker: the object, or `NotFound` when the asker may
not know it exists, or `Forbidden` when their role in it does not reach. Interfaces
never call ``Model.objects.get`` with an id that came from outside.
"""

from django.db.models import QuerySet

from accounts.errors import Forbidden, NotFound
from accounts.models import Brand, Creator, Job, Membership, SocialAccount, User

Role = Membership.Role

# Who may change a brand's briefs and campaigns, and who may change its team.
WRITERS = (Role.OWNER, Role.MANAGER)
TEAM_KEEPERS = (Role.OWNER,)


def membership_for(user: User, brand_id: int, *, roles: tuple[str, ...] = ()) -> Membership:
    """The user's membership in a brand. One query.

    :raises NotFound: if the user is not a member.
    :raises Forbidden: if ``roles`` is given and the user's role is not among them.
    """
    membership = (
        Membership.objects.select_related("brand").filter(user=user, brand_id=brand_id).first()
        if user.is_authenticated
        else None
    )
    if membership is None:
        raise NotFound
    if roles and membership.role not in roles:
        raise Forbidden(
            f"Your role in {membership.brand} is {membership.get_role_display().lower()}; "
            f"this needs {' or '.join(Role(role).label.lower() for role in roles)}."
        )
    return membership


def brand_for(user: User, brand_id: int, *, roles: tuple[str, ...] = ()) -> Brand:
    """A brand the user belongs to. Raises as `membership_for` does."""
    return membership_for(user, brand_id, roles=roles).brand


def brands_of(user: User) -> QuerySet[Brand]:
    return Brand.objects.filter(memberships__user=user).order_by("name", "pk")


def creators_visible_to(user: User) -> QuerySet[Creator]:
    """Moderators see all; others see active and flagged profiles and their own."""
    if user.is_staff:
        return Creator.objects.all()
    listed = Creator.objects.filter(status__in=[Creator.Status.ACTIVE, Creator.Status.FLAGGED])
    return listed | Creator.objects.filter(user=user)


def creator_for(user: User, creator_id: int) -> Creator:
    """A creator's profile. :raises NotFound: if it is closed, suspended or absent."""
    creator = creators_visible_to(user).filter(pk=creator_id).first()
    if creator is None:
        raise NotFound("There is no such creator, or the profile is not shown.")
    return creator


def account_for(user: User, account_id: int) -> SocialAccount:
    """A social account of a visible creator. :raises NotFound: as `creator_for`."""
    account = (
        SocialAccount.objects.select_related("creator")
        .filter(pk=account_id, creator__in=creators_visible_to(user))
        .first()
    )
    if account is None:
        raise NotFound("There is no such account, or the profile is not shown.")
    return account


def jobs_visible_to(user: User) -> QuerySet[Job]:
    return Job.objects.all() if user.is_staff else Job.objects.filter(owner=user)


def job_for(user: User, job_id: int) -> Job:
    """A job the user started; moderators see every job. :raises NotFound: otherwise."""
    job = jobs_visible_to(user).filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such job, or it is not yours.")
    return job
