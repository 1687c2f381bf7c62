"""A collaboration with everything that belongs to it, as one answer to one person."""

from typing import Any

from campaigns.access import Seat
from campaigns.models import Collaboration, Contract, Deliverable
from campaigns.offers import get_band
from campaigns.standing import get_deliverable_standing, get_standing
from campaigns.whereabouts import get_whereabouts
from marketplace.api.acts import RELATED, address_of, deliverable_moves_of, moves_of
from marketplace.api.serializers.collaborations import (
    BandSerializer,
    CollaborationSerializer,
)


def answer_of(seat: Seat) -> Any:
    """Fourteen queries at most, whatever happened so far; read anew after an act."""
    found = Collaboration.objects.select_related("campaign__brand", "creator", "account").get(
        pk=seat.collaboration.pk
    )
    seat = Seat(seat.user, found, seat.side, seat.role)
    row = {
        "standing": get_standing(found),
        "you": {"side": seat.side.value, "role": seat.role},
        "moves": moves_of(seat),
        "offers": found.offers.select_related("actor"),
        "limit": get_band(found),
        "contract": contract_of(found),
        "deliverables": [
            _deliverable(seat, piece)
            for piece in found.deliverables.prefetch_related("drafts__actor")
        ],
        "money": get_whereabouts(found),
        "links": {
            "self": address_of(seat),
            **{name: f"{address_of(seat)}{name}/" for name in RELATED},
        },
    }
    return CollaborationSerializer({**_fields(found), **row}).data


def contract_of(collaboration: Collaboration) -> Contract | None:
    """With its signatures; two queries."""
    found = Contract.objects.filter(collaboration=collaboration).select_related("offer")
    return found.prefetch_related("signatures__user").first()


def band_answer(seat: Seat) -> Any:
    return BandSerializer(get_band(seat.collaboration)).data


def _deliverable(seat: Seat, piece: Deliverable) -> dict[str, Any]:
    piece.collaboration = seat.collaboration
    return {
        **_fields(piece),
        "standing": get_deliverable_standing(piece),
        "moves": deliverable_moves_of(seat, piece),
        "drafts": piece.drafts.all(),
    }


def _fields(row: Any) -> dict[str, Any]:
    """The row's columns and what was loaded with it, without a query."""
    return {**row.__dict__, **row._state.fields_cache}
