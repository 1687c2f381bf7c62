"""An attempt's rise from intended to its end, and the postings that go with each step.

    outgoing   started: owner → external          undone: external → owner
    deposit    succeeded: external → wallet       undone after that: wallet → external

The operation ids are the attempt's key and the key with ``:back``, so each is posted once.
"""

from datetime import datetime

from django.db import transaction

from accounts import audit, queue
from accounts.models import User
from campaigns import ledger
from campaigns.ledger import Leg
from campaigns.models import LedgerAccount, Payment, PaymentAttempt
from campaigns.payment_states import (
    PAYMENT_MOVES,
    RANK,
    UNDONE,
    AttemptStatus,
    PaymentKind,
    PaymentState,
    state_for,
)
from campaigns.payments.telling import tell

Kind = LedgerAccount.Kind


def lock_payment(payment_id: int) -> Payment:
    """The row as it is now, kept from others; always locked before its attempts and accounts."""
    return (
        Payment.objects.select_for_update(of=("self",))
        .select_related("brand", "creator")
        .get(pk=payment_id)
    )


def change_state(
    payment: Payment,
    state: PaymentState,
    *,
    actor: User | None,
    now: datetime,
    verb: str,
    reason: str = "",
) -> None:
    """Write the new state of a locked payment and who caused it."""
    before = payment.state
    payment.state, payment.updated_at = state, now
    payment.save()
    audit.record(
        actor=actor,
        verb=f"{payment.kind}.{verb}",
        subject=payment,
        data={"from": before, "to": state.value, "reason": reason},
    )
    tell(payment, verb=verb, reason=reason, actor=actor, now=now)


@transaction.atomic
def start_attempt(payment: Payment, *, actor: User | None, now: datetime) -> PaymentAttempt:
    """Write the intent to tell the provider; what goes out leaves its owner's account here.

    :raises InsufficientFunds: if a wallet holds less than the amount.
    """
    number = payment.attempts.count() + 1
    attempt = PaymentAttempt.objects.create(
        payment=payment,
        number=number,
        key=f"{payment.kind}:{payment.pk}:{number}",
        send_after=now,
        created_at=now,
        updated_at=now,
    )
    if payment.kind != PaymentKind.DEPOSIT:
        _post(attempt, attempt.key, given=-payment.amount_minor, actor=actor, now=now)
    queue.send_attempt(attempt_id=attempt.pk)
    return attempt


@transaction.atomic
def raise_status(
    attempt_id: int,
    status: AttemptStatus,
    *,
    actor: User | None,
    now: datetime,
    reference: str = "",
    message: str = "",
) -> bool:
    """Take a report into the books; False if it says nothing new, in whatever order it came."""
    owner = PaymentAttempt.objects.values_list("payment_id", flat=True).get(pk=attempt_id)
    payment = lock_payment(owner)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt_id)
    attempt.payment = payment
    before = AttemptStatus(attempt.status)
    attempt.send_after, attempt.updated_at = None, now
    rises = RANK[status] > RANK[before]
    if rises:
        attempt.status, attempt.message = status, message
        attempt.reference = reference or attempt.reference
    attempt.save()
    if not rises:
        return False
    _keep_books(attempt, before, status, actor=actor, now=now)
    latest = payment.attempts.order_by("-number").values_list("number", flat=True)[:1].get()
    state = state_for(payment.kind, status)
    if latest == attempt.number and state in PAYMENT_MOVES.get(PaymentState(payment.state), ()):
        if status in UNDONE:
            payment.refusal = message
        change_state(payment, state, actor=actor, now=now, verb=state.value, reason=message)
    return True


