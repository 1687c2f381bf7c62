"""Everything somebody of the desk reads before deciding a dispute."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from accounts.errors import DomainError
from accounts.models import AuditEntry, User
from accounts.money import to_major
from campaigns import dispute_decisions as deciding
from campaigns.cancelling import split_of
from campaigns.dispute_reading import list_disputes
from campaigns.dispute_states import DisputeState
from campaigns.models import DecisionProposal, Deliverable, Dispute
from campaigns.states import DELIVERABLE_LIVE, DeliverableState
from campaigns.whereabouts import get_whereabouts
from marketplace.forms.decisions import ConfirmationForm, ProposalForm

EVENTS_SHOWN = 200


def dispute_context(dispute: Dispute, *, actor: User) -> dict[str, Any]:
    """A number of queries that neither statements nor history change."""
    one = dispute.collaboration
    reads = list_disputes(one)
    proposals = list(dispute.proposals.select_related("proposed_by", "reviewed_by"))
    return {
        "dispute": dispute,
        "one": one,
        "read": next(read for read in reads if read.dispute.pk == dispute.pk),
        "others": [read for read in reads if read.dispute.pk != dispute.pk],
        "money": get_whereabouts(one),
        "currency": one.contract.currency,
        "pieces": one.deliverables.order_by("position"),
        "proposals": proposals,
        "waiting": next((each for each in proposals if not each.outcome), None),
        "events": one.events.select_related("actor").order_by("-pk")[:EVENTS_SHOWN],
        "audit": AuditEntry.objects.filter(
            subject_type="campaigns.dispute", subject_id=str(dispute.pk)
        )
        .select_related("actor")
        .order_by("at", "pk"),
        # Messages are open to the desk while the dispute is.
        "messages_url": _messages_url(one.pk) if dispute.is_live else "",
        "refusal": why_not(actor, dispute, proposals),
    }


def form_for(dispute: Dispute, sent: QueryDict | None) -> ProposalForm | ConfirmationForm | None:
    """The form of the next step; None when the dispute is at its end."""
    if dispute.state == DisputeState.PROPOSED:
        return ConfirmationForm(sent)
    if not dispute.is_live:
        return None
    pieces = list(dispute.collaboration.deliverables.order_by("position"))
    currency = dispute.collaboration.contract.currency
    paid = [
        piece
        for piece in pieces
        if piece.state == DeliverableState.SETTLED and piece.position in dispute.positions
    ]
    return ProposalForm(
        sent, currency=currency, paid=paid, initial=_as_if_cancelled(pieces, currency)
    )


def why_not(actor: User, dispute: Dispute, proposals: list[DecisionProposal]) -> str:
    """Why this person in particular cannot take the next step; empty if they can."""
    waiting = next((each for each in proposals if not each.outcome), None)
    try:
        if waiting is None:
            deciding.ensure_may(actor, deciding.MAY_PROPOSE, dispute)
        else:
            deciding.ensure_may_confirm(actor, waiting, dispute)
    except DomainError as error:
        return error.message
    return ""


def _as_if_cancelled(pieces: list[Deliverable], currency: str) -> dict[str, Any]:
    """Where to begin: what the contract gives each side if it is cancelled now."""
    splits = [
        split_of(piece, has_draft=piece.drafts.exists())
        for piece in pieces
        if piece.state in DELIVERABLE_LIVE
    ]
    sums = {
        "creator_minor": sum(split.creator_minor for split in splits),
        "fee_minor": sum(split.fee_minor for split in splits),
        "brand_minor": sum(split.brand_minor for split in splits),
    }
    return {name: to_major(total, currency) for name, total in sums.items()}


def _messages_url(collaboration_id: int) -> str:
    return reverse("collaboration_messages", args=[collaboration_id])
