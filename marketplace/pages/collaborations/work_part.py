"""The pieces: where each stands, what was shown and asked, and what can be done with it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from campaigns.access import Seat
from campaigns.models import Brief, Collaboration, CollaborationEvent, Contract, Deliverable, Draft
from campaigns.offer_terms import OfferTerms
from campaigns.roles import list_deliverable_moves_of
from campaigns.standing import Standing, get_deliverable_standing
from campaigns.states import State
from marketplace.forms.acts import ActForm, ChangesForm, DraftForm, PublishForm, ReasonForm
from marketplace.pages.collaborations.forms_shown import FormsShown
from marketplace.pages.collaborations.opening_part import brief_of

LONGEST_ITEM = 300


@dataclass
class PieceShown:
    """``forms`` are by act; ``buttons`` are the acts that need nothing typed.
    ``opened`` is the form that came back."""

    piece: Deliverable
    standing: Standing
    drafts: list["DraftShown"]
    forms: dict[str, ActForm] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    rounds_left: int = 0
    waived_because: str = ""
    opened: str = ""

    @property
    def has_draft(self) -> bool:
        return bool(self.drafts)


@dataclass(frozen=True)
class DraftShown:
    """A draft and the changes that were asked for after it."""

    draft: Draft
    asked: CollaborationEvent | None

    @property
    def items(self) -> list[str]:
        return list(self.asked.data.get("items", [])) if self.asked else []


def get_pieces(
    seat: Seat, contract: Contract | None, *, brief: Brief | None, forms: FormsShown
) -> dict[str, Any]:
    """Three queries, however many pieces and drafts there are."""
    one = seat.collaboration
    if contract is None or one.state in (State.AGREED, State.SIGNED):
        return {"pieces": []}
    terms = OfferTerms.from_json(contract.offer.terms)
    told = _told(one)
    pieces = []
    for piece in one.deliverables.prefetch_related("drafts").order_by("position"):
        piece.collaboration = one
        pieces.append(_shown(seat, piece, terms=terms, told=told, brief=brief, forms=forms))
    return {"pieces": pieces, "terms": terms, "is_active": one.state == State.ACTIVE}


def _shown(
    seat: Seat,
    piece: Deliverable,
    *,
    terms: OfferTerms,
    told: dict[tuple[str, int], list[CollaborationEvent]],
    brief: Brief | None,
    forms: FormsShown,
) -> PieceShown:
    place = piece.position
    asked = told[("request_revision", place)]
    drafts = [
        DraftShown(draft, asked[draft.round - 1] if draft.round <= len(asked) else None)
        for draft in sorted(piece.drafts.all(), key=lambda draft: -draft.round)
    ]
    waived = told[("waive", place)]
    shown = PieceShown(
        piece,
        get_deliverable_standing(piece),
        drafts,
        rounds_left=max(terms.revision_rounds - piece.rounds_used, 0),
        waived_because=waived[0].reason if waived else "",
    )
    makers = {
        "submit_draft": ("draft", lambda: new_draft_form(piece)),
        "publish": ("publish", lambda: new_publish_form(piece, terms)),
        "waive": ("waive", lambda: new_waive_form(piece)),
        "request_revision": ("changes", lambda: new_changes_form(piece, terms, brief)),
    }
    for move in list_deliverable_moves_of(seat, piece):
        if move in ("approve", "verify"):
            shown.buttons.append(move)
        elif move in makers and (move != "request_revision" or shown.rounds_left):
            name, make = makers[move]
            shown.forms[name] = forms.get(f"{name}-{place}", make)
            if forms.returned_key == f"{name}-{place}":
                shown.opened = name
    return shown


def _told(one: Collaboration) -> dict[tuple[str, int], list[CollaborationEvent]]:
    """What was asked and given up, by act and piece, in order. One query."""
    found: dict[tuple[str, int], list[CollaborationEvent]] = defaultdict(list)
    for event in one.events.filter(name__in=("request_revision", "waive")).order_by("pk"):
        found[(event.name, event.data.get("deliverable", 0))].append(event)
    return found


def list_items(piece: Deliverable, terms: OfferTerms, brief: Brief | None) -> list[str]:
    """What a draft can miss: lines of the terms, then the brief's dos and don'ts."""
    texts = [*piece.description.splitlines(), f"Disclosure: {terms.disclosure}"]
    texts += [*terms.usage_rights.splitlines(), *terms.notes.splitlines()]
    if brief:
        texts += [f"Do: {text}" for text in brief.dos]
        texts += [f"Don't: {text}" for text in brief.donts]
    return list(dict.fromkeys(text.strip()[:LONGEST_ITEM] for text in texts if text.strip()))


def new_draft_form(piece: Deliverable, data: Any = None) -> DraftForm:
    return DraftForm(data, auto_id=f"draft-{piece.position}-%s")


def new_changes_form(
    piece: Deliverable, terms: OfferTerms, brief: Brief | None, data: Any = None
) -> ChangesForm:
    items = list_items(piece, terms, brief)
    return ChangesForm(data, items=items, auto_id=f"changes-{piece.position}-%s")


def new_publish_form(piece: Deliverable, terms: OfferTerms, data: Any = None) -> PublishForm:
    auto_id = f"publish-{piece.position}-%s"
    return PublishForm(data, disclosure=terms.disclosure.strip(), auto_id=auto_id)


def new_waive_form(piece: Deliverable, data: Any = None) -> ReasonForm:
    label = "Why you give it up, as the brand will read it"
    return ReasonForm(data, label=label, auto_id=f"waive-{piece.position}-%s")


def terms_and_brief(one: Collaboration) -> tuple[OfferTerms, Brief | None]:
    """For an act on a piece. Two queries."""
    contract = Contract.objects.select_related("offer").get(collaboration=one)
    return OfferTerms.from_json(contract.offer.terms), brief_of(one)
