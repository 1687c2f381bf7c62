"""Readings kept in step with facts and scores: a few whole statements, however many there are.

A reading is a function of what is recorded. ``previous`` is the last reading of an earlier day
that a check has seen, so that what was missed while no check ran is still a crossing.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from scoring.alerting.metrics import METRICS, TOLERATED_DAYS, TOLERATED_SHARE, Metric
from scoring.alerting.sources import FACTS, TABLES, TOUCHED
from scoring.models import AlertCheck, AlertReading, AlertSeries

LOOKBACK: Final = timedelta(hours=6)
"""Rows are read again for so long: a transaction that began earlier may commit them late."""

# Dropped first: a transaction may hold several checks, as tests do.
CHANGED: Final = """
DROP TABLE IF EXISTS pg_temp.alert_changed;
CREATE TEMPORARY TABLE alert_changed (
    account_id bigint, series_id bigint, value float8, day date, previous float8,
    previous_day date, level float8, base float8, base_day date, source bigint,
    model_version text
) ON COMMIT DROP
"""

# The newest fact of each account, then, for every series with a window, the one a change is
# counted from. Look-ups and no joins of the two, which are never planned for as many rows as they
# have; so what it costs is what is new. A previous reading or a new one
# beyond the metric's age is left out here, so that no rule needs to know.
_SYNC: Final = """
WITH series AS (
    SELECT id, key, mode, window_days FROM scoring_alertseries WHERE id = ANY(%(series)s)
), touched AS (
    SELECT id AS account_id FROM accounts_socialaccount WHERE %(all)s
    UNION SELECT account_id FROM ({touched}) new WHERE NOT %(all)s
), newest AS MATERIALIZED (
    SELECT touched.account_id, asked.key, fact.value, fact.day, fact.id, fact.model_version
    FROM touched CROSS JOIN (SELECT DISTINCT key FROM series) asked
    CROSS JOIN LATERAL (
        SELECT value, day, id, model_version FROM ({facts}) facts
        WHERE facts.account_id = touched.account_id AND facts.key = asked.key
          AND facts.day <= %(today)s AND facts.recorded_at <= %(now)s
        ORDER BY facts.day DESC, facts.recorded_at DESC, facts.id DESC LIMIT 1
    ) fact WHERE fact.value IS NOT NULL
), read AS (
    SELECT newest.account_id, series.id AS series_id,
           CASE series.mode
               WHEN 'level' THEN newest.value
               WHEN 'absolute' THEN newest.value - base.value
               WHEN 'percent' THEN 100 * (newest.value - base.value) / nullif(base.value, 0)
           END AS value,
           newest.day, newest.value AS level, base.value AS base, base.day AS base_day,
           newest.id AS source, newest.model_version
    FROM newest JOIN series ON series.key = newest.key
    LEFT JOIN LATERAL (
        SELECT value, day FROM ({facts}) facts
        WHERE series.window_days > 0
          AND facts.account_id = newest.account_id AND facts.key = newest.key
          AND facts.day <= newest.day - series.window_days
          AND facts.day >= newest.day - series.window_days
                           - greatest({least}, series.window_days / {share})
          AND facts.recorded_at <= %(now)s
        ORDER BY facts.day DESC, facts.recorded_at DESC, facts.id DESC LIMIT 1
    ) base ON true
), written AS (
    INSERT INTO scoring_alertreading AS old (
        account_id, series_id, value, day, level, base, base_day, source, model_version)
    SELECT account_id, series_id, value, day, level, base, base_day, source, model_version
    FROM read WHERE value IS NOT NULL
    ORDER BY account_id, series_id
    ON CONFLICT (account_id, series_id) DO UPDATE SET
        previous = CASE WHEN excluded.day > old.day THEN old.value ELSE old.previous END,
        previous_day = CASE WHEN excluded.day > old.day THEN old.day ELSE old.previous_day END,
        value = excluded.value, day = excluded.day, level = excluded.level,
        base = excluded.base, base_day = excluded.base_day, source = excluded.source,
        model_version = excluded.model_version
    WHERE excluded.day >= old.day AND (old.day, old.value) IS DISTINCT FROM
                                      (excluded.day, excluded.value)
    RETURNING *
)
INSERT INTO alert_changed
SELECT account_id, series_id, value, day,
       CASE WHEN previous_day >= day - %(stale)s THEN previous END,
       CASE WHEN previous_day >= day - %(stale)s THEN previous_day END,
       level, base, base_day, source, model_version
FROM written WHERE day >= %(today)s - %(stale)s
"""


def live_series() -> list[AlertSeries]:
    """Those some rule watches now. One query."""
    return list(AlertSeries.objects.filter(versions__is_live=True).distinct().order_by("pk"))


def forget_unwatched() -> None:
    """Readings nobody watches: who watches again begins anew. Two statements."""
    idle = AlertSeries.objects.exclude(synced_at=None).exclude(versions__is_live=True)
    ids = list(idle.values_list("pk", flat=True))
    AlertReading.objects.filter(series_id__in=ids).delete()
    AlertSeries.objects.filter(pk__in=ids).update(synced_at=None)


def sync_readings(*, series: Sequence[AlertSeries], now: datetime) -> int:
    """Bring the readings of the series up to date, the new ones also in ``alert_changed``.

    One statement for each metric, whatever the rules and creators. Inside a transaction.
    """
    by_metric: dict[str, list[AlertSeries]] = {}
    for one in series:
        by_metric.setdefault(one.metric, []).append(one)
    seen = _seen_ids(now=now)
    changed = 0
    with connection.cursor() as cursor:
        cursor.execute(CHANGED)
        for name, watched in sorted(by_metric.items()):
            cursor.execute(sync_statement(name), _arguments(METRICS[name], watched, seen, now=now))
            changed += cursor.rowcount
        cursor.execute("ANALYZE alert_changed")
    AlertSeries.objects.filter(pk__in=[one.pk for one in series]).update(synced_at=now)
    return changed


def sync_statement(metric: str) -> str:
    return _SYNC.format(
        facts=FACTS[metric], touched=TOUCHED[metric], least=TOLERATED_DAYS, share=TOLERATED_SHARE
    )


def newest_ids() -> dict[str, int]:
    """Table → its last row by now, for the next check to begin from. One query."""
    parts = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" for table in TABLES)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


def _seen_ids(*, now: datetime) -> dict[str, int]:
    before = AlertCheck.objects.filter(at__lte=now - LOOKBACK).order_by("-at").first()
    seen: Mapping[str, int] = before.seen_ids if before else {}
    return {table: int(seen.get(table, 0)) for table in TABLES}


def _arguments(
    metric: Metric, series: Sequence[AlertSeries], seen: Mapping[str, int], *, now: datetime
) -> dict[str, Any]:
    return {
        "series": [one.pk for one in series],
        "keys": sorted({one.key for one in series}),
        # A series that is new has no readings of anybody.
        "all": any(one.synced_at is None for one in series),
        "seen": json.dumps(seen),
        "today": now.date(),
        "now": now,
        "stale": metric.stale_days,
    }
