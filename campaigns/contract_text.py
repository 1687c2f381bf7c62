"""The words of a contract: everything agreed, every deadline, and what silence means."""

from datetime import datetime, timedelta

from accounts.models import Platform
from accounts.money import exact
from campaigns.dispute_states import EVIDENCE_WINDOW, OPEN_AFTER_COMPLETION
from campaigns.models import Collaboration, Offer
from campaigns.offer_terms import OfferTerms
from campaigns.states import (
    DELIVERABLE_SILENCE,
    DELIVERABLE_TRANSITIONS,
    WAITING,
    DeliverableState,
    State,
)

BINDING = (State.AGREED, State.SIGNED, State.CANCEL_REQUESTED, State.DISPUTED, State.COMPLETED)


def contract_text(
    *,
    collaboration: Collaboration,
    offer: Offer,
    fee_minor: int,
    fee_percent: float,
    tax_percent: float,
    now: datetime,
) -> str:
    """Plain text, the same for the same agreement; its hash is what is signed."""
    terms = OfferTerms.from_json(offer.terms)
    total = terms.total_minor
    lines = [
        f"AGREEMENT for “{_line(str(collaboration.campaign))}”",
        f"between {_line(str(collaboration.campaign.brand))} (the brand)",
        f"and {_line(str(collaboration.creator))} (the creator)",
        f"drawn up on {now:%d %B %Y} from offer {offer.version}, {offer.terms_hash}",
        "",
        "1. WORK AND PRICES",
        *_deliverables(terms),
        f"Total for the creator: {exact(total, terms.currency)}. The platform's fee of "
        f"{fee_percent:g} % ({exact(fee_minor, terms.currency)}"
        + (f", {tax_percent:g} % tax included" if tax_percent else "")
        + ") comes on top and is paid by "
        f"the brand: {exact(total + fee_minor, terms.currency)} are set aside when the brand "
        "funds the agreement.",
        "",
        "2. RIGHTS AND DUTIES",
        f"Disclosure in every publication: {_line(terms.disclosure)}",
        f"Rounds of changes for each piece: {terms.revision_rounds}",
        f"Usage rights: {_months(terms.usage_rights_months)}"
        + (f", {_indented(terms.usage_rights)}" if terms.usage_rights else ""),
        f"Exclusivity: {terms.exclusivity_days} days"
        if terms.exclusivity_days
        else "No exclusivity",
        *([f"Notes: {_indented(terms.notes)}"] if terms.notes else []),
        "",
        "3. PAYMENT",
        "The price of a piece is owed to the creator when the piece is verified. If the agreement "
        "is cancelled, approved pieces are paid in full; a piece with a draft is paid one tenth; "
        "a piece without a draft is not paid. The rest, and the fee on it, go back to the brand.",
        "",
        "4. DEADLINES, AND WHAT SILENCE MEANS",
        *(
            f"{state.label}: {_span(WAITING[state].lasts)}; then {WAITING[state].silence}."
            for state in BINDING
        ),
        *(
            f"{state.label}: {_span_of(state)}; then {silence}."
            for state, silence in DELIVERABLE_SILENCE.items()
        ),
        "While cancelling is asked for or a dispute is open, all of this stands still: what is "
        "left of each time, and the days named in section 1, move by as long as that took.",
        "",
        "5. DISPUTES AND REVIEWS",
        "Either side can open a dispute while the work runs, while cancelling is asked for, and "
        f"for {_span(OPEN_AFTER_COMPLETION)} after completion. Work stops and what is set aside "
        "is frozen; a paid piece that the brand disputes is not paid out. For "
        f"{_span(EVIDENCE_WINDOW)} both sides can answer and add evidence, which both read. A "
        "moderator proposes a decision and a second person with finance rights confirms it, "
        f"within {_span(WAITING[State.DISPUTED].lasts)}: it goes on, or it ends and the money is "
        "divided. Both sides read the reasons.",
        f"For {_span(WAITING[State.COMPLETED].lasts)} after completion each side can write one "
        "review of the other. Neither sees the other's before both are written or the time is "
        "over; when both are written, the collaboration is closed.",
        "All times are UTC.",
    ]
    return "\n".join(lines) + "\n"


def _deliverables(terms: OfferTerms) -> list[str]:
    return [
        f"{place}. {_line(one.kind)} on {Platform(one.platform).label}: "
        f"{_indented(one.description.rstrip('. '))}. "
        f"Price {exact(one.price_minor, terms.currency)}. Draft by {one.draft_due_on:%d %B %Y}, "
        f"published by {one.publish_by:%d %B %Y}."
        for place, one in enumerate(terms.deliverables, start=1)
    ]


def _line(words: str) -> str:
    return " ".join(words.split())


def _indented(words: str) -> str:
    """What a side wrote, every further line set in, so that none passes for one of the contract's
    own sections."""
    return "\n    ".join(words.splitlines())


def _months(months: int) -> str:
    return f"{months} months" if months else "none beyond the publication itself"


def _span_of(state: DeliverableState) -> str:
    """How long a piece's state lasts; where the contract names a day, which one."""
    named = {
        DeliverableState.PENDING: "until the day for the draft",
        DeliverableState.APPROVED: "until the day for publication",
    }
    lasts = {one.target: one.lasts for one in DELIVERABLE_TRANSITIONS.values()}
    return named.get(state) or _span(lasts[state])


def _span(lasts: timedelta | None) -> str:
    if lasts is None:
        return "no deadline"
    hours = round(lasts.total_seconds() / 3600)
    return f"{hours // 24} days" if hours > 72 else f"{hours} hours"
