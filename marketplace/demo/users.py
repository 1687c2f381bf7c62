"""The people of the demo market. Called inside its transaction."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts import audit
from accounts.models import Creator, User
from marketplace.demo import cast

MODERATORS = "Moderators"  # made by a migration

_NAMES = {
    cast.OWNER: ("Demo brand owner", User.Side.BRAND),
    cast.VIEWER: ("Demo brand viewer", User.Side.BRAND),
    cast.CREATOR: ("Demo creator", User.Side.CREATOR),
    cast.MODERATOR: ("Demo moderator", User.Side.STAFF),
    cast.SECOND_MODERATOR: ("Demo second moderator", User.Side.STAFF),
    cast.THIRD_MODERATOR: ("Demo third moderator", User.Side.STAFF),
    cast.MANAGER: ("Demo brand manager", User.Side.BRAND),
    cast.SECOND_OWNER: ("Demo owner of Birch", User.Side.BRAND),
    cast.SECOND_REVIEWER: ("Demo reviewer of Birch", User.Side.BRAND),
}


def make_users(*, now: datetime, with_logins: bool) -> dict[str, User]:
    """Address → user. Without log-ins nobody gets a password, and no moderator is made.

    A user who is there already is taken as is: neither password nor rights are given to
    somebody who signed up with one of these addresses.
    """
    can_log_in = {email for _, email, _ in cast.DEMO_LOGINS} if with_logins else set()
    password = make_password(cast.PASSWORD if with_logins else None)
    users = {}
    for email, (name, side) in _NAMES.items():
        if email in cast.MODERATORS and not with_logins:
            continue
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            # One slow hash for all: the password is public anyway.
            user = User.objects.create(
                email=email,
                password=password if email in can_log_in else make_password(None),
                name=name,
                side=side,
                date_joined=now,
                is_active=email in can_log_in,
                is_staff=email in cast.MODERATORS,
            )
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            if user.is_staff:
                user.groups.add(Group.objects.get(name=MODERATORS))
                audit.record(actor=None, verb="user.made_moderator", subject=user)
        users[email] = user
    return users


def claim_creator(*, creator_id: int, user: User) -> None:
    """Give the simulated profile to the demo creator, unless they have one already."""
    if not Creator.objects.filter(user=user).exists():
        Creator.objects.filter(pk=creator_id).update(user=user)