def _keep_books(
    attempt: PaymentAttempt,
    before: AttemptStatus,
    status: AttemptStatus,
    *,
    actor: User | None,
    now: datetime,
) -> None:
    payment, amount = attempt.payment, attempt.payment.amount_minor
    if payment.kind == PaymentKind.DEPOSIT:
        if status is AttemptStatus.SUCCEEDED:
            # Two operations follow; were each to lock its own, two payments could wait for
            # each other.
            ledger.lock_accounts(*_accounts_of_deposit(payment))
            _post(attempt, attempt.key, given=amount, actor=actor, now=now)
            recover_shortfalls(payment, now=now)
        elif status in UNDONE and before is AttemptStatus.SUCCEEDED:
            _take_back(attempt, actor=actor, now=now)
    elif status in UNDONE and before not in UNDONE:
        _post(attempt, f"{attempt.key}:back", given=amount, actor=actor, now=now)


def owner_account(payment: Payment) -> LedgerAccount:
    """What a creator is owed, or a brand's wallet."""
    if payment.kind == PaymentKind.PAYOUT:
        return ledger.account_of(Kind.CREATOR_PAYABLE, payment.currency, creator=payment.creator)
    return ledger.account_of(Kind.BRAND_WALLET, payment.currency, brand=payment.brand)


def _accounts_of_deposit(payment: Payment) -> tuple[LedgerAccount, LedgerAccount, LedgerAccount]:
    """The wallet, what is outside, and the platform, which bears what cannot be taken back."""
    return (
        owner_account(payment),
        ledger.account_of(Kind.EXTERNAL, payment.currency),
        ledger.account_of(Kind.PLATFORM_FEE, payment.currency),
    )


def recover_shortfalls(payment: Payment, *, now: datetime) -> None:
    """Let the brand of ``payment`` make good, from its wallet, what the platform bore for it."""
    owing = Payment.objects.select_for_update().filter(
        brand=payment.brand, currency=payment.currency, shortfall_minor__gt=0
    )
    for debt in owing.order_by("pk"):
        wallet, fees = ledger.lock_accounts(
            owner_account(payment), ledger.account_of(Kind.PLATFORM_FEE, payment.currency)
        )
        amount = min(debt.shortfall_minor, wallet.balance_minor)
        if not amount:
            return
        ledger.post_operation(
            # What is left only falls, so it makes the id of each part its own.
            operation_id=f"recover:{debt.pk}:{debt.shortfall_minor}",
            kind="recover",
            legs=[Leg(wallet, -amount), Leg(fees, amount)],
            actor=None,
            now=now,
            description=f"Made good for {debt}, which came back",
        )
        debt.shortfall_minor -= amount
        debt.updated_at = now
        debt.save(update_fields=["shortfall_minor", "updated_at"])


def _take_back(attempt: PaymentAttempt, *, actor: User | None, now: datetime) -> None:
    """A deposit came back; what the brand has spent of it is borne by the platform for now."""
    payment, amount = attempt.payment, attempt.payment.amount_minor
    wallet, outside, fees = ledger.lock_accounts(*_accounts_of_deposit(payment))
    from_wallet = min(amount, wallet.balance_minor)
    parts = (Leg(wallet, -from_wallet), Leg(fees, from_wallet - amount), Leg(outside, amount))
    ledger.post_operation(
        operation_id=f"{attempt.key}:back",
        kind="deposit_back",
        legs=[leg for leg in parts if leg.amount_minor],
        actor=actor,
        now=now,
        description=f"{payment} came back",
    )
    payment.shortfall_minor = amount - from_wallet
    payment.save(update_fields=["shortfall_minor"])


def _post(
    attempt: PaymentAttempt, operation_id: str, *, given: int, actor: User | None, now: datetime
) -> None:
    """``given`` to the owner's account from outside, or the other way if below zero."""
    payment = attempt.payment
    back = operation_id.endswith(":back")
    ledger.post_operation(
        operation_id=operation_id,
        kind=f"{payment.kind}_back" if back else payment.kind,
        legs=[
            Leg(ledger.account_of(Kind.EXTERNAL, payment.currency), -given),
            Leg(owner_account(payment), given),
        ],
        actor=actor,
        now=now,
        description=f"{payment} came back" if back else str(payment),
    )
