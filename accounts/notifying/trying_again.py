"""A person has deliveries tried again that failed or wait for their turn."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts import audit, queue
from accounts.errors import Forbidden
from accounts.models import OutboxDelivery, User
from accounts.notifying.backoff import GIVE_UP_AFTER

State = OutboxDelivery.State


@transaction.atomic
def try_again(*, delivery_ids: Collection[int], actor: User, now: datetime) -> int:
    """Try them now, and for three more days; how many. Delivered ones are left alone.

    One that a worker is just sending may arrive twice, with the same id.

    :raises Forbidden: for all but staff.
    """
    if not actor.is_staff:
        raise Forbidden
    rows = OutboxDelivery.objects.select_for_update().filter(
        pk__in=delivery_ids, state__in=[State.PENDING, State.FAILED]
    )
    found = list(rows.order_by("pk"))
    OutboxDelivery.objects.filter(pk__in=[row.pk for row in found]).update(
        state=State.PENDING, next_attempt_at=now, give_up_at=now + GIVE_UP_AFTER
    )
    for row in found:
        audit.record(actor=actor, verb="delivery.tried_again", subject=row)
    queue.deliver_outbox()
    return len(found)
