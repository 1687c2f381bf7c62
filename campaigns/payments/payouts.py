"""Creators are paid what they are owed: held for review if anything speaks against it."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from accounts.errors import Conflict
from accounts.models import Creator, User
from accounts.money import exact, to_minor
from campaigns import ledger
from campaigns.freezing import frozen_minor
from campaigns.models import LedgerAccount, Payment
from campaigns.payment_states import UNSENT, PaymentKind, PaymentState
from campaigns.payments.asking import Request, checked_reason, find, find_or_write
from campaigns.payments.attempts import change_state, lock_payment, owner_account, start_attempt
from campaigns.payments.desk import ensure_outsider

REVIEWED_FROM = Decimal(10_000)
BLOCKED = (Creator.Status.SUSPENDED, Creator.Status.CLOSED)


class NotOwedThatMuch(Conflict):
    code = "insufficient_payable"


class NotInThisPaymentState(Conflict):
    """The payment is past, or not yet at, what was asked."""

    code = "not_in_this_state"


@transaction.atomic
def request_payout(
    *,
    creator: Creator,
    amount_minor: int,
    currency: str,
    provider: str,
    bank_account: str,
    idempotency_key: str,
    actor: User,
    now: datetime,
) -> Payment:
    """Ask to be paid. Ready at once, or held with the reasons the creator reads.

    :raises NotOwedThatMuch: if the creator is owed less, other payouts under way counted.
    :raises IdempotencyKeyReused: if the key was used for another request.
    :raises DomainError: as `Request.check` for what is unusable.
    """
    request = Request(
        PaymentKind.PAYOUT, amount_minor, currency, provider, bank_account, idempotency_key
    )
    request.check()
    # Two requests for the same money wait for each other here.
    (payable,) = ledger.lock_accounts(
        ledger.account_of(LedgerAccount.Kind.CREATOR_PAYABLE, currency, creator=creator)
    )
    earlier = find(request, creator=creator)
    if earlier is not None:
        return earlier
    _check_owed(amount_minor, payable, promised=promised_minor(creator, currency))
    payment, _ = find_or_write(request, creator=creator, actor=actor, now=now)
    payment.review_reasons = reasons_to_hold(payment)
    if payment.review_reasons:
        payment.save(update_fields=["review_reasons"])
    else:
        change_state(payment, PaymentState.READY, actor=None, now=now, verb="ready")
    return payment


def promised_minor(creator: Creator, currency: str) -> int:
    """What payouts that were not sent yet will take of what the creator is owed."""
    unsent = Payment.objects.filter(
        creator=creator, currency=currency, kind=PaymentKind.PAYOUT, state__in=UNSENT
    )
    return unsent.aggregate(total=Sum("amount_minor"))["total"] or 0


def reasons_to_hold(payment: Payment) -> list[str]:
    """Why a person should look before it is sent; empty if nothing speaks against it."""
    creator = payment.creator
    assert creator is not None
    reasons = []
    if creator.status in BLOCKED:
        reasons.append(f"The profile is {creator.get_status_display().lower()}.")
    if payment.amount_minor >= (large := to_minor(REVIEWED_FROM, payment.currency)):
        reasons.append(f"Payouts of {exact(large, payment.currency)} or more are looked at.")
    return reasons


@transaction.atomic
def submit_payout(*, payment: Payment, now: datetime) -> Payment:
    """Hand a ready payout to its provider; what the creator is owed falls in this moment.

    A payout that is no longer ready is left alone; one that something speaks against by now,
    such as a suspension or a clawback since, is held again.
    """
    locked = lock_payment(payment.pk)
    if locked.state != PaymentState.READY or locked.kind != PaymentKind.PAYOUT:
        return locked
    # What a person has released is not held again for what that person saw.
    reasons = [] if locked.released_by_id else reasons_to_hold(locked)
    # With the account outside, which the attempt takes next: reports lock the two in this order.
    payable, _ = ledger.lock_accounts(
        owner_account(locked), ledger.account_of(LedgerAccount.Kind.EXTERNAL, locked.currency)
    )
    if payable.balance_minor < locked.amount_minor:
        reasons.append("Less is owed now than when it was asked for.")
    elif payable.balance_minor - _frozen(locked) < locked.amount_minor:
        reasons.append("What it would pay out is in dispute.")
    if reasons:
        locked.review_reasons, locked.released_by = reasons, None
        change_state(
            locked, PaymentState.IN_REVIEW, actor=None, now=now, verb="held",
            reason=" ".join(reasons),
        )  # fmt: skip
        return locked
    start_attempt(locked, actor=None, now=now)
    change_state(locked, PaymentState.SUBMITTED, actor=None, now=now, verb="submitted")
    return locked


@transaction.atomic
def release_payout(*, payment: Payment, actor: User, now: datetime, reason: str) -> Payment:
    """A person lets a held payout go.

    :raises NotInThisPaymentState, ReasonRefused, OwnPayment: as named.
    """
    ensure_outsider(payment, actor)
    reason = checked_reason(reason)
    locked = _in(payment, PaymentState.IN_REVIEW)
    locked.released_by = actor
    change_state(locked, PaymentState.READY, actor=actor, now=now, verb="released", reason=reason)
    return locked


@transaction.atomic
def refuse_payout(*, payment: Payment, actor: User, now: datetime, reason: str) -> Payment:
    """A person refuses a held payout; the money stays owed. Raises as `release_payout`."""
    ensure_outsider(payment, actor)
    locked = _in(payment, PaymentState.IN_REVIEW)
    locked.refusal = checked_reason(reason)
    change_state(
        locked, PaymentState.REFUSED, actor=actor, now=now, verb="refused", reason=locked.refusal
    )
    return locked


@transaction.atomic
def cancel_payout(*, payment: Payment, actor: User, now: datetime) -> Payment:
    """The creator takes it back before it is sent. :raises NotInThisPaymentState: after."""
    locked = _in(payment, *UNSENT)
    change_state(locked, PaymentState.CANCELLED, actor=actor, now=now, verb="cancelled")
    return locked


@transaction.atomic
def retry_payment(*, payment: Payment, actor: User, now: datetime, reason: str) -> Payment:
    """Try a payout that failed or came back once more, as a new attempt.

    :raises NotOwedThatMuch: if the creator is owed less by now.
    :raises NotInThisPaymentState, ReasonRefused, OwnPayment: as named.
    """
    ensure_outsider(payment, actor)
    reason = checked_reason(reason)
    locked = _in(payment, PaymentState.FAILED, PaymentState.RETURNED)
    creator = locked.creator
    if creator is None:
        raise NotInThisPaymentState(
            f"{locked} is at its end. The money is where it was before; ask anew."
        )
    (payable,) = ledger.lock_accounts(owner_account(locked))
    _check_owed(locked.amount_minor, payable, promised=promised_minor(creator, locked.currency))
    locked.refusal = ""
    change_state(locked, PaymentState.READY, actor=actor, now=now, verb="retried", reason=reason)
    return locked


def _in(payment: Payment, *states: PaymentState) -> Payment:
    locked = lock_payment(payment.pk)
    if locked.kind == PaymentKind.DEPOSIT or locked.state not in states:
        allowed = " or ".join(state.label.lower() for state in states)
        raise NotInThisPaymentState(
            f"{locked} is {locked.get_state_display().lower()}; this is possible while it is "
            f"{allowed}.",
            details={"state": locked.state, "possible_in": [state.value for state in states]},
        )
    return locked


def _frozen(payment: Payment) -> int:
    assert payment.creator is not None
    return frozen_minor(payment.creator, payment.currency)


def _check_owed(amount_minor: int, payable: LedgerAccount, *, promised: int) -> None:
    creator = payable.creator
    assert creator is not None
    frozen = frozen_minor(creator, payable.currency)
    available = payable.balance_minor - promised - frozen
    if amount_minor > available:
        raise NotOwedThatMuch(
            f"{exact(max(available, 0), payable.currency)} can be paid out; "
            f"{exact(amount_minor, payable.currency)} were asked for."
            + (f" {exact(frozen, payable.currency)} are in dispute." if frozen else ""),
            details={"available_minor": available, "currency": payable.currency},
        )
