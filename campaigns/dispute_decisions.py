"""Decisions of disputes: one person of the desk proposes, another confirms with finance rights.

Neither may belong to a side. A confirmed decision takes effect in one transaction with the money
it moves, and both sides read its reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import Membership, User
from accounts.money import exact
from campaigns import ledger
from campaigns.cancelling import keep_of_the_budget
from campaigns.contracts import hold_of, wallet_of
from campaigns.delivering import payable_of
from campaigns.dispute_states import DecisionKind, DisputeState, ProposalOutcome
from campaigns.disputes import NoDispute, end_dispute, go_back, is_answered, live_dispute_of
from campaigns.models import (
    Collaboration,
    DecisionProposal,
    Deliverable,
    Dispute,
    LedgerAccount,
)
from campaigns.moving import lock, move
from campaigns.payments.asking import AmountRefused
from campaigns.payments.clawing_back import ShareRefused, claw_back, is_amount, split_hold
from campaigns.reviews import publish_reviews
from campaigns.states import DELIVERABLE_LIVE, DeliverableState, Side
from campaigns.wording import checked_text

MAY_PROPOSE = "campaigns.decide_dispute"
MAY_CONFIRM = "campaigns.confirm_dispute"
# As long as a reason in the timeline, where the sides read it.
REASONS_CHARACTERS = 2_000


class NotOfTheDesk(Forbidden):
    code = "not_of_the_desk"


class BelongsToASide(Forbidden):
    code = "belongs_to_a_side"
    message = "You belong to one of the two sides; somebody else has to decide."


class SecondPersonNeeded(Forbidden):
    code = "second_person_needed"
    message = "You proposed this decision; a second person with finance rights has to confirm it."


class NotHeardYet(Conflict):
    code = "not_heard_yet"


class ProposalWaits(Conflict):
    code = "proposal_waits"
    message = "A decision is proposed; it is to be confirmed or sent back first."


class NoProposal(Conflict):
    code = "no_proposal"
    message = "No decision is proposed."


class DecisionRefused(DomainError):
    """The decision contradicts itself; ``details`` names the field."""

    code = "decision_refused"


@dataclass(frozen=True)
class Decision:
    """Minor units of the contract's currency. ``clawbacks`` is {position of a paid piece: part
    of its price to give back}; the fee on it follows."""

    kind: DecisionKind
    reasons: str
    creator_minor: int = 0
    fee_minor: int = 0
    brand_minor: int = 0
    clawbacks: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def propose_decision(
    *, dispute: Dispute, decision: Decision, actor: User, now: datetime
) -> DecisionProposal:
    """Write down what is to happen; nothing moves until a second person confirms.

    :raises NotOfTheDesk, BelongsToASide: if the actor may not decide this.
    :raises NoDispute, ProposalWaits: if the dispute is at another point.
    :raises NotHeardYet: before the other side answered or its 72 hours are over.
    :raises ShareRefused, AmountRefused, DecisionRefused: if the money does not add up.
    """
    ensure_may(actor, MAY_PROPOSE, dispute)
    reasons = checked_text(decision.reasons, longest=REASONS_CHARACTERS, field="reasons")
    live = _lock(dispute)
    if live.state == DisputeState.PROPOSED:
        raise ProposalWaits
    if now < live.evidence_until and not is_answered(live):
        raise NotHeardYet(
            "The other side has not answered; it has until "
            f"{live.evidence_until:%d %b %Y at %H:%M} UTC."
        )
    _check_money(live, decision)
    proposal = DecisionProposal.objects.create(
        dispute=live,
        kind=decision.kind,
        creator_minor=decision.creator_minor,
        fee_minor=decision.fee_minor,
        brand_minor=decision.brand_minor,
        clawbacks={str(place): amount for place, amount in decision.clawbacks.items()},
        reasons=reasons,
        proposed_by=actor,
        proposed_at=now,
    )
    live.state = DisputeState.PROPOSED
    live.save(update_fields=["state"])
    _audit(proposal, "proposed", actor)
    return proposal


@transaction.atomic
def send_back_decision(
    *, dispute: Dispute, note: str, actor: User, now: datetime
) -> DecisionProposal:
    """Refuse a proposed decision, with a note for the desk; another can be proposed.

    :raises NotOfTheDesk, BelongsToASide, SecondPersonNeeded: if the actor may not.
    :raises NoDispute, NoProposal: if the dispute is at another point.
    """
    note = checked_text(note, longest=REASONS_CHARACTERS, field="reasons")
    live, proposal = _lock_proposal(dispute, actor)
    _review(proposal, ProposalOutcome.SENT_BACK, actor=actor, now=now, note=note)
    live.state = DisputeState.OPEN
    live.save(update_fields=["state"])
    return proposal


@transaction.atomic
def confirm_decision(*, dispute: Dispute, actor: User, now: datetime) -> Collaboration:
    """Make a proposed decision happen: states, money and reasons, all or nothing.

    :raises NotOfTheDesk, BelongsToASide, SecondPersonNeeded: if the actor may not.
    :raises NoDispute, NoProposal: if the dispute is at another point.
    :raises ShareRefused: if what is set aside is not what it was.
    """
    live, proposal = _lock_proposal(dispute, actor)
    _review(proposal, ProposalOutcome.CONFIRMED, actor=actor, now=now)
    if proposal.kind == DecisionKind.RESUME:
        name = "uphold" if live.is_about_completed_work else "resume"
        back = go_back(
            live, name, side=Side.MODERATOR, actor=actor, now=now, reason=proposal.reasons
        )
        end_dispute(live, DisputeState.RESUMED, now=now)
        return back
    settled = _settle(live, proposal, actor=actor, now=now)
    end_dispute(live, DisputeState.SETTLED, now=now)
    return settled


def ensure_may(actor: User, permission: str, dispute: Dispute) -> None:
    """:raises NotOfTheDesk: without the right. :raises BelongsToASide: for a side's people."""
    if not (actor.is_staff and actor.is_active and actor.has_perm(permission)):
        raise NotOfTheDesk("You may not decide disputes here.")
    parties = dispute.collaboration
    if (
        parties.creator.user_id == actor.pk
        or Membership.objects.filter(user=actor, brand=parties.campaign.brand_id).exists()
    ):
        raise BelongsToASide


