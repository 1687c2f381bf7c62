"""Taking back what was paid for work that was taken down, and dividing what is in dispute."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Conflict
from accounts.models import User
from accounts.money import exact
from campaigns import ledger
from campaigns.cancelling import pay_out_of_hold
from campaigns.contracts import hold_of, wallet_of
from campaigns.delivering import payable_of
from campaigns.fees import fee_legs
from campaigns.ledger import Leg
from campaigns.models import Collaboration, Contract, Deliverable, Operation
from campaigns.moving import lock, record
from campaigns.payments.asking import AmountRefused, checked_reason
from campaigns.states import DeliverableState, Side, State


class NotPaid(Conflict):
    code = "not_paid"
    message = "Only a piece that was paid for can be clawed back."


class ShareRefused(AmountRefused):
    """The parts are not whole amounts that sum to what is set aside."""

    code = "share_refused"


@transaction.atomic
def claw_back(
    *, deliverable: Deliverable, amount_minor: int, reason: str, actor: User, now: datetime
) -> Operation:
    """Give the brand back what a creator was paid for a piece, with the fee on it.

    What the creator is owed may fall below zero; later settlements make up for it, and nothing
    is paid out until they have. Once per piece: the same again changes nothing.

    :raises NotPaid: if the piece was not settled.
    :raises AmountRefused: if the amount is not between one and the price.
    :raises OperationIdReused: if another amount was clawed back for it before.
    :raises ReasonRefused: without a reason; both sides read it.
    """
    reason = checked_reason(reason)
    collaboration = lock(deliverable.collaboration)
    piece = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if piece.state != DeliverableState.SETTLED:
        raise NotPaid
    currency = Contract.objects.values_list("currency", flat=True).get(collaboration=collaboration)
    if not is_amount(amount_minor) or not 0 < amount_minor <= piece.price_minor:
        raise AmountRefused(
            f"Claw back more than nothing and at most the price, "
            f"{exact(piece.price_minor, currency)}."
        )
    fee = piece.fee_minor * amount_minor // piece.price_minor
    operation_id = f"clawback:{piece.pk}"
    is_new = not Operation.objects.filter(operation_id=operation_id).exists()
    legs = (
        Leg(payable_of(collaboration, currency), -amount_minor),
        *fee_legs(collaboration.contract, -fee),
        Leg(wallet_of(collaboration, currency), amount_minor + fee),
    )
    operation = ledger.post_operation(
        operation_id=operation_id,
        kind="clawback",
        legs=[leg for leg in legs if leg.amount_minor],
        actor=actor,
        now=now,
        description=f"Taken back: {piece}"[:200],
        collaboration=collaboration,
    )
    if is_new:
        record(
            collaboration, "claw_back", side=Side.MODERATOR, actor=actor, now=now,
            before=State(collaboration.state), reason=reason,
            data={
                "deliverable": piece.position, "amount_minor": amount_minor, "fee_minor": fee,
                "currency": currency,
            },
        )  # fmt: skip
    return operation


@transaction.atomic
def split_hold(
    *,
    collaboration: Collaboration,
    creator_minor: int,
    fee_minor: int,
    brand_minor: int,
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    """Divide all that is set aside for a collaboration in dispute, as a person decided.

    The decision's service calls it in the transaction that ends the dispute.

    :raises NotPaid: if the collaboration is not in dispute.
    :raises ShareRefused: unless the parts are whole, not negative, and sum to the hold.
    """
    reason = checked_reason(reason)
    locked = lock(collaboration)
    if locked.state != State.DISPUTED:
        raise NotPaid("Only what is in dispute is divided by a decision.")
    currency = Contract.objects.values_list("currency", flat=True).get(collaboration=locked)
    (hold,) = ledger.lock_accounts(hold_of(locked, currency))
    parts = (creator_minor, fee_minor, brand_minor)
    if not all(is_amount(part) and part >= 0 for part in parts):
        raise ShareRefused("Each part is a whole number of minor units, zero or more.")
    if sum(parts) != hold.balance_minor:
        raise ShareRefused(
            f"The parts sum to {exact(sum(parts), currency)}; "
            f"{exact(hold.balance_minor, currency)} are set aside.",
            details={"set_aside_minor": hold.balance_minor, "currency": currency},
        )
    pay_out_of_hold(
        locked, currency=currency, creator_minor=creator_minor, fee_minor=fee_minor,
        brand_minor=brand_minor, kind="split", now=now, actor=actor,
    )  # fmt: skip
    record(
        locked, "split", side=Side.MODERATOR, actor=actor, now=now, before=State.DISPUTED,
        reason=reason,
        data={
            "creator_minor": creator_minor, "fee_minor": fee_minor, "brand_minor": brand_minor,
            "currency": currency,
        },
    )  # fmt: skip


def is_amount(value: object) -> bool:
    """Whether it is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)
