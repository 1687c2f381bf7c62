"""What was told long ago is forgotten, so that the outbox stays as small as what is on its way."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts.models import OutboxDelivery, OutboxEvent

CHUNK = 2_000


def clean_outbox(*, now: datetime) -> int:
    """Delete events older than ``OUTBOX_KEPT_DAYS`` of which nothing is on its way; how many.

    In chunks, each a transaction of its own; cut short, the next night goes on.
    """
    before = now - timedelta(days=settings.OUTBOX_KEPT_DAYS)
    on_its_way = OutboxDelivery.objects.filter(
        event=OuterRef("pk"), state=OutboxDelivery.State.PENDING
    )
    old = OutboxEvent.objects.filter(
        ~Exists(on_its_way), created_at__lt=before, spread_at__isnull=False
    )
    deleted = 0
    while ids := list(old.order_by("created_at").values_list("pk", flat=True)[:CHUNK]):
        OutboxEvent.objects.filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted
