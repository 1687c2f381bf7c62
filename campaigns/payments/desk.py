"""What the finance desk may decide about a payment, and who at the desk may not."""

from typing import Final

from django.db.models import TextChoices

from accounts.errors import Forbidden
from accounts.models import User
from campaigns.models import Payment
from campaigns.payment_states import AttemptStatus, PaymentKind, PaymentState
from campaigns.payments.providers.manual import ManualProvider


class OwnPayment(Forbidden):
    code = "own_payment"
    message = "This is a payment of your own; somebody else must decide about it."


class Step(TextChoices):
    RELEASE = "release", "Let it go: it is sent to the provider"
    REFUSE = "refuse", "Refuse it: the money stays owed"
    RETRY = "retry", "Try it once more, as a new attempt"
    MARK_SUCCEEDED = "succeeded", "The bank has done it"
    MARK_FAILED = "failed", "The bank could not do it"
    MARK_RETURNED = "returned", "The money came back"


MARKS: Final = {
    Step.MARK_SUCCEEDED: AttemptStatus.SUCCEEDED,
    Step.MARK_FAILED: AttemptStatus.FAILED,
    Step.MARK_RETURNED: AttemptStatus.RETURNED,
}
"""Steps by which a person reports for the manual provider."""


def ensure_outsider(payment: Payment, actor: User) -> None:
    """:raises OwnPayment: if the actor asked for it, or it is theirs or their brand's."""
    if payment.requested_by_id == actor.pk or _belongs_to(payment, actor):
        raise OwnPayment


def list_steps(payment: Payment) -> list[Step]:
    """What can be decided about it now. One query for payments a person carries out."""
    steps = []
    if payment.state == PaymentState.IN_REVIEW:
        steps += [Step.RELEASE, Step.REFUSE]
    undone = payment.state in (PaymentState.FAILED, PaymentState.RETURNED)
    if undone and payment.kind == PaymentKind.PAYOUT:
        steps.append(Step.RETRY)
    if payment.provider == ManualProvider.name and payment.attempts.exists():
        if payment.state == PaymentState.SUBMITTED:
            steps += [Step.MARK_SUCCEEDED, Step.MARK_FAILED]
        elif payment.state in (PaymentState.RECEIVED, PaymentState.PAID):
            steps.append(Step.MARK_RETURNED)
    return steps


def _belongs_to(payment: Payment, user: User) -> bool:
    if payment.kind == PaymentKind.PAYOUT:
        return payment.creator is not None and payment.creator.user_id == user.pk
    return payment.brand is not None and payment.brand.memberships.filter(user=user).exists()
