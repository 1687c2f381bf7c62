"""The page itself: the sections a collaboration has in its state, for one asker."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.access import Seat
from campaigns.message_reading import unread_of
from campaigns.moving import OTHER_SIDE
from campaigns.roles import list_moves_of
from campaigns.standing import get_standing
from campaigns.states import FINAL, Side
from campaigns.transparency import Record, get_track_record
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
    one, now = seat.collaboration, timezone.now()
    moves = list_moves_of(seat)
    forms = FormsShown(returned.key, returned.form) if returned else FormsShown()
    contract = get_contract(one)
    opening = get_opening(one)
    work = get_pieces(seat, contract, brief=opening.brief, forms=forms)
    context: dict[str, Any] = {
        "seat": seat,
        "unread": unread_of(seat.user, [one.pk])[one.pk] if seat.side in OTHER_SIDE else 0,
        "track_records": _track_records(seat, now=now),
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
        **get_negotiation(seat, get_offers(one), moves=moves, forms=forms, today=now.date()),
        **get_signing(seat, contract, moves=moves, forms=forms),
        **work,
        **get_ending(seat, contract, work["pieces"], moves=moves, forms=forms),
    }
    context["returned"] = forms.returned_key
    context["unsent"] = forms.unsent
    return render(request, "collaborations/detail.html", context, status=status)


def _track_records(seat: Seat, *, now: datetime) -> list[tuple[Brand | Creator, Record]]:
    """How the other side has kept its word; moderators read both. Two queries for each."""
    one = seat.collaboration
    subjects: dict[Side, Brand | Creator] = {
        Side.BRAND: one.campaign.brand, Side.CREATOR: one.creator,
    }  # fmt: skip
    return [
        (subject, get_track_record(subject, now=now))
        for side, subject in subjects.items()
        if side is not seat.side
    ]
