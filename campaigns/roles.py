"""Which moves a person can make: the side's (`standing.list_moves`), narrowed to their role."""

from typing import Final

from accounts.errors import NotFound
from accounts.models import User
from campaigns.access import MANAGERS, PAYERS, REVIEWERS, Seat, collaborations_visible_to, seat_for
from campaigns.dispute_states import DISPUTE_LIVE
from campaigns.models import Deliverable, Dispute
from campaigns.standing import list_deliverable_moves, list_moves
from campaigns.states import Acting, Side, State

BRAND_ROLES: Final[dict[str, tuple[str, ...]]] = {
    "offer": MANAGERS,
    "counter": MANAGERS,
    "enter_limit": MANAGERS,
    "accept": MANAGERS,
    "decline": MANAGERS,
    "reject": MANAGERS,
    "withdraw": MANAGERS,
    "sign": MANAGERS,
    "fund": PAYERS,
    "ask_to_cancel": MANAGERS,
    "agree_to_cancel": MANAGERS,
    "refuse_to_cancel": MANAGERS,
    "dispute": MANAGERS,
    "withdraw_dispute": MANAGERS,
    "withdraw_late_dispute": MANAGERS,
    "approve": REVIEWERS,
    "request_revision": REVIEWERS,
    "verify": REVIEWERS,
}
"""Who of a brand's team may make each of the brand's moves; a creator makes all of theirs."""
WITHDRAWING: Final = ("withdraw_dispute", "withdraw_late_dispute")


def list_moves_of(seat: Seat) -> list[str]:
    """Names from `states.TRANSITIONS` that this person could make now. A query if in dispute.

    Moderators act through the desk, so they have none here. As with `standing.list_moves`, what
    else a service asks for (a budget, a date) is not looked at, but a side that has signed is
    not asked again.
    """
    if seat.side is Side.MODERATOR:
        return []
    acting = seat.collaboration.acting_side
    has_signed = seat.collaboration.state == State.AGREED and acting not in (seat.side, Acting.BOTH)
    return [
        name
        for name in list_moves(seat.collaboration, side=seat.side)
        if _may(seat, name)
        and not (name == "sign" and has_signed)
        and (name not in WITHDRAWING or name == _withdrawing(seat))
    ]


def list_deliverable_moves_of(seat: Seat, deliverable: Deliverable) -> list[str]:
    """As `list_moves_of`, for a piece."""
    return [
        name for name in list_deliverable_moves(deliverable, side=seat.side) if _may(seat, name)
    ]


def deliverable_for(user: User, deliverable_id: int) -> tuple[Seat, Deliverable]:
    """A piece, and the user's place at its collaboration. Three queries; two for its creator.

    :raises NotFound: if the user is on neither side.
    """
    found = Deliverable.objects.filter(
        pk=deliverable_id, collaboration__in=collaborations_visible_to(user)
    ).first()
    if found is None:
        raise NotFound("There is no such deliverable, or you take no part in its collaboration.")
    seat = seat_for(user, found.collaboration_id)
    found.collaboration = seat.collaboration
    return seat, found


def _withdrawing(seat: Seat) -> str:
    """How this side could take its dispute back; empty if it opened none."""
    dispute = Dispute.objects.filter(
        collaboration=seat.collaboration, state__in=DISPUTE_LIVE, opened_side=seat.side
    ).first()
    if dispute is None:
        return ""
    return WITHDRAWING[1] if dispute.is_about_completed_work else WITHDRAWING[0]


def _may(seat: Seat, name: str) -> bool:
    if seat.side is Side.BRAND:
        return seat.role in BRAND_ROLES.get(name, ())
    return seat.side is Side.CREATOR
