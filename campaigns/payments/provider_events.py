"""What providers report: stored once under the event's own id, then taken into the books.

Storing and taking are two transactions. A worker that dies between them leaves a stored event
that the sweep takes; one that comes again finds itself stored; and because an attempt only rises
in rank, every order and every repetition of the same reports ends in the same books.
"""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.errors import Conflict
from accounts.models import User
from campaigns.ledger import LARGEST_AMOUNT_MINOR
from campaigns.models import Payment, PaymentAttempt, ProviderEvent
from campaigns.payment_states import AttemptStatus
from campaigns.payments.attempts import raise_status
from campaigns.payments.providers import provider_called
from campaigns.payments.providers.base import EventNotVerified, Report, SignedBody

log = structlog.get_logger(__name__)
Outcome = ProviderEvent.Outcome
LONGEST = {"event_id": 120, "attempt_key": 60, "reference": 120, "currency": 3, "message": 300}


class EventIdReused(Conflict):
    """The provider sent something else under an id it had used."""

    code = "event_id_reused"


def receive_event(*, provider: str, signed: SignedBody, now: datetime) -> ProviderEvent:
    """Verify, store and take a report that came over the wire.

    :raises UnknownProvider, EventNotVerified, EventIdReused: as named; nothing is stored.
    """
    report = provider_called(provider).verify_event(signed)
    return take_report(provider=provider, report=report, actor=None, now=now)


def take_report(
    *, provider: str, report: Report, actor: User | None, now: datetime
) -> ProviderEvent:
    """Store a report once and take it. :raises EventNotVerified, EventIdReused: as named."""
    event = _store(provider, report, actor=actor, now=now)
    return process_event(event_id=event.pk, now=now)


@transaction.atomic
def process_event(*, event_id: int, now: datetime) -> ProviderEvent:
    """Take a stored event into the books, unless that was done."""
    event = ProviderEvent.objects.get(pk=event_id)
    attempt = (
        PaymentAttempt.objects.select_related("payment")
        .filter(key=event.attempt_key, payment__provider=event.provider)
        .first()
    )
    if attempt is not None:
        # Payments are locked before anything of theirs.
        Payment.objects.select_for_update().get(pk=attempt.payment_id)
    event = ProviderEvent.objects.select_for_update().get(pk=event_id)
    if event.outcome not in ProviderEvent.OPEN:
        return event
    event.outcome, event.processed_at = _outcome(event, attempt, now=now), now
    event.save(update_fields=["outcome", "processed_at"])
    if event.outcome in (Outcome.UNMATCHED, Outcome.MISMATCHED):
        log.error(
            "provider_event_refused", stored=event.pk, key=event.attempt_key, outcome=event.outcome
        )
    return event


def _outcome(event: ProviderEvent, attempt: PaymentAttempt | None, *, now: datetime) -> str:
    if attempt is None:
        return Outcome.UNMATCHED
    payment = attempt.payment
    if (event.amount_minor, event.currency) != (payment.amount_minor, payment.currency):
        return Outcome.MISMATCHED
    rose = raise_status(
        attempt.pk,
        AttemptStatus(event.status),
        actor=event.reported_by,
        now=now,
        reference=event.reference,
        message=event.message,
    )
    return Outcome.APPLIED if rose else Outcome.NO_CHANGE


@transaction.atomic
def _store(provider: str, report: Report, *, actor: User | None, now: datetime) -> ProviderEvent:
    _check(report)
    event, is_new = ProviderEvent.objects.get_or_create(
        provider=provider,
        event_id=report.event_id,
        defaults={
            "attempt_key": report.attempt_key,
            "status": report.status,
            "amount_minor": report.amount_minor,
            "currency": report.currency,
            "reference": report.reference,
            "message": report.message,
            "occurred_at": report.occurred_at,
            "received_at": now,
            "reported_by": actor,
        },
    )
    if not is_new and (event.attempt_key, event.status, event.amount_minor, event.currency) != (
        report.attempt_key, report.status, report.amount_minor, report.currency,
    ):  # fmt: skip
        raise EventIdReused(f"The event {report.event_id} was reported before with other contents.")
    return event


def _check(report: Report) -> None:
    """:raises EventNotVerified: if the report could not be stored as it is."""
    for name, longest in LONGEST.items():
        text = getattr(report, name)
        if not isinstance(text, str) or len(text) > longest or "\0" in text:
            raise EventNotVerified
    amount = report.amount_minor
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise EventNotVerified
    if not report.event_id or abs(amount) > LARGEST_AMOUNT_MINOR:
        raise EventNotVerified