def ensure_may_confirm(actor: User, proposal: DecisionProposal, dispute: Dispute) -> None:
    """:raises SecondPersonNeeded: for who proposed it. Raises as `ensure_may` otherwise."""
    ensure_may(actor, MAY_CONFIRM, dispute)
    if proposal.proposed_by_id == actor.pk:
        raise SecondPersonNeeded


def set_aside_minor(collaboration: Collaboration) -> int:
    """What is set aside now, in minor units of the contract's currency. Two queries."""
    return hold_of(collaboration, collaboration.contract.currency).balance_minor


def _settle(
    dispute: Dispute, proposal: DecisionProposal, *, actor: User, now: datetime
) -> Collaboration:
    collaboration = dispute.collaboration
    _lock_all_accounts(collaboration)
    pieces = {
        piece.position: piece
        for piece in Deliverable.objects.select_for_update()
        .filter(collaboration=collaboration)
        .order_by("pk")
    }
    clawed = 0
    for place, amount in sorted(proposal.clawbacks.items(), key=lambda item: int(item[0])):
        claw_back(
            deliverable=pieces[int(place)], amount_minor=amount, reason=proposal.reasons,
            actor=actor, now=now,
        )  # fmt: skip
        clawed += amount
    if proposal.creator_minor + proposal.fee_minor + proposal.brand_minor:
        split_hold(
            collaboration=collaboration,
            creator_minor=proposal.creator_minor,
            fee_minor=proposal.fee_minor,
            brand_minor=proposal.brand_minor,
            reason=proposal.reasons,
            actor=actor,
            now=now,
        )
    Deliverable.objects.filter(
        collaboration=collaboration, state__in=DELIVERABLE_LIVE
    ).update(
        state=DeliverableState.CANCELLED, acting_side="", deadline_at=None, updated_at=now
    )  # fmt: skip
    settled = move(
        collaboration, "settle", side=Side.MODERATOR, actor=actor, now=now,
        reason=proposal.reasons,
        data={
            "dispute": dispute.pk, "creator_minor": proposal.creator_minor,
            "fee_minor": proposal.fee_minor, "brand_minor": proposal.brand_minor,
            "clawbacks": proposal.clawbacks,
        },
    )  # fmt: skip
    keep_of_the_budget(settled, paid_now=proposal.creator_minor - clawed)
    # With the end of the collaboration nobody can write a review any more.
    publish_reviews(settled, now=now)
    return settled


