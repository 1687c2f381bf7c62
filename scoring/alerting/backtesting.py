"""What a rule would have fired on in the past, with the definition that checks use.

The days of a window are replayed from dated facts and scores: the last recording of a day is
that day's reading, the one before it the previous, and the cooldown holds as it would have.
A fact counts from the day it is about. Who belongs to the scope is judged by today's facts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import OperationalError, connection, transaction

from accounts.errors import DomainError
from accounts.models import Brand, Platform
from scoring.alerting.matching import IN_SCOPE, NOT_HIDDEN
from scoring.alerting.metrics import tolerance
from scoring.alerting.sources import FACTS
from scoring.alerting.terms import RuleTerms

DAYS: Final = 90
MOST_DAYS: Final = 365
EXAMPLES: Final = 20
MANY: Final = 1_000
LATE_AFTER: Final = 2
TIMEOUT_MS: Final = 15_000
_CANCELED: Final = "57014"


class BacktestTooWide(DomainError):
    code = "backtest_too_wide"
    http_status = 422
    message = (
        "This would take longer than 15 seconds to work out. Narrow the rule, or ask for fewer "
        "days, and try again."
    )


@dataclass(frozen=True)
class Example:
    """One thing the rule would have fired on; ``base`` is what a change was counted from."""

    creator_id: int
    name: str
    is_simulated: bool
    handle: str
    platform: str
    day: date
    value: float
    level: float
    previous: float | None
    base: float | None

    @property
    def platform_label(self) -> str:
        return Platform(self.platform).label


@dataclass(frozen=True)
class Backtest:
    """``known_days`` of ``days`` have any reading in the scope; ``readings`` are account-days.

    ``late`` of them were recorded more than `LATE_AFTER` days after their day: the rule would
    have learned of them later than is counted here. ``weeks`` begin on their first day.
    ``matching_now`` would be told at once if the rule asked for those who match already.
    """

    first_day: date
    last_day: date
    fired: int
    creators: int
    most_on_a_day: int
    weeks: list[tuple[date, int]]
    examples: list[Example]
    known_days: int
    first_known: date | None
    accounts_in_scope: int
    accounts_known: int
    readings: int
    late: int
    matching_now: int

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def warnings(self) -> list[str]:
        """What speaks against the rule as it is, in sentences."""
        if not self.accounts_in_scope:
            return ["Nobody passes the filters now, so the rule cannot fire."]
        if not self.known_days:
            return ["Nothing is known of this metric in these days, so nothing can be said."]
        found = []
        is_known = self.known_days >= self.days / 2
        if not self.fired and is_known:
            found.append("It would never have fired: the threshold may be out of reach.")
        if self.fired >= MANY or self.most_on_a_day >= MANY:
            found.append(
                f"It would have fired {self.fired:,} times: nobody reads that many. Raise the "
                "threshold, narrow whom it is about, or lengthen the pause after a finding."
            )
        if not is_known:
            found.append(
                f"Readings are known for {self.known_days} of {self.days} days only, so this "
                "says little."
            )
        if self.late:
            found.append(
                f"{self.late:,} of {self.readings:,} readings were recorded more than "
                f"{LATE_AFTER} days after their day: you would have been told later."
            )
        return found


_BACKTEST: Final = f"""
WITH RECURSIVE version AS (
    SELECT %(platforms)s::text[] AS platforms, %(niches)s::text[] AS niches,
           %(country_keys)s::text[] AS country_keys, %(min_followers)s::bigint AS min_followers,
           %(max_followers)s::bigint AS max_followers, %(scope)s::text AS scope,
           %(shortlist_id)s::bigint AS shortlist_id, %(creator_ids)s::bigint[] AS creator_ids
), scoped AS MATERIALIZED (
    SELECT entry.account_id, entry.creator_id, account.created_at
    FROM version CROSS JOIN scoring_searchentry entry
    JOIN accounts_socialaccount account ON account.id = entry.account_id
    WHERE {IN_SCOPE} AND {NOT_HIDDEN.format(brand="%(brand)s")}
), daily AS (
    SELECT DISTINCT ON (scoped.account_id, fact.day)
           scoped.account_id, fact.day, fact.value, fact.recorded_at,
           fact.day - DATE '1970-01-01' AS place
    FROM scoped JOIN (@facts@) fact ON fact.account_id = scoped.account_id
    WHERE fact.key = %(key)s AND fact.value IS NOT NULL AND fact.recorded_at <= %(now)s
      AND fact.day BETWEEN %(from)s AND %(last)s
    ORDER BY scoped.account_id, fact.day, fact.recorded_at DESC, fact.id DESC
), counted AS (
    SELECT account_id, day, recorded_at, value AS level,
           last_value(value) OVER before AS base
    FROM daily WINDOW before AS (
        PARTITION BY account_id ORDER BY place
        RANGE BETWEEN %(oldest)s PRECEDING AND %(window)s PRECEDING)
), readings AS MATERIALIZED (
    SELECT *, lag(value) OVER days AS previous, lag(day) OVER days AS previous_day
    FROM (
        SELECT *, CASE %(mode)s::text
                      WHEN 'level' THEN level
                      WHEN 'absolute' THEN level - base
                      WHEN 'percent' THEN 100 * (level - base) / nullif(base, 0)
                  END AS value
        FROM counted
    ) valued WHERE value IS NOT NULL
    WINDOW days AS (PARTITION BY account_id ORDER BY day)
), met AS MATERIALIZED (
    SELECT DISTINCT ON (scoped.creator_id, readings.day)
           scoped.creator_id, readings.account_id, readings.day, readings.value,
           readings.level, readings.previous,
           CASE WHEN %(mode)s <> 'level' THEN readings.base END AS base
    FROM readings JOIN scoped USING (account_id)
    WHERE readings.day >= %(first)s AND (
        (readings.previous_day >= readings.day - %(stale)s AND CASE %(direction)s::text
            WHEN 'up' THEN readings.previous < %(threshold)s AND readings.value >= %(threshold)s
            ELSE readings.previous > %(threshold)s AND readings.value <= %(threshold)s END)
        OR (%(kind)s = 'entrant' AND readings.value >= %(threshold)s
            AND (readings.previous_day IS NULL
                 OR readings.previous_day < readings.day - %(stale)s)
            AND scoped.created_at >= %(since)s))
    ORDER BY scoped.creator_id, readings.day, readings.account_id
), fired AS (
    SELECT first.* FROM (
        SELECT DISTINCT ON (creator_id) * FROM met ORDER BY creator_id, day
    ) first
    UNION ALL
    SELECT next.* FROM (
        SELECT DISTINCT ON (met.creator_id) met.*
        FROM fired JOIN met ON met.creator_id = fired.creator_id
                           AND met.day >= fired.day + %(cooldown)s
        ORDER BY met.creator_id, met.day
    ) next
)
SELECT (SELECT count(*) FROM fired),
       (SELECT count(DISTINCT creator_id) FROM fired),
       (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM fired GROUP BY day) of_day),
       (SELECT coalesce(json_object_agg(week, n), '{{}}') FROM (
           SELECT (day - %(first)s::date) / 7 AS week, count(*) AS n FROM fired GROUP BY week
       ) of_week),
       (SELECT coalesce(json_agg(row_to_json(shown)), '[]') FROM (
           SELECT fired.creator_id, creator.display_name AS name, creator.is_simulated,
                  account.handle, account.platform, fired.day, fired.value, fired.level,
                  fired.previous, fired.base
           FROM fired JOIN accounts_creator creator ON creator.id = fired.creator_id
           JOIN accounts_socialaccount account ON account.id = fired.account_id
           ORDER BY fired.day DESC, fired.creator_id LIMIT %(examples)s
       ) shown),
       (SELECT count(DISTINCT day) FROM readings WHERE day >= %(first)s),
       (SELECT min(day) FROM readings WHERE day >= %(first)s),
       (SELECT count(*) FROM scoped),
       (SELECT count(DISTINCT account_id) FROM readings),
       (SELECT count(*) FROM readings WHERE day >= %(first)s),
       (SELECT count(*) FROM readings WHERE day >= %(first)s
           AND (recorded_at AT TIME ZONE 'UTC')::date > day + %(late)s),
       (SELECT count(*) FROM (
           SELECT DISTINCT ON (account_id) value, day FROM readings ORDER BY account_id, day DESC
       ) newest
       WHERE CASE %(direction)s::text WHEN 'up' THEN value >= %(threshold)s
                                ELSE value <= %(threshold)s END
         AND day >= %(last)s::date - %(stale)s)
