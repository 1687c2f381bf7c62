"""The manual provider's reports: a person says what became of a transfer."""

from datetime import datetime

from accounts.errors import DomainError
from accounts.models import User
from campaigns.models import Payment, ProviderEvent
from campaigns.payment_states import AttemptStatus
from campaigns.payments.desk import ensure_outsider
from campaigns.payments.payouts import NotInThisPaymentState
from campaigns.payments.provider_events import take_report
from campaigns.payments.providers.base import Report
from campaigns.payments.providers.manual import ManualProvider

MARKS = (AttemptStatus.SUCCEEDED, AttemptStatus.FAILED, AttemptStatus.RETURNED)


class ReferenceMissing(DomainError):
    code = "reference_missing"
    message = "Give the bank’s reference of the transfer, in 1 to 120 characters."


def mark_payment(
    *, payment: Payment, status: AttemptStatus, reference: str, actor: User, now: datetime
) -> ProviderEvent:
    """Say that a manual transfer arrived or was made, failed, or came back.

    :raises NotInThisPaymentState: if it is not one for a person, or was never sent.
    :raises ReferenceMissing, OwnPayment: as named.
    """
    reference = reference.strip()
    if not 1 <= len(reference) <= 120 or not reference.isprintable():
        raise ReferenceMissing
    if status not in MARKS:
        raise NotInThisPaymentState("Mark it as done, failed or returned.")
    ensure_outsider(payment, actor)
    attempt = payment.attempts.order_by("-number").first()
    if payment.provider != ManualProvider.name or attempt is None:
        raise NotInThisPaymentState(
            f"{payment} is not one that a person makes, or was not submitted."
        )
    return take_report(
        provider=payment.provider,
        report=Report(
            event_id=f"{attempt.key}#{status.value}",
            attempt_key=attempt.key,
            status=status,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            occurred_at=now,
            reference=reference,
        ),
        actor=actor,
        now=now,
    )
