"""One check of 1,000 alerts over 100,000 creators: as a join, and rule by rule.

    python -m benchmarks.bench_alerts [--creators 100000] [--rules 1000] [--loop-rules 20]

On a PostgreSQL of its own. Simulated: an account for each creator with counts of three days a
week apart and one day apart (log-normal followers, normal daily change), rules of four shapes
spread over twenty brands, half of them with filters. Timed are the first check (no readings
yet), one after a new day of everybody, one a quarter of an hour later (rows are read again for
six hours), one with nothing new, and one after a new day of a hundredth. Beside them: the same
rules one by one, each reading what is beyond its threshold and comparing in Python (on
``--loop-rules`` of them, extrapolated), and a bare scan of the index of readings. Other work on
the machine slows all of them: the load averages before and after say how many cores it kept
busy. The last line of stdout is one JSON object.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.scratch_server import scratch_server

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BRANDS = 20
PEOPLE = """
INSERT INTO accounts_creator (display_name, status, is_simulated, created_at)
SELECT 'Creator ' || n, 'active', true, %(at)s FROM generate_series(1, %(creators)s) n;
INSERT INTO accounts_socialaccount (creator_id, platform, handle, full_name, bio, hashtags,
    declared_niches, country, handle_is_hash, created_at, updated_at)
SELECT id, (ARRAY['instagram', 'tiktok', 'youtube'])[1 + id %% 3], 'handle' || id, '', '', '{}',
    '{}', (ARRAY['Italy', 'Germany', 'Brazil', 'India'])[1 + id %% 4], false, %(at)s, %(at)s
FROM accounts_creator;
"""
# A fixed pseudo-random number for each account and day, so that every run has the same market.
COUNTS = """
INSERT INTO accounts_accountmetric (account_id, day, followers, engagement_rate, extra,
    provenance, recorded_at)
SELECT id, %(day)s,
    exp(8 + 1.8 * normal.z + 0.004 * normal.w * %(turn)s)::bigint,
    0.03 * exp(0.5 * normal.w + 0.004 * normal.z * %(turn)s), '{}', 'simulated', %(at)s
FROM accounts_socialaccount CROSS JOIN LATERAL (
    SELECT sqrt(-2 * ln(greatest(a, 1e-9))) * cos(2 * pi() * b) AS z,
           sqrt(-2 * ln(greatest(a, 1e-9))) * sin(2 * pi() * b) AS w
    FROM (SELECT (hashint8extended(id, 1) & 1048575) / 1048576.0 AS a,
                 (hashint8extended(id, 2) & 1048575) / 1048576.0 AS b) uniform
) normal WHERE id %% %(every)s = 0
"""
SCAN = "SELECT count(value) FROM scoring_alertreading WHERE series_id = ANY(%s)"


def fill(creators: int, rules: int) -> None:
    """The market and the rules, with facts of a week ago and of yesterday."""
    from django.db import connection, transaction

    from accounts.models import User
    from accounts.signup import complete_signup
    from scoring import entries
    from scoring.alerting import keeping

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"creators": creators, "at": NOW - timedelta(days=400)})
    add_day(-8, turn=0)
    add_day(-1, turn=1)
    entries.sync_entries()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    owners = [User.objects.create_user(f"o{n}@example.org", name=f"O{n}") for n in range(BRANDS)]
    brands = [
        complete_signup(user=one, name=one.name, side="brand", brand_name=one.name).brands.get()
        for one in owners
    ]
    keeping.MOST_RULES = rules  # type: ignore[misc]
    for place in range(rules):
        keeping.create_rule(
            brand=brands[place % BRANDS],
            name=f"Rule {place}",
            terms=terms_of(place, rules),
            channels=keeping.Channels(by_webhook=place % 4 == 0),
            actor=owners[place % BRANDS],
            now=NOW - timedelta(days=1),
        )


def terms_of(place: int, rules: int) -> Any:
    from scoring.alerting.terms import RuleTerms

    part = place / rules
    shape: dict[str, Any] = [
        {"kind": "threshold", "metric": "followers", "threshold": round(10 ** (3 + 2.5 * part))},
        {"kind": "threshold", "metric": "followers", "threshold": round(10 ** (3 + 2.5 * part)),
         "direction": "down"},
        {"kind": "change", "metric": "followers", "mode": "percent", "window_days": 7,
         "threshold": 2 + 8 * part},
        {"kind": "threshold", "metric": "engagement_rate", "threshold": round(1 + 9 * part, 3)},
    ][place % 4]  # fmt: skip
    if place % 2:
        shape |= {"platforms": ("tiktok",), "countries": ("Italy", "India")}
    return RuleTerms(**shape)


def add_day(offset: int, *, turn: int, every: int = 1) -> None:
    """Counts of one day of every so-manieth account, recorded on it."""
    from django.db import connection

    at = NOW + timedelta(days=offset) - timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"day": at.date(), "turn": turn, "at": at, "every": every})


def check(now: datetime) -> dict[str, Any]:
    """One check with its statements, their number and the longest."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from scoring.alerting.checking import check_alerts

    with CaptureQueriesContext(connection) as captured:
        report, seconds = timed(lambda: check_alerts(now=now))
    firing = [float(one["time"]) for one in captured if "fired AS" in one["sql"]]
    return {
        "seconds": seconds,
        "of_which_join_seconds": round(sum(firing), 3),
        "readings": report.readings,
        "fired": report.fired,
        "left_out": report.left_out,
        "statements": len(captured),
    }


