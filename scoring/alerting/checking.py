"""One check of all rules: readings, findings and what is to be told, in one transaction."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from scoring.alerting.firing import fire_crossings, fire_matching
from scoring.alerting.syncing import forget_unwatched, live_series, newest_ids, sync_readings
from scoring.alerting.telling import tell_findings
from scoring.models import AlertCheck, AlertVersion

KEPT: Final = timedelta(days=90)
_LOCK: Final = "scoring.alerting"


@dataclass(frozen=True)
class CheckReport:
    """``ran`` is false where another check was at work: that one sees what this would have."""

    ran: bool
    rules: int = 0
    readings: int = 0
    fired: int = 0
    left_out: int = 0
    seconds: float = 0.0


@transaction.atomic
def check_alerts(*, now: datetime) -> CheckReport:
    """Read what is new, fire what it met, and write what is to be told.

    The number of statements grows with the metrics that are watched, at most eight, and not
    with rules, creators or findings. All or nothing: a check that was killed left nothing, and
    one that is run again adds nothing.
    """
    started = time.perf_counter()
    if not _locked():
        return CheckReport(ran=False)
    # Read first: what is committed meanwhile is new to the next check.
    ids = newest_ids()
    forget_unwatched()
    series = live_series()
    readings = sync_readings(series=series, now=now)
    crossed = fire_crossings(now=now)
    matching = fire_matching(now=now)
    fired = crossed.fired + matching.fired
    if fired:
        tell_findings(now=now)
    report = CheckReport(
        ran=True,
        rules=AlertVersion.objects.filter(is_live=True).count(),
        readings=readings,
        fired=fired,
        left_out=crossed.left_out,
        seconds=round(time.perf_counter() - started, 3),
    )
    _note(report, ids=ids, now=now)
    return report


def _note(report: CheckReport, *, ids: dict[str, int], now: datetime) -> None:
    AlertCheck.objects.filter(at__lt=now - KEPT).delete()
    AlertCheck.objects.update_or_create(
        at=now,
        defaults={
            "seen_ids": ids,
            "rules": report.rules,
            "readings": report.readings,
            "fired": report.fired,
            "left_out": report.left_out,
            "seconds": report.seconds,
        },
    )


def _locked() -> bool:
    """Take the lock until the transaction ends. Whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        return bool(cursor.fetchone()[0])
