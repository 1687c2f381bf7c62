"""The page itself: the sections a collaboration has in its state, for one asker."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.access import Seat
from campaigns.roles import list_moves_of
from campaigns.standing import get_standing
from campaigns.states import FINAL, Side
from campaigns.whereabouts import get_whereabouts
from marketplace.forms.acts import ActForm
from marketplace.pages.collaborations.contract_part import get_contract, get_signing
from marketplace.pages.collaborations.ending_part import get_ending
from marketplace.pages.collaborations.forms_shown import FormsShown
from marketplace.pages.collaborations.offers_part import get_negotiation, get_offers
from marketplace.pages.collaborations.opening_part import get_opening
from marketplace.pages.collaborations.seats import may_of
from marketplace.pages.collaborations.timeline_part import get_end, get_timeline
from marketplace.pages.collaborations.work_part import get_pieces


@dataclass(frozen=True)
class Returned:
    """A form that was sent and comes back, known by the name of its act."""

    key: str
    form: ActForm


def show(
    request: HttpRequest, seat: Seat, *, returned: Returned | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; its number of queries depends on the state, not on how much happened."""
    one, today = seat.collaboration, timezone.now().date()
    moves = list_moves_of(seat)
    forms = FormsShown(returned.key, returned.form) if returned else FormsShown()
    contract = get_contract(one)
    opening = get_opening(one)
    work = get_pieces(seat, contract, brief=opening.brief, forms=forms)
    context: dict[str, Any] = {
        "seat": seat,
        "one": one,
        "standing": get_standing(one),
        "may": may_of(seat),
        "is_brand": seat.side is Side.BRAND,
        "is_creator": seat.side is Side.CREATOR,
        "is_over": one.state in FINAL,
        "ended": get_end(one),
        "opening": opening,
        "money": get_whereabouts(one),
        "timeline": get_timeline(one, before=request.GET.get("before", "")),
        **get_negotiation(seat, get_offers(one), moves=moves, forms=forms, today=today),
        **get_signing(seat, contract, moves=moves, forms=forms),
        **work,
        **get_ending(seat, contract, work["pieces"], moves=moves, forms=forms),
    }
    context["returned"] = forms.returned_key
    context["unsent"] = forms.unsent
    return render(request, "collaborations/detail.html", context, status=status)
