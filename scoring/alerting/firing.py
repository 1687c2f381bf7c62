"""From readings that changed to findings: a join, so that only matches ever leave the database.

A reading that moved from ``previous`` to ``value`` crosses the thresholds that lie between:
one range of the index of live versions, not a look at every rule.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from scoring.alerting.matching import IN_SCOPE, NOT_HIDDEN
from scoring.alerting.metrics import METRICS
from scoring.models import AlertVersion

MOST_PER_CHECK: Final = 1_000
"""Findings of one rule in one check; the rest is counted and left out. Nobody reads more."""
MOST_MATCHING: Final = 200
"""Of those who match already when a rule begins: the farthest beyond the threshold."""

# A look-up for each reading, which OFFSET 0 keeps from becoming a join: that would compare every
# reading with every rule of its series. The directions are branches, each a range of the index.
_CROSSED = """
SELECT crossed.id AS version_id, changed.*, false AS matched_already
FROM alert_changed changed CROSS JOIN LATERAL (
    SELECT version.id FROM scoring_alertversion version
    WHERE version.is_live AND version.series_id = changed.series_id AND version.direction = 'up'
      AND version.threshold > changed.previous AND version.threshold <= changed.value OFFSET 0
) crossed
WHERE changed.previous < changed.value
UNION ALL
SELECT crossed.id, changed.*, false
FROM alert_changed changed CROSS JOIN LATERAL (
    SELECT version.id FROM scoring_alertversion version
    WHERE version.is_live AND version.series_id = changed.series_id AND version.direction = 'down'
      AND version.threshold >= changed.value AND version.threshold < changed.previous OFFSET 0
) crossed
WHERE changed.previous > changed.value
UNION ALL
SELECT version.id, changed.*, false
FROM scoring_alertversion version
JOIN alert_changed changed ON changed.series_id = version.series_id AND changed.previous IS NULL
 AND changed.value >= version.threshold
JOIN accounts_socialaccount account
  ON account.id = changed.account_id AND account.created_at >= version.active_since
WHERE version.is_live AND version.direction = 'up' AND version.kind = 'entrant'
"""

_MATCHING = """
SELECT version.id AS version_id, reading.*, true AS matched_already
FROM scoring_alertversion version
JOIN scoring_alertseries series ON series.id = version.series_id
JOIN unnest(%(metrics)s::text[], %(stale)s::int[]) AS allowed(metric, stale)
  ON allowed.metric = series.metric
JOIN scoring_alertreading reading ON reading.series_id = version.series_id
 AND reading.value >= version.threshold AND reading.day >= %(today)s - allowed.stale
WHERE version.is_live AND version.include_matching AND version.first_checked_at IS NULL
  AND version.direction = 'up'
UNION ALL
SELECT version.id, reading.*, true
FROM scoring_alertversion version
JOIN scoring_alertseries series ON series.id = version.series_id
JOIN unnest(%(metrics)s::text[], %(stale)s::int[]) AS allowed(metric, stale)
  ON allowed.metric = series.metric
JOIN scoring_alertreading reading ON reading.series_id = version.series_id
 AND reading.value <= version.threshold AND reading.day >= %(today)s - allowed.stale
WHERE version.is_live AND version.include_matching AND version.first_checked_at IS NULL
  AND version.direction = 'down'
"""

_FIRE = f"""
WITH met AS ({{met}}), wanted AS (
    SELECT DISTINCT ON (version.rule_id, entry.creator_id)
           version.rule_id, met.*, rule.brand_id, entry.creator_id,
           abs(met.value - version.threshold) AS beyond
    FROM met
    JOIN scoring_alertversion version ON version.id = met.version_id
    JOIN scoring_alertrule rule ON rule.id = version.rule_id
    JOIN scoring_searchentry entry ON entry.account_id = met.account_id
    WHERE {IN_SCOPE} AND {NOT_HIDDEN.format(brand="rule.brand_id")}
      AND NOT EXISTS (
        SELECT 1 FROM scoring_alertfiring before
        WHERE before.rule_id = version.rule_id AND before.creator_id = entry.creator_id
          AND before.day > met.day - version.cooldown_days)
    ORDER BY version.rule_id, entry.creator_id, met.account_id
), placed AS (
    SELECT wanted.*, row_number() OVER (
        PARTITION BY rule_id ORDER BY beyond DESC, creator_id
    ) AS place
    FROM wanted
), fired AS (
    INSERT INTO scoring_alertfiring (
        rule_id, version_id, brand_id, creator_id, account_id, day, value, level, previous,
        previous_day, base, base_day, source, model_version, matched_already, fired_at)
    SELECT rule_id, version_id, brand_id, creator_id, account_id, day, value, level, previous,
           previous_day, base, base_day, source, model_version, matched_already, %(now)s
    FROM placed WHERE place <= %(most)s
    ON CONFLICT (rule_id, creator_id, day) DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM fired), (SELECT count(*) FROM placed WHERE place > %(most)s)
"""  # noqa: S608 (conditions of our own)


@dataclass(frozen=True)
class Fired:
    fired: int
    left_out: int


def fire_crossings(*, now: datetime) -> Fired:
    """Findings of the readings in ``alert_changed``. One statement."""
    return _fire(_CROSSED, most=MOST_PER_CHECK, now=now)


def fire_matching(*, now: datetime) -> Fired:
    """Who matches already, for versions no check has seen that ask for it; two statements.

    Whoever is left out by the limit was asked for by nobody: a rule begins with so many.
    """
    found = _fire(_MATCHING, most=MOST_MATCHING, now=now)
    AlertVersion.objects.filter(is_live=True, first_checked_at=None).update(first_checked_at=now)
    return found


def _fire(met: str, *, most: int, now: datetime) -> Fired:
    arguments: dict[str, Any] = {
        "now": now,
        "today": now.date(),
        "most": most,
        "metrics": list(METRICS),
        "stale": [metric.stale_days for metric in METRICS.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIRE.replace("{met}", met), arguments)
        return Fired(*cursor.fetchone())
