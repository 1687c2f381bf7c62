"""Which events a client may send, and where the others come from."""

from typing import Final

from scoring.models import InteractionEvent

Kind = InteractionEvent.Kind

SENT_BY_CLIENTS: Final = (Kind.CLICK, Kind.PROFILE_VIEW, Kind.HIDE, Kind.UNHIDE)

RECORDED_ELSEWHERE: Final = {
    "impression": "What was shown is recorded as one list: POST it to /api/v1/events/lists.",
    "ideal": "Name an ideal creator at /api/v1/campaigns/{id}/ideal-creators/.",
    "shortlist": "Putting a creator on a shortlist records itself; do not send it.",
    "invite": "Inviting a creator records itself; do not send it.",
    "add_to_campaign": "Agreeing with a creator records itself; do not send it.",
    "collaboration": "Completing a collaboration records itself; do not send it.",
}


def why_not_sent(kind: str) -> str:
    """Why a client may not send this kind; "" if it may."""
    if kind in SENT_BY_CLIENTS:
        return ""
    known = ", ".join(SENT_BY_CLIENTS)
    return RECORDED_ELSEWHERE.get(kind, f"There is no such kind. Send one of {known}.")
