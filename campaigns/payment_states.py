"""What can happen to a deposit, a withdrawal and a payout, and to each attempt at one.

A payment is what somebody asked for; an attempt is one time a provider was told to do it. What
providers report has a rank, and an attempt only rises: a report that comes late, twice or out of
order changes nothing, so the same set of reports leads to the same books in every order.
"""

from typing import Final

from django.db.models import TextChoices


class PaymentKind(TextChoices):
    DEPOSIT = "deposit", "Deposit"
    WITHDRAWAL = "withdrawal", "Withdrawal"
    PAYOUT = "payout", "Payout"


class PaymentState(TextChoices):
    REQUESTED = "requested", "Asked for"
    IN_REVIEW = "in_review", "Held for review"
    READY = "ready", "Ready to be sent"
    SUBMITTED = "submitted", "With the provider"
    RECEIVED = "received", "Received"
    PAID = "paid", "Paid"
    FAILED = "failed", "Failed"
    RETURNED = "returned", "Returned"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"


_S = PaymentState
DEPOSIT_STATES: Final = (_S.REQUESTED, _S.SUBMITTED, _S.RECEIVED, _S.FAILED, _S.RETURNED)
OUTGOING_STATES: Final = (
    _S.IN_REVIEW, _S.READY, _S.SUBMITTED, _S.PAID, _S.FAILED, _S.RETURNED, _S.REFUSED,
    _S.CANCELLED,
)  # fmt: skip
UNSENT: Final = (_S.IN_REVIEW, _S.READY)
"""A payout in these is promised of what the creator is owed, but has not left it."""

PAYMENT_MOVES: Final[dict[PaymentState, tuple[PaymentState, ...]]] = {
    # Reports may come before the answer to our own request, so a deposit can skip `submitted`.
    _S.REQUESTED: (_S.SUBMITTED, _S.RECEIVED, _S.FAILED, _S.RETURNED),
    _S.IN_REVIEW: (_S.READY, _S.REFUSED, _S.CANCELLED),
    _S.READY: (_S.IN_REVIEW, _S.SUBMITTED, _S.CANCELLED),
    _S.SUBMITTED: (_S.RECEIVED, _S.PAID, _S.FAILED, _S.RETURNED),
    _S.RECEIVED: (_S.FAILED, _S.RETURNED),
    _S.PAID: (_S.FAILED, _S.RETURNED),
    # Back to `ready` is a new attempt, asked for by a person.
    _S.FAILED: (_S.RETURNED, _S.READY),
    _S.RETURNED: (_S.READY,),
}
PAYMENT_ALLOWED: Final = tuple(
    sorted({(source.value, to.value) for source, goals in PAYMENT_MOVES.items() for to in goals})
)


class AttemptStatus(TextChoices):
    """In rising rank; the last two mean that the money is not, or no longer, there."""

    INTENDED = "intended", "To be sent"
    ACCEPTED = "accepted", "Accepted by the provider"
    SUCCEEDED = "succeeded", "Money moved"
    FAILED = "failed", "Failed"
    RETURNED = "returned", "Money came back"


RANK: Final[dict[str, int]] = {status.value: rank for rank, status in enumerate(AttemptStatus)}
UNDONE: Final = (AttemptStatus.FAILED, AttemptStatus.RETURNED)
REPORTED: Final = tuple(status for status in AttemptStatus if status != AttemptStatus.INTENDED)
ATTEMPT_ALLOWED: Final = tuple(
    (low.value, high.value)
    for low in AttemptStatus
    for high in AttemptStatus
    if RANK[low] < RANK[high]
)


def state_for(kind: str, status: str) -> PaymentState:
    """What a payment's state is when its latest attempt has this status."""
    incoming = kind == PaymentKind.DEPOSIT
    return {
        AttemptStatus.INTENDED: _S.REQUESTED if incoming else _S.SUBMITTED,
        AttemptStatus.ACCEPTED: _S.SUBMITTED,
        AttemptStatus.SUCCEEDED: _S.RECEIVED if incoming else _S.PAID,
        AttemptStatus.FAILED: _S.FAILED,
        AttemptStatus.RETURNED: _S.RETURNED,
    }[AttemptStatus(status)]
