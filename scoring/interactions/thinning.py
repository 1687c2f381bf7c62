"""Forgetting what nobody learns from any more: impressions of more than a year ago.

What followed from them stays, with the position where the creator stood. The database lets
nothing else of the log be deleted, but together with the brand it is about.
"""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

import pgtrigger

from scoring.models import InteractionEvent
from scoring.models.interactions import IMPRESSIONS_KEPT_DAYS

_BATCH: Final = 10_000


def thin_impressions(*, now: datetime, batch: int = _BATCH) -> int:
    """Delete old impressions, the oldest first, a batch at a time; how many."""
    # An hour later than the trigger's line, since the database's clock may differ from ours.
    before = now - timedelta(days=IMPRESSIONS_KEPT_DAYS, hours=1)
    old = InteractionEvent.objects.filter(kind=InteractionEvent.Kind.IMPRESSION, at__lt=before)
    deleted = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:batch]):
        deleted += InteractionEvent.objects.filter(pk__in=ids)._raw_delete(using="default")
    return deleted


def deleting_brands() -> AbstractContextManager[None]:
    """Within it a brand is deleted with its events, which last as long as the brand.

    Call it in a transaction: the permission ends with the block.
    """
    return pgtrigger.ignore("scoring.InteractionEvent:interaction_keep")
