"""Whatever was left undone with payments, done: the scheduled task that makes crashes harmless."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import transaction

from accounts.errors import DomainError
from campaigns.models import Payment, PaymentAttempt, ProviderEvent
from campaigns.payment_states import PaymentKind, PaymentState
from campaigns.payments.attempts import recover_shortfalls
from campaigns.payments.payouts import submit_payout
from campaigns.payments.provider_events import process_event, receive_event
from campaigns.payments.providers import provider_called
from campaigns.payments.providers.base import SignedBody
from campaigns.payments.sending import send_attempt

log = structlog.get_logger(__name__)
CHUNK = 200
T = TypeVar("T")


@dataclass(frozen=True)
class SweepReport:
    """How many of each were looked at."""

    submitted: int
    sent: int
    reported: int
    processed: int


def sweep_payments(*, now: datetime) -> SweepReport:
    """Submit what is ready, tell providers what is due, fetch and take their reports.

    Each item by itself: one that fails hinders no other and is due again.
    """
    ready = Payment.objects.filter(kind=PaymentKind.PAYOUT, state=PaymentState.READY)
    submitted = _each(
        ready.order_by("pk")[:CHUNK], lambda payment: submit_payout(payment=payment, now=now)
    )
    due = PaymentAttempt.objects.filter(send_after__lte=now).order_by("send_after", "pk")
    sent = _each(
        list(due.values_list("pk", flat=True)[:CHUNK]),
        lambda pk: send_attempt(attempt_id=pk, now=now),
    )
    counts: list[int] = []
    _each(settings.PAYMENT_PROVIDERS, lambda name: counts.append(_fetch(name, now=now)))
    open_events = ProviderEvent.objects.filter(outcome__in=ProviderEvent.OPEN).order_by("pk")
    processed = _each(
        list(open_events.values_list("pk", flat=True)[:CHUNK]),
        lambda pk: process_event(event_id=pk, now=now),
    )
    owing = Payment.objects.filter(shortfall_minor__gt=0).select_related("brand").order_by("pk")
    _each(owing[:CHUNK], lambda payment: _recover(payment, now=now))
    return SweepReport(submitted, sent, sum(counts), processed)


def _fetch(name: str, *, now: datetime) -> int:
    """Take what a provider lists; it is acknowledged only after it is stored."""
    provider = provider_called(name)
    taken: list[str] = []

    def take(signed: SignedBody) -> None:
        taken.append(receive_event(provider=name, signed=signed, now=now).event_id)

    _each(provider.list_events(now=now), take)
    provider.acknowledge(taken)
    return len(taken)


@transaction.atomic
def _recover(payment: Payment, *, now: datetime) -> None:
    recover_shortfalls(payment, now=now)


def _each(items: Iterable[T], act: Callable[[T], object]) -> int:
    done = 0
    for item in items:
        try:
            act(item)
            done += 1
        except DomainError as error:
            log.error("payment_step_refused", item=str(item)[:80], error=error.message)
        except Exception:
            # A provider's client may fail in ways of its own; the rest must not wait for it.
            log.exception("payment_step_failed", item=str(item)[:80])
    return done
