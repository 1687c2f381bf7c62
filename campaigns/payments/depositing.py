"""Brands bring money in, and take out what they have not set aside."""

from datetime import datetime

from django.db import transaction

from accounts.models import Brand, User
from campaigns.models import Payment
from campaigns.payment_states import PaymentKind, PaymentState
from campaigns.payments.asking import Request, find_or_write
from campaigns.payments.attempts import change_state, start_attempt


@transaction.atomic
def request_deposit(
    *,
    brand: Brand,
    amount_minor: int,
    currency: str,
    provider: str,
    idempotency_key: str,
    actor: User,
    now: datetime,
    bank_account: str = "",
) -> Payment:
    """Ask the provider to collect a deposit; the wallet grows when the provider has it.

    The same request again, at once or later, answers with the same payment.

    :raises IdempotencyKeyReused: if the key was used for another request.
    :raises DomainError: as `Request.check` for what is unusable.
    """
    request = Request(
        PaymentKind.DEPOSIT, amount_minor, currency, provider, bank_account, idempotency_key
    )
    request.check()
    payment, is_new = find_or_write(request, brand=brand, actor=actor, now=now)
    if is_new:
        start_attempt(payment, actor=actor, now=now)
    return payment


@transaction.atomic
def request_withdrawal(
    *,
    brand: Brand,
    amount_minor: int,
    currency: str,
    provider: str,
    idempotency_key: str,
    bank_account: str,
    actor: User,
    now: datetime,
) -> Payment:
    """Send unused money back to the brand; it leaves the wallet in the same moment.

    :raises InsufficientFunds: if the wallet holds less; money set aside cannot be taken out.
    :raises IdempotencyKeyReused: if the key was used for another request.
    :raises DomainError: as `Request.check` for what is unusable.
    """
    request = Request(
        PaymentKind.WITHDRAWAL, amount_minor, currency, provider, bank_account, idempotency_key
    )
    request.check()
    payment, is_new = find_or_write(request, brand=brand, actor=actor, now=now)
    if is_new:
        change_state(payment, PaymentState.READY, actor=actor, now=now, verb="ready")
        start_attempt(payment, actor=actor, now=now)
        change_state(payment, PaymentState.SUBMITTED, actor=actor, now=now, verb="submitted")
    return payment
