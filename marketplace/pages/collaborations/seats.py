"""Who may do what on the page of a collaboration, and what the others are told instead."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.errors import Forbidden
from campaigns.access import MANAGERS, PAYERS, REVIEWERS, Seat, seat_for
from campaigns.states import Side
from marketplace.pages.people import user_of


@dataclass(frozen=True)
class May:
    """What the asker's place and role allow, whatever the state."""

    manage: bool
    review: bool
    pay: bool


def seat_on(
    request: HttpRequest,
    collaboration_id: int,
    *,
    roles: tuple[str, ...] = MANAGERS,
    side: Side | None = None,
) -> Seat:
    """The asker's place, allowed to act.

    :raises NotFound: if there is none.
    :raises Forbidden: for moderators, other roles, and the other side where only ``side`` acts.
    """
    seat = seat_for(user_of(request), collaboration_id).check(roles)
    if side is not None and seat.side is not side:
        raise Forbidden(f"This is for {side.label.lower()} to do.")
    return seat


def may_of(seat: Seat) -> May:
    if seat.side is Side.CREATOR:
        return May(manage=True, review=False, pay=False)
    return May(seat.role in MANAGERS, seat.role in REVIEWERS, seat.role in PAYERS)
