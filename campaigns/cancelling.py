"""Ending an active collaboration early, and what each side gets then.

A piece that was approved, published or verified is paid in full; one with a draft pays one
tenth; one without a draft pays nothing. What is not paid goes back to the brand, with the fee
on it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from campaigns import ledger
from campaigns.contracts import hold_of, wallet_of
from campaigns.delivering import payable_of
from campaigns.fees import fee_legs
from campaigns.freezing import thaw
from campaigns.ledger import Leg
from campaigns.models import Collaboration, Contract, Deliverable
from campaigns.moving import OTHER_SIDE, move
from campaigns.states import DELIVERABLE_LIVE, DeliverableState, Side

KILL_SHARE_PERCENT = 10
PAID_IN_FULL = (DeliverableState.APPROVED, DeliverableState.PUBLISHED, DeliverableState.VERIFIED)


@dataclass(frozen=True)
class Split:
    """How one piece's price and fee are divided; the three sum to both."""

    creator_minor: int
    fee_minor: int
    brand_minor: int


def split_of(deliverable: Deliverable, *, has_draft: bool) -> Split:
    """What cancelling now would pay for a piece that is not settled. Pure arithmetic."""
    price, fee = deliverable.price_minor, deliverable.fee_minor
    if deliverable.state in PAID_IN_FULL:
        return Split(price, fee, 0)
    if not has_draft:
        return Split(0, 0, price + fee)
    creator = price * KILL_SHARE_PERCENT // 100
    kept_fee = fee * KILL_SHARE_PERCENT // 100
    return Split(creator, kept_fee, price + fee - creator - kept_fee)


def ask_to_cancel(
    *, collaboration: Collaboration, side: Side, actor: User, now: datetime, reason: str
) -> Collaboration:
    """Ask the other side to end it; they have 72 hours. Raises as `moving.move`."""
    return move(
        collaboration, "ask_to_cancel", side=side, actor=actor, now=now, reason=reason,
        acting_side=OTHER_SIDE[side],
    )  # fmt: skip


@transaction.atomic
def agree_to_cancel(
    *, collaboration: Collaboration, side: Side, actor: User, now: datetime
) -> Collaboration:
    """Agree; the money is divided in the same moment. Raises as `moving.move`."""
    cancelled = move(collaboration, "agree_to_cancel", side=side, actor=actor, now=now)
    divide(cancelled, now=now)
    return cancelled


@transaction.atomic
def refuse_to_cancel(
    *, collaboration: Collaboration, side: Side, actor: User, now: datetime, reason: str
) -> Collaboration:
    """Go on, with the time that was left when cancelling was asked. Raises as `moving.move`."""
    active = move(collaboration, "refuse_to_cancel", side=side, actor=actor, now=now, reason=reason)
    thaw(active, now=now)
    return active


@transaction.atomic
def resume_by_silence(*, collaboration: Collaboration, now: datetime) -> Collaboration:
    """Nobody answered, but a draft was shown: work goes on as after a refusal."""
    active = move(
        collaboration, "resume_by_silence", side=Side.SYSTEM, actor=None, now=now,
        reason="The time to act ended.",
    )  # fmt: skip
    thaw(active, now=now)
    return active


@transaction.atomic
def cancel_by_silence(*, collaboration: Collaboration, now: datetime) -> Collaboration:
    """Nobody answered and no draft was shown."""
    cancelled = move(
        collaboration, "cancel_by_silence", side=Side.SYSTEM, actor=None, now=now,
        reason="The time to act ended.",
    )  # fmt: skip
    divide(cancelled, now=now)
    return cancelled


def divide(collaboration: Collaboration, *, now: datetime) -> None:
    """Empty the hold as the contract says, piece by piece, in one operation."""
    contract = Contract.objects.get(collaboration=collaboration)
    pieces = list(
        Deliverable.objects.select_for_update()
        .filter(collaboration=collaboration, state__in=DELIVERABLE_LIVE)
        .order_by("pk")
    )
    shown = set(
        Deliverable.objects.filter(pk__in=[one.pk for one in pieces], drafts__isnull=False)
        .values_list("pk", flat=True)
        .distinct()
    )
    splits = [split_of(one, has_draft=one.pk in shown) for one in pieces]
    pay_out_of_hold(
        collaboration,
        currency=contract.currency,
        creator_minor=sum(split.creator_minor for split in splits),
        fee_minor=sum(split.fee_minor for split in splits),
        brand_minor=sum(split.brand_minor for split in splits),
        kind="cancel",
        now=now,
    )
    keep_of_the_budget(collaboration, paid_now=sum(split.creator_minor for split in splits))
    Deliverable.objects.filter(pk__in=[one.pk for one in pieces]).update(
        state=DeliverableState.CANCELLED, acting_side="", deadline_at=None, updated_at=now
    )


def keep_of_the_budget(collaboration: Collaboration, *, paid_now: int) -> None:
    """What was paid stays taken of the campaign's budget; the rest is free again."""
    settled = collaboration.deliverables.filter(state=DeliverableState.SETTLED)
    paid = (settled.aggregate(total=Sum("price_minor"))["total"] or 0) + paid_now
    currency = Contract.objects.values_list("currency", flat=True).get(collaboration=collaboration)
    Collaboration.objects.filter(pk=collaboration.pk).update(
        earmark_minor=paid, earmark_currency=currency if paid else ""
    )


def pay_out_of_hold(
    collaboration: Collaboration,
    *,
    currency: str,
    creator_minor: int,
    fee_minor: int,
    brand_minor: int,
    kind: str,
    now: datetime,
    actor: User | None = None,
) -> None:
    """Divide what is set aside in one operation; nothing happens to an empty hold."""
    total = creator_minor + fee_minor + brand_minor
    if not total:
        return
    parts = (
        (payable_of(collaboration, currency), creator_minor),
        (wallet_of(collaboration, currency), brand_minor),
    )
    ledger.post_operation(
        operation_id=f"{kind}:{collaboration.pk}",
        kind=kind,
        legs=[
            Leg(hold_of(collaboration, currency), -total),
            *(Leg(account, amount) for account, amount in parts if amount),
            *fee_legs(collaboration.contract, fee_minor),
        ],
        actor=actor,
        now=now,
        description=f"{kind.capitalize()} of {collaboration}"[:200],
        collaboration=collaboration,
    )
