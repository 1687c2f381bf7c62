"""Telling a provider, outside of any transaction, what is written as intended.

Killed before the call, during it or after it, the intent is still there and falls due again; the
provider knows the key and answers as the first time.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from campaigns.models import PaymentAttempt
from campaigns.payment_states import AttemptStatus, PaymentKind
from campaigns.payments.attempts import raise_status
from campaigns.payments.providers import provider_called
from campaigns.payments.providers.base import Answer, Instruction, ProviderUnavailable

log = structlog.get_logger(__name__)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


def send_attempt(*, attempt_id: int, now: datetime) -> bool:
    """Tell the provider and take its answer into the books; False if nothing was due.

    Never call it inside a transaction: its caller's rollback could not undo the provider.
    """
    attempt = _claim(attempt_id, now=now)
    if attempt is None:
        return False
    payment = attempt.payment
    provider = provider_called(payment.provider)
    instruction = Instruction(
        attempt.key, payment.amount_minor, payment.currency, payment.bank_account
    )
    submit = (
        provider.submit_deposit if payment.kind == PaymentKind.DEPOSIT else provider.submit_payout
    )
    try:
        answer = submit(instruction, now=now)
    except ProviderUnavailable as error:
        log.warning("provider_unavailable", attempt=attempt.key, tries=attempt.tries)
        PaymentAttempt.objects.filter(pk=attempt.pk, status=AttemptStatus.INTENDED).update(
            message=str(error)[:300]
        )
        return True
    _take(attempt, answer, now=now)
    return True


@transaction.atomic(durable=True)
def _claim(attempt_id: int, *, now: datetime) -> PaymentAttempt | None:
    """The attempt if it is due; nobody else sends it until its wait has passed."""
    attempt = (
        PaymentAttempt.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("payment")
        .filter(pk=attempt_id, send_after__lte=now)
        .first()
    )
    if attempt is None:
        return None
    wait = min(FIRST_WAIT * 2 ** min(attempt.tries, 10), LONGEST_WAIT)
    attempt.tries += 1
    attempt.send_after = now + wait
    attempt.save(update_fields=["tries", "send_after"])
    return attempt


@transaction.atomic(durable=True)
def _take(attempt: PaymentAttempt, answer: Answer, *, now: datetime) -> None:
    raise_status(
        attempt.pk,
        answer.status,
        actor=None,
        now=now,
        reference=answer.reference,
        message=answer.message[:300],
    )