def one_by_one(count: int, rules: int) -> dict[str, Any]:
    """What is beyond each rule's threshold, fetched and compared with what was before."""
    from scoring.models import AlertReading, AlertVersion, SearchEntry

    versions = list(AlertVersion.objects.filter(is_live=True).order_by("pk"))
    chosen = versions[:: max(1, len(versions) // count)][:count]

    def loop() -> int:
        met = 0
        for version in chosen:
            rises = version.direction == "up"
            beyond = {"value__gte" if rises else "value__lte": version.threshold}
            rows = AlertReading.objects.filter(series=version.series_id, **beyond)
            crossed = [
                account_id
                for account_id, previous in rows.values_list("account_id", "previous").iterator()
                if previous is not None
                and (previous < version.threshold if rises else previous > version.threshold)
            ]
            shown = SearchEntry.objects.filter(account__in=crossed, is_visible=True)
            if version.platforms:
                shown = shown.filter(
                    platform__in=version.platforms, country_key__in=version.country_keys
                )
            met += shown.count()
        return met

    met, seconds = timed(loop)
    return {
        "rules": len(chosen),
        "seconds": seconds,
        "matches": met,
        "extrapolated_seconds": round(seconds * rules / len(chosen), 1),
    }


def scan() -> dict[str, Any]:
    from django.db import connection

    from scoring.models import AlertReading, AlertSeries

    ids = list(AlertSeries.objects.values_list("pk", flat=True))

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(SCAN, [ids])
            cursor.fetchall()

    from django.db import transaction

    with transaction.atomic():
        _, seconds = timed(read)
    return {"readings": AlertReading.objects.count(), "series": len(ids), "seconds": seconds}


def plan() -> list[str]:
    """The nodes of the plan that read the rules and the changed readings, as it is chosen when
    every reading changed."""
    from django.db import connection, transaction

    from scoring.alerting.firing import fire_crossings

    explained: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "fired AS" not in sql:
            return execute(sql, params, many, context)
        execute("EXPLAIN (COSTS OFF) " + sql, params, many, context)
        explained.extend(row[0] for row in context["cursor"].fetchall())
        return execute("SELECT 0, 0", None, False, context)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE alert_changed ON COMMIT DROP AS SELECT account_id, series_id, "
            "value, day, previous, previous_day, level, base, base_day, source, model_version "
            "FROM scoring_alertreading"
        )
        cursor.execute("ANALYZE alert_changed")
        with connection.execute_wrapper(explain):
            fire_crossings(now=NOW)
    wanted = ("alert_changed", "scoring_alertversion", "Nested Loop", "Hash Join", "Merge Join")
    return [line.strip() for line in explained if any(one in line for one in wanted)]


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    found = act()
    return found, round(time.perf_counter() - started, 3)


def measure(creators: int, rules: int, loop_rules: int) -> dict[str, Any]:
    from django.db import connection

    busy = [round(os.getloadavg()[0], 1)]
    _, filled = timed(lambda: fill(creators, rules))
    print(f"filled in {filled:.0f} s", flush=True)
    checks: dict[str, dict[str, Any]] = {"first": check(NOW - timedelta(days=1))}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE scoring_alertreading")
    add_day(0, turn=2)
    checks["everybody_new"] = check(NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE scoring_alertreading")
    compared = {"one_by_one": one_by_one(loop_rules, rules), "bare_index_scan": scan()}
    chosen_plan = plan()
    checks["quarter_hour_later"] = check(NOW + timedelta(minutes=15))
    checks["nothing_new"] = check(NOW + timedelta(hours=7))
    add_day(1, turn=3, every=100)
    checks["a_hundredth_new"] = check(NOW + timedelta(days=1))
    for name, found in (*checks.items(), *compared.items()):
        print(f"{name}: {found}", flush=True)
    whole = checks["everybody_new"]["seconds"]
    looped = compared["one_by_one"]["extrapolated_seconds"]
    return {
        "creators": creators,
        "rules": rules,
        "checks": checks,
        **compared,
        "busy_cores_before_and_after": [*busy, round(os.getloadavg()[0], 1)],
        "plan": chosen_plan,
        "loop_over_check": round(looped / whole, 1),
        # The loop reads no facts, so the join alone is what it does instead.
        "loop_over_join": round(looped / checks["everybody_new"]["of_which_join_seconds"], 1),
        "check_over_bare_scan": round(whole / max(compared["bare_index_scan"]["seconds"], 1e-3), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--creators", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=1_000)
    parser.add_argument("--loop-rules", type=int, default=20)
    options = parser.parse_args()
    with scratch_server():
        found = measure(options.creators, options.rules, options.loop_rules)
    print(json.dumps({"benchmark": "alerts", **found}))


if __name__ == "__main__":
    main()
