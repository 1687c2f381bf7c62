"""Taking what is due, and writing down how it went.

A claim is committed before anything is sent, and moves the next attempt beyond the time this
one may take. So no two workers send the same delivery at once, and one whose worker was killed,
before or after sending, falls due again: at least once, under the same id.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.models import OutboxDelivery
from accounts.notifying.backoff import wait_after

State = OutboxDelivery.State
ERROR_CHARACTERS = 700
LARGEST_DIGEST = 200


@transaction.atomic(durable=True)
def claim_next(*, now: datetime, without_endpoints: Collection[int] = ()) -> OutboxDelivery | None:
    """The delivery that has been due the longest, digests aside. Two queries."""
    delivery = (
        OutboxDelivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("event", "user", "endpoint")
        .filter(state=State.PENDING, is_digest=False, next_attempt_at__lte=now)
        .filter(Q(endpoint__isnull=True) | Q(endpoint__is_active=True))
        .exclude(endpoint__in=without_endpoints)
        .order_by("next_attempt_at", "pk")
        .first()
    )
    if delivery is not None:
        _postpone([delivery], now=now)
    return delivery


@transaction.atomic(durable=True)
def claim_digest(*, now: datetime) -> list[OutboxDelivery]:
    """All that goes to one user in the digest that is due, oldest first; empty if none is.

    What was claimed together before, and then not marked, is claimed together again, so that
    the mail has the same id.
    """
    due = OutboxDelivery.objects.filter(
        state=State.PENDING, is_digest=True, next_attempt_at__lte=now
    )
    first = (
        due.select_for_update(skip_locked=True).order_by("next_attempt_at", "user", "pk").first()
    )
    if first is None:
        return []
    rows = (
        due.filter(user=first.user_id, batch=first.batch)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("event", "user")
    )
    deliveries = list(rows.order_by("pk")[:LARGEST_DIGEST])
    if first.batch is None:
        batch = uuid.uuid4()
        for delivery in deliveries:
            delivery.batch = batch
    _postpone(deliveries, now=now)
    return deliveries


def mark_delivered(
    deliveries: Collection[OutboxDelivery], *, now: datetime, status_code: int | None = None
) -> None:
    _pending(deliveries).update(
        state=State.DELIVERED, delivered_at=now, next_attempt_at=None, last_error="",
        status_code=status_code,
    )  # fmt: skip


def mark_failed(
    deliveries: Collection[OutboxDelivery], *, error: str, status_code: int | None = None
) -> None:
    """Note why; the claim has set the next attempt, unless that would come too late."""
    rows = _pending(deliveries)
    error = error.replace("\0", "")[:ERROR_CHARACTERS]
    rows.update(last_error=error, status_code=status_code)
    rows.filter(next_attempt_at__gte=F("give_up_at")).update(
        state=State.FAILED, next_attempt_at=None
    )


def mark_dropped(deliveries: Collection[OutboxDelivery], *, why: str) -> None:
    """Nobody wants it any more, so it is not tried again."""
    _pending(deliveries).update(state=State.DROPPED, next_attempt_at=None, last_error=why)


def _pending(deliveries: Collection[OutboxDelivery]) -> QuerySet[OutboxDelivery]:
    return OutboxDelivery.objects.filter(
        pk__in=[delivery.pk for delivery in deliveries], state=State.PENDING
    )


def _postpone(deliveries: Collection[OutboxDelivery], *, now: datetime) -> None:
    # All rows of a digest wait equally long, or they would not be claimed together again.
    wait = wait_after(max(delivery.attempts for delivery in deliveries) + 1)
    for delivery in deliveries:
        delivery.attempts += 1
        delivery.next_attempt_at = now + wait
    OutboxDelivery.objects.bulk_update(deliveries, ["attempts", "next_attempt_at", "batch"])
