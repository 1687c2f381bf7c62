"""Disputes as the two sides have them: opening, answering, adding evidence, withdrawing.

While a dispute is open the collaboration stands still: no piece moves, and what is set aside
stays where it is. `campaigns/dispute_decisions.py` is what the desk does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import User
from campaigns.dispute_states import (
    DISPUTE_LIVE,
    EVIDENCE_WINDOW,
    OPEN_AFTER_COMPLETION,
    DisputeCategory,
    DisputeState,
    ProposalOutcome,
    StatementKind,
)
from campaigns.freezing import thaw
from campaigns.models import Collaboration, Dispute, DisputeStatement
from campaigns.moving import NotInThisState, check_move, lock, move, record
from campaigns.states import TRANSITIONS, WAITING, Acting, Side, State
from campaigns.wording import checked_links, checked_text

TEXT_CHARACTERS = 4_000
MAX_STATEMENTS = 20
MAX_DISPUTES = 3
SHORTEST = timedelta(seconds=1)


class TooLateToDispute(Conflict):
    code = "too_late_to_dispute"


class TooManyDisputes(Conflict):
    code = "too_many_disputes"
    message = (
        f"Your side has opened {MAX_DISPUTES} disputes here, which is as many as one may. "
        "Cancelling can still be asked for."
    )


class UnknownCategory(DomainError):
    code = "unknown_category"


class UnknownPieces(DomainError):
    code = "unknown_pieces"


class NoDispute(NotInThisState):
    code = "no_dispute"
    message = "No dispute is open here."


class EvidenceClosed(Conflict):
    code = "evidence_closed"


class TooManyStatements(Conflict):
    code = "too_many_statements"
    message = f"Your side has sent {MAX_STATEMENTS} statements, which is as many as are kept."


class NotYourDispute(Forbidden):
    code = "not_your_dispute"
    message = "Only the side that opened the dispute can withdraw it."


@transaction.atomic
def open_dispute(
    *,
    collaboration: Collaboration,
    category: str,
    text: str,
    positions: Sequence[int],
    side: Side,
    actor: User,
    now: datetime,
    links: Sequence[str] = (),
) -> Dispute:
    """Stop everything and ask for a decision.

    :param positions: of the pieces it is about, at least one.
    :raises TooLateToDispute: more than 7 days after completion.
    :raises TooManyDisputes: beyond `MAX_DISPUTES` of one side.
    :raises UnknownCategory, UnknownPieces, TextUnusable, LinkUnusable: as named.
    :raises NotInThisState, NotYourTurn: as `moving.move`.
    """
    if category not in DisputeCategory.values:
        raise UnknownCategory(
            f"Choose one of: {', '.join(DisputeCategory.values)}.", details={"field": "category"}
        )
    text = checked_text(text, longest=TEXT_CHARACTERS)
    kept = checked_links(links)
    locked = lock(collaboration)
    check_move(locked, TRANSITIONS["dispute"], side=side, now=now)
    if locked.state == State.COMPLETED and now > (until := disputable_until(locked)):
        raise TooLateToDispute(
            f"Completed work can be disputed for {OPEN_AFTER_COMPLETION.days} days, which ended "
            f"on {until:%d %b %Y at %H:%M} UTC.",
            details={"until": until.isoformat()},
        )
    if locked.disputes.filter(opened_side=side).count() >= MAX_DISPUTES:
        raise TooManyDisputes
    lasts = WAITING[State.DISPUTED].lasts
    assert lasts is not None
    dispute = Dispute.objects.create(
        collaboration=locked,
        from_state=locked.state,
        left_of_deadline=locked.deadline_at - now if locked.deadline_at else None,
        opened_side=side,
        opened_by=actor,
        category=category,
        text=text,
        links=kept,
        positions=_checked_positions(locked, positions),
        opened_at=now,
        evidence_until=now + EVIDENCE_WINDOW,
        decide_by=now + lasts,
    )
    label = DisputeCategory(category).label
    move(
        locked, "dispute", side=side, actor=actor, now=now, reason=label,
        acting_side=Acting.MODERATOR,
        data={"dispute": dispute.pk, "category": category, "deliverables": dispute.positions},
    )  # fmt: skip
    return dispute


@transaction.atomic
def add_statement(
    *,
    collaboration: Collaboration,
    text: str,
    side: Side,
    actor: User,
    now: datetime,
    links: Sequence[str] = (),
) -> DisputeStatement:
    """Add words and links that both sides and the desk read and nobody can change.

    The first of the side that did not open the dispute is its answer.

    :raises NoDispute: if none is open.
    :raises EvidenceClosed: more than 72 hours after it was opened.
    :raises TooManyStatements: beyond `MAX_STATEMENTS` of one side.
    :raises TextUnusable, LinkUnusable: as named.
    """
    text = checked_text(text, longest=TEXT_CHARACTERS)
    kept = checked_links(links)
    locked = lock(collaboration)
    dispute = live_dispute_of(locked)
    if now >= dispute.evidence_until:
        raise EvidenceClosed(
            f"Answers and evidence could be added until "
            f"{dispute.evidence_until:%d %b %Y at %H:%M} UTC. The desk decides by "
            f"{dispute.decide_by:%d %b %Y}."
        )
    if dispute.statements.filter(side=side).count() >= MAX_STATEMENTS:
        raise TooManyStatements
    is_answer = side != dispute.opened_side and not is_answered(dispute)
    statement = DisputeStatement.objects.create(
        dispute=dispute,
        kind=StatementKind.ANSWER if is_answer else StatementKind.EVIDENCE,
        side=side,
        author=actor,
        text=text,
        links=kept,
        at=now,
    )
    record(
        locked, "dispute_answer" if is_answer else "dispute_evidence", side=side, actor=actor,
        now=now, before=State.DISPUTED, data={"dispute": dispute.pk, "statement": statement.pk},
    )  # fmt: skip
    return statement


@transaction.atomic
def withdraw_dispute(
    *, collaboration: Collaboration, reason: str, side: Side, actor: User, now: datetime
) -> Collaboration:
    """Take it back; work goes on where it stopped, with the time that was left.

    :raises NoDispute: if none is open. :raises NotYourDispute: for the other side.
    :raises ReasonMissing: as `moving.move`.
    """
    locked = lock(collaboration)
    dispute = live_dispute_of(locked)
    if side != dispute.opened_side:
        raise NotYourDispute
    names = {True: "withdraw_late_dispute", False: "withdraw_dispute"}
    back = go_back(
        dispute, names[dispute.is_about_completed_work], side=side, actor=actor, now=now,
        reason=reason,
    )  # fmt: skip
    end_dispute(dispute, DisputeState.WITHDRAWN, now=now)
    dispute.proposals.filter(outcome="").update(outcome=ProposalOutcome.DROPPED, reviewed_at=now)
    return back


def go_back(
    dispute: Dispute, name: str, *, side: Side, actor: User, now: datetime, reason: str
) -> Collaboration:
    """Return to what the collaboration was in, by the transition ``name``, as if no time had
    passed: to active, or to completed with what was left for reviews."""
    left = dispute.left_of_deadline if dispute.is_about_completed_work else None
    back = move(
        dispute.collaboration, name, side=side, actor=actor, now=now, reason=reason,
        acting_side=Acting.BOTH if dispute.is_about_completed_work else "",
        lasts=None if left is None else max(left, SHORTEST), data={"dispute": dispute.pk},
    )  # fmt: skip
    if not dispute.is_about_completed_work:
        thaw(back, now=now)
    return back


def end_dispute(dispute: Dispute, state: DisputeState, *, now: datetime) -> None:
    dispute.state, dispute.ended_at = state, now
    dispute.save(update_fields=["state", "ended_at"])


def live_dispute_of(collaboration: Collaboration) -> Dispute:
    """The open one, locked with its collaboration. :raises NoDispute: if there is none."""
    dispute = (
        Dispute.objects.select_for_update()
        .filter(collaboration=collaboration, state__in=DISPUTE_LIVE)
        .first()
    )
    if dispute is None:
        raise NoDispute
    dispute.collaboration = collaboration
    return dispute


def disputable_until(collaboration: Collaboration) -> datetime:
    """Until when completed work can be disputed. One query."""
    completed_at = collaboration.events.filter(name="complete").values_list("at", flat=True)[0]
    until: datetime = completed_at + OPEN_AFTER_COMPLETION
    return until


def is_answered(dispute: Dispute) -> bool:
    return dispute.statements.filter(kind=StatementKind.ANSWER).exists()


def _checked_positions(collaboration: Collaboration, positions: Sequence[int]) -> list[int]:
    known = set(collaboration.deliverables.values_list("position", flat=True))
    asked = sorted(set(positions))
    if not asked or not known.issuperset(asked):
        raise UnknownPieces(
            "Say which pieces of work it is about: "
            f"{', '.join(str(position) for position in sorted(known))}.",
            details={"field": "positions"},
        )
    return asked
