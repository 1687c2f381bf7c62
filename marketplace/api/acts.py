"""Where each move of a brand or a creator is made: the end of its address.

`campaigns/states.py` names the moves; a test sees that none is without an address.
"""

from typing import Any, Final

from campaigns.access import Seat
from campaigns.models import Deliverable
from campaigns.roles import list_deliverable_moves_of, list_moves_of

ROOT = "/api/v1/"
COLLABORATION_ACTS: Final = {
    "offer": "offers/",
    "counter": "offers/",
    "accept": "accept/",
    "decline": "decline/",
    "reject": "decline/",
    "withdraw": "withdraw/",
    "sign": "sign/",
    "fund": "fund/",
    "ask_to_cancel": "cancel/",
    "agree_to_cancel": "cancel/agree/",
    "refuse_to_cancel": "cancel/refuse/",
    "dispute": "dispute/",
    "withdraw_dispute": "dispute/withdraw/",
    "withdraw_late_dispute": "dispute/withdraw/",
}
DELIVERABLE_ACTS: Final = {
    "submit_draft": "drafts/",
    "request_revision": "revisions/",
    "approve": "approve/",
    "publish": "publish/",
    "verify": "verify/",
    "waive": "waive/",
}
RELATED: Final = ("events", "contract", "limit", "messages", "results", "reviews", "dispute")


def moves_of(seat: Seat) -> list[dict[str, Any]]:
    """What this person can do now, each with the address to POST to."""
    return [
        {"name": name, "address": f"{address_of(seat)}{COLLABORATION_ACTS[name]}"}
        for name in list_moves_of(seat)
    ]


def deliverable_moves_of(seat: Seat, piece: Deliverable) -> list[dict[str, Any]]:
    """As `moves_of`, for a piece."""
    return [
        {"name": name, "address": f"{ROOT}deliverables/{piece.pk}/{DELIVERABLE_ACTS[name]}"}
        for name in list_deliverable_moves_of(seat, piece)
    ]


def address_of(seat: Seat) -> str:
    return f"{ROOT}collaborations/{seat.collaboration.pk}/"