def _lock_all_accounts(collaboration: Collaboration) -> None:
    """Several operations follow; were each to lock its own, two decisions could wait for each
    other."""
    currency = collaboration.contract.currency
    ledger.lock_accounts(
        hold_of(collaboration, currency),
        payable_of(collaboration, currency),
        wallet_of(collaboration, currency),
        ledger.account_of(LedgerAccount.Kind.PLATFORM_FEE, currency),
        ledger.account_of(LedgerAccount.Kind.TAX, currency),
    )


def _check_money(dispute: Dispute, decision: Decision) -> None:
    collaboration = dispute.collaboration
    currency = collaboration.contract.currency
    parts = (decision.creator_minor, decision.fee_minor, decision.brand_minor)
    if not all(is_amount(part) and part >= 0 for part in parts):
        raise ShareRefused(
            "Each part is a whole number of minor units, zero or more.",
            details={"field": "creator_minor"},
        )
    if decision.kind == DecisionKind.RESUME:
        if any(parts) or decision.clawbacks:
            raise DecisionRefused(
                "If it goes on as agreed, no money moves.", details={"field": "kind"}
            )
        return
    set_aside = set_aside_minor(collaboration)
    if sum(parts) != set_aside:
        raise ShareRefused(
            f"The parts sum to {exact(sum(parts), currency)}; {exact(set_aside, currency)} are "
            "set aside.",
            details={
                "field": "creator_minor", "set_aside_minor": set_aside, "currency": currency,
            },
        )  # fmt: skip
    _check_clawbacks(dispute, decision, currency)
    if not set_aside and not decision.clawbacks:
        raise DecisionRefused(
            "Nothing is set aside and nothing is taken back: let it go on as it was.",
            details={"field": "kind"},
        )


def _check_clawbacks(dispute: Dispute, decision: Decision, currency: str) -> None:
    collaboration = dispute.collaboration
    paid = {
        piece.position: piece.price_minor
        for piece in collaboration.deliverables.filter(state=DeliverableState.SETTLED)
        if piece.position in dispute.positions
    }
    earlier = set(
        collaboration.events.filter(name="claw_back").values_list("data__deliverable", flat=True)
    )
    for place, amount in decision.clawbacks.items():
        if place not in paid or place in earlier:
            raise AmountRefused(
                f"Piece {place} is none of the paid pieces this dispute is about, or was taken "
                "back before.",
                details={"field": "clawbacks"},
            )
        if not is_amount(amount) or not 0 < amount <= paid[place]:
            raise AmountRefused(
                f"Of piece {place}, take back more than nothing and at most its price, "
                f"{exact(paid[place], currency)}.",
                details={"field": "clawbacks"},
            )


def _lock(dispute: Dispute) -> Dispute:
    live = live_dispute_of(lock(Collaboration(pk=dispute.collaboration_id)))
    if live.pk != dispute.pk:
        raise NoDispute("This dispute is at its end.")
    return live


def _lock_proposal(dispute: Dispute, actor: User) -> tuple[Dispute, DecisionProposal]:
    ensure_may(actor, MAY_CONFIRM, dispute)
    live = _lock(dispute)
    proposal = live.proposals.select_for_update().filter(outcome="").first()
    if proposal is None:
        raise NoProposal
    ensure_may_confirm(actor, proposal, live)
    return live, proposal


def _review(
    proposal: DecisionProposal,
    outcome: ProposalOutcome,
    *,
    actor: User,
    now: datetime,
    note: str = "",
) -> None:
    proposal.outcome, proposal.reviewed_by, proposal.reviewed_at = outcome, actor, now
    proposal.review_note = note
    proposal.save(update_fields=["outcome", "reviewed_by", "reviewed_at", "review_note"])
    _audit(proposal, outcome.value, actor)


def _audit(proposal: DecisionProposal, verb: str, actor: User) -> None:
    audit.record(
        actor=actor,
        verb=f"dispute.decision_{verb}",
        subject=proposal.dispute,
        data={
            "proposal": proposal.pk, "kind": proposal.kind, "note": proposal.review_note,
            "creator_minor": proposal.creator_minor, "fee_minor": proposal.fee_minor,
            "brand_minor": proposal.brand_minor, "clawbacks": proposal.clawbacks,
        },
    )  # fmt: skip
