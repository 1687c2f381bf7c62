"""Ending it early: what each side would get, asking for it, and answering."""

from dataclasses import dataclass
from typing import Any

from campaigns.access import Seat
from campaigns.cancelling import Split, split_of
from campaigns.models import Contract, Deliverable
from campaigns.states import DELIVERABLE_LIVE, State
from marketplace.forms.acts import ReasonForm
from marketplace.pages.collaborations.forms_shown import FormsShown
from marketplace.pages.collaborations.work_part import PieceShown

LABELS = {
    "cancel": "Why you want to end it, as the other side will read it",
    "refuse": "Why you want to go on, as the other side will read it",
}


@dataclass(frozen=True)
class SplitShown:
    piece: Deliverable
    split: Split


def get_ending(
    seat: Seat,
    contract: Contract | None,
    pieces: list[PieceShown],
    *,
    moves: list[str],
    forms: FormsShown,
) -> dict[str, Any]:
    """No queries but one for the reason, while it is asked for."""
    one = seat.collaboration
    if contract is None or one.state not in (State.ACTIVE, State.CANCEL_REQUESTED):
        return {}
    splits = [
        SplitShown(shown.piece, split_of(shown.piece, has_draft=shown.has_draft))
        for shown in pieces
        if shown.piece.state in DELIVERABLE_LIVE
    ]
    context: dict[str, Any] = {
        "splits": splits,
        "split_total": Split(
            sum(one.split.creator_minor for one in splits),
            sum(one.split.fee_minor for one in splits),
            sum(one.split.brand_minor for one in splits),
        ),
        "may_agree_to_cancel": "agree_to_cancel" in moves,
    }
    if one.state == State.CANCEL_REQUESTED:
        context["asked_to_cancel"] = one.events.filter(name="ask_to_cancel").last()
    if "ask_to_cancel" in moves:
        context["cancel_form"] = forms.get("cancel", lambda: new_ending_form("cancel"))
    if "refuse_to_cancel" in moves:
        context["refuse_form"] = forms.get("refuse", lambda: new_ending_form("refuse"))
    return context


def new_ending_form(name: str, data: Any = None) -> ReasonForm:
    return ReasonForm(data, label=LABELS[name], auto_id=f"{name}-%s")