"""  # noqa: S608 (conditions of our own)


def backtest(
    *, brand: Brand, terms: RuleTerms, now: datetime, days: int = DAYS, examples: int = EXAMPLES
) -> Backtest:
    """Replay the last ``days`` days, today included. One statement, of 15 seconds at most.

    :param terms: as `RuleTerms.checked` left them.
    :raises BacktestTooWide: if it takes longer.
    """
    last = now.date()
    first = last - timedelta(days=days - 1)
    row = _run(_arguments(brand, terms, first=first, last=last, now=now, examples=examples), terms)
    weeks, found = row[3], row[4]
    return Backtest(
        first_day=first,
        last_day=last,
        fired=row[0],
        creators=row[1],
        most_on_a_day=row[2],
        weeks=[
            (first + timedelta(days=7 * week), weeks.get(str(week), 0))
            for week in range((days + 6) // 7)
        ],
        examples=[Example(**{**one, "day": date.fromisoformat(one["day"])}) for one in found],
        known_days=row[5],
        first_known=row[6],
        accounts_in_scope=row[7],
        accounts_known=row[8],
        readings=row[9],
        late=row[10],
        matching_now=row[11],
    )


def _run(arguments: dict[str, Any], terms: RuleTerms) -> tuple[Any, ...]:
    statement = _BACKTEST.replace("@facts@", FACTS[terms.of.name])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(TIMEOUT_MS)])
            cursor.execute(statement, arguments)
            row: tuple[Any, ...] = cursor.fetchone()
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
            return row
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) == _CANCELED:
            raise BacktestTooWide from error
        raise


def _arguments(
    brand: Brand, terms: RuleTerms, *, first: date, last: date, now: datetime, examples: int
) -> dict[str, Any]:
    metric, fields = terms.of, terms.fields()
    window = terms.window_days or 0 if terms.series_mode != "level" else 0
    oldest = window + tolerance(window) if window else 0
    return {
        **fields,
        "brand": brand.pk,
        "key": terms.key,
        "keys": [terms.key],
        "mode": terms.series_mode,
        "window": window,
        "oldest": oldest,
        "cooldown": terms.cooldown_days,
        "stale": metric.stale_days,
        # Far enough back for the reading before the first one of the window.
        "from": first - timedelta(days=metric.stale_days + oldest),
        "first": first,
        "last": last,
        "since": datetime.combine(first, datetime.min.time(), tzinfo=now.tzinfo),
        "now": now,
        "examples": examples,
        "late": LATE_AFTER,
    }
