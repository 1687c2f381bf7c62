"""The people of the demo market. Called inside its transaction."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts import audit
from accounts.models import Creator, SocialAccount, User
from marketplace.demo import cast
from marketplace.demo.market import Market

DESK = ("Moderators", "Finance desk")  # made by migrations

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
    **{
        address: (f"Demo creator {number}", User.Side.CREATOR)
        for number, address in enumerate(cast.OTHER_CREATORS, start=2)
    },
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
                user.groups.set(Group.objects.filter(name__in=DESK))
                audit.record(actor=None, verb="user.made_moderator", subject=user)
        users[email] = user
    return users


def claim_creators(
    market: Market, accounts: list[SocialAccount], *, users: dict[str, User]
) -> list[Creator]:
    """Give honest simulated profiles to the demo creators, the one who can log in first.

    Who has a profile already keeps it and gets none of these.
    """
    honest = list(
        dict.fromkeys(
            account.creator_id
            for account, simulated in zip(accounts, market.accounts, strict=True)
            if simulated.fraud is None
        )
    )
    claimed = []
    for address in (cast.CREATOR, *cast.OTHER_CREATORS):
        user = users[address]
        if not honest or Creator.objects.filter(user=user).exists():
            continue
        creator = Creator.objects.get(pk=honest.pop(0))
        creator.user = user
        creator.save(update_fields=["user"])
        claimed.append(creator)
    return claimed
