"""What the two sides read of disputes, and what somebody can do about them now."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.access import MANAGERS, Seat
from campaigns.dispute_states import DisputeState, ProposalOutcome
from campaigns.disputes import MAX_DISPUTES, MAX_STATEMENTS, disputable_until
from campaigns.models import (
    Collaboration,
    DecisionProposal,
    Deliverable,
    Dispute,
    DisputeStatement,
)
from campaigns.states import TRANSITIONS, Side, State


@dataclass(frozen=True)
class DisputeRead:
    """One dispute as both sides read it; ``decision`` is the confirmed one.

    What the desk proposes and sends back is the desk's until it is confirmed.
    """

    dispute: Dispute
    pieces: list[Deliverable]
    statements: list[DisputeStatement]
    decision: DecisionProposal | None

    @property
    def is_answered(self) -> bool:
        return any(statement.kind == "answer" for statement in self.statements)

    @property
    def sides_state(self) -> DisputeState:
        """Its state without what only the desk knows."""
        state = DisputeState(self.dispute.state)
        return DisputeState.OPEN if state is DisputeState.PROPOSED else state


@dataclass(frozen=True)
class DisputeMoves:
    """What one person can do now; ``until`` is when completed work can no longer be disputed."""

    may_open: bool = False
    may_state: bool = False
    may_withdraw: bool = False
    until: datetime | None = None


def list_disputes(collaboration: Collaboration) -> list[DisputeRead]:
    """All of them, the newest first. Four queries; one without any."""
    found = list(
        collaboration.disputes.prefetch_related("statements__author", "proposals").select_related(
            "opened_by"
        )
    )
    pieces = list(collaboration.deliverables.order_by("position")) if found else []
    return [
        DisputeRead(
            dispute,
            [piece for piece in pieces if piece.position in dispute.positions],
            list(dispute.statements.all()),
            next(
                (
                    proposal
                    for proposal in dispute.proposals.all()
                    if proposal.outcome == ProposalOutcome.CONFIRMED
                ),
                None,
            ),
        )
        for dispute in found
    ]


def moves_of(seat: Seat, disputes: list[DisputeRead], *, now: datetime) -> DisputeMoves:
    """For a person at a collaboration, with its disputes. One query if it is completed."""
    one = seat.collaboration
    if seat.side is Side.MODERATOR or (seat.side is Side.BRAND and seat.role not in MANAGERS):
        return DisputeMoves()
    live = next((read for read in disputes if read.dispute.is_live), None)
    if live is not None:
        said = sum(statement.side == seat.side for statement in live.statements)
        return DisputeMoves(
            may_state=now < live.dispute.evidence_until and said < MAX_STATEMENTS,
            may_withdraw=live.dispute.opened_side == seat.side,
        )
    if State(one.state) not in TRANSITIONS["dispute"].sources:
        return DisputeMoves()
    until = disputable_until(one) if one.state == State.COMPLETED else None
    opened = sum(read.dispute.opened_side == seat.side for read in disputes)
    return DisputeMoves(
        may_open=opened < MAX_DISPUTES and (until is None or now <= until), until=until
    )
