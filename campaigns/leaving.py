"""Ending a collaboration before anything is agreed, each with a reason the other side reads."""

from datetime import datetime

from accounts.models import User
from campaigns.models import Collaboration
from campaigns.moving import move
from campaigns.states import Side, State


def decline(
    *, collaboration: Collaboration, side: Side, actor: User, now: datetime, reason: str
) -> Collaboration:
    """Say no to an invitation, an application or an offer. Raises as `moving.move`."""
    name = "reject" if collaboration.state == State.APPLIED and side is Side.BRAND else "decline"
    return move(collaboration, name, side=side, actor=actor, now=now, reason=reason)


def withdraw(
    *, collaboration: Collaboration, side: Side, actor: User, now: datetime, reason: str
) -> Collaboration:
    """Take back an invitation, an application or an offer. Raises as `moving.move`."""
    return move(collaboration, "withdraw", side=side, actor=actor, now=now, reason=reason)
