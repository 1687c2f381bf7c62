"""Which runs are kept: all of the last weeks, and the last of every month before."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from scoring.models import MarketValue, ValuationDraft, ValuationRun

KEEP_ALL: Final = timedelta(days=35)
UNFINISHED_FOR: Final = timedelta(days=1)


@transaction.atomic
def thin_runs(*, now: datetime) -> int:
    """Delete runs as of more than `KEEP_ALL` ago but for the last of each calendar month (UTC),
    and those that were begun more than `UNFINISHED_FOR` ago and never ended; how many."""
    complete = ValuationRun.objects.filter(completed_at__isnull=False)
    last_of_month = {
        (as_of.year, as_of.month): pk
        for pk, as_of in complete.order_by("as_of", "pk").values_list("pk", "as_of")
    }
    old = complete.filter(as_of__lt=now - KEEP_ALL).exclude(pk__in=last_of_month.values())
    stale = ValuationRun.objects.filter(completed_at=None, created_at__lt=now - UNFINISHED_FOR)
    gone = [*old.values_list("pk", flat=True), *stale.values_list("pk", flat=True)]
    # One statement for each table: a collector would read a million rows first.
    for model in (MarketValue, ValuationDraft):
        rows = model._default_manager.filter(run_id__in=gone)
        rows._raw_delete(rows.db)
    ValuationRun.objects.filter(pk__in=gone).delete()
    return len(gone)
