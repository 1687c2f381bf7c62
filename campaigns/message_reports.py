"""Asking the moderators to look at a message, and what they say to it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import audit, outbox
from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import NotificationCategory, User
from accounts.outbox import Letter
from campaigns.access import Seat
from campaigns.models import Message, MessageReport
from campaigns.states import Side

REASON_CHARACTERS = 1_000
State = MessageReport.State


class ReportReasonMissing(DomainError):
    code = "reason_missing"
    message = f"Say what is wrong with the message, in 1 to {REASON_CHARACTERS:,} characters."


class OwnMessage(Conflict):
    code = "own_message"
    message = "This is a message of your own side."


class ReportedAlready(Conflict):
    code = "reported_already"
    message = "You have reported this message. The moderators see it."


class ReportDecided(Conflict):
    code = "report_decided"
    message = "This report is already decided."


def report_message(*, seat: Seat, message: Message, reason: str, now: datetime) -> MessageReport:
    """Show a message of the other side to the moderators. The other side is not told.

    :raises ReportReasonMissing: if the reason is empty or too long.
    :raises OwnMessage, ReportedAlready: as they say.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_CHARACTERS or "\x00" in reason:
        raise ReportReasonMissing(details={"field": "reason"})
    if seat.side is Side.MODERATOR:
        raise Forbidden("Moderators decide at the desk; the two sides report.")
    if seat.side == message.side:
        raise OwnMessage
    try:
        with transaction.atomic():
            report = MessageReport.objects.create(
                message=message, reporter=seat.user, reason=reason, reported_at=now
            )
            audit.record(
                actor=seat.user,
                verb="message.reported",
                subject=seat.collaboration,
                data={"message": message.pk},
            )
    except IntegrityError as error:
        raise ReportedAlready from error
    return report


@transaction.atomic
def decide_report(
    *, report: MessageReport, upheld: bool, decision: str, actor: User, now: datetime
) -> MessageReport:
    """Answer a report; who reported reads it. What follows for an account is a case of its own.

    :raises ReportReasonMissing: if the answer is empty or too long.
    :raises ReportDecided: if somebody was quicker.
    """
    if not actor.is_staff:
        raise Forbidden
    decision = decision.strip()
    if not 0 < len(decision) <= REASON_CHARACTERS or "\x00" in decision:
        raise ReportReasonMissing(
            "Say in a few words what you found; the reporter reads it.",
            details={"field": "decision"},
        )
    locked = MessageReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.state != State.OPEN:
        raise ReportDecided
    locked.state = State.UPHELD if upheld else State.DISMISSED
    locked.decision, locked.decided_by, locked.decided_at = decision, actor, now
    locked.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    collaboration = locked.message.collaboration
    audit.record(
        actor=actor,
        verb=f"message_report.{locked.state}",
        subject=collaboration,
        data={"message": locked.message_id, "report": locked.pk},
    )
    if locked.reporter:
        outbox.write(
            kind="message.report_decided",
            category=NotificationCategory.MODERATION,
            subject=locked,
            now=now,
            actor=actor,
            to_users=[locked.reporter],
            letter=Letter(
                subject="Your report of a message",
                lines=[f"A moderator looked at the message you reported: {decision}"],
                page="collaboration_messages",
                page_args=[collaboration.pk],
            ),
        )
    return locked


def note_moderators_look(*, seat: Seat) -> None:
    """Put on record that a moderator read what the two sides wrote; of others nothing is kept."""
    if seat.side is Side.MODERATOR:
        audit.record(actor=seat.user, verb="messages.read_by_moderator", subject=seat.collaboration)
