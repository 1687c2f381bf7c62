"""Lists of 100,000 collaborations: the first page against the ten-thousandth.

    python -m benchmarks.bench_collaboration_lists [--rows 100000] [--repeat 60]

Works in a scratch database with three lists of that many rows each: a brand's (spread over its
campaigns), a creator's and a campaign's; ten to a page, so that page 10,000 exists. Rows are
written by SQL with the triggers off, as they would have left them; none has work under way, so
a page asks two of its four questions here. A page is `list_collaborations`; the bare SELECT is
the page's ids alone, by the same index. First, deep and bare pages are read in turn, and the
quickest tenth of each counts: other work on the machine should not. The last line of stdout is
one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.collaboration_list import Filters

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = 10
CAMPAIGNS = 200
CREATORS = 1_000
# States in the shares of a market some years old; what needs somebody follows from them.
FILL = """
INSERT INTO campaigns_collaboration (campaign_id, brand_id, creator_id, state, started_by,
    acting_side, deadline_at, stood_still, earmark_minor, earmark_currency, brand_acts,
    creator_acts, due_at, created_at, updated_at)
SELECT made.campaign, made.brand, made.creator, made.state, 'brand', made.acting, made.due,
    interval '0',
    CASE WHEN made.state = 'negotiating' THEN 50000 ELSE 0 END,
    CASE WHEN made.state = 'negotiating' THEN 'EUR' ELSE '' END,
    made.acting = 'brand', made.acting = 'creator', made.due, made.at, made.at
FROM (
    SELECT (%(campaigns)s::bigint[])[1 + number %% array_length(%(campaigns)s::bigint[], 1)]
            AS campaign,
        (%(brands)s::bigint[])[1 + number %% array_length(%(brands)s::bigint[], 1)] AS brand,
        (%(creators)s::bigint[])[1 + (number / 200) %% array_length(%(creators)s::bigint[], 1)]
            AS creator,
        kind.state, kind.acting,
        CASE WHEN kind.acting <> '' THEN %(now)s + number * interval '1 second' END AS due,
        %(now)s - number * interval '37 seconds' AS at
    FROM generate_series(0, %(rows)s - 1) AS number
    JOIN (VALUES (0, 'declined', ''), (1, 'closed', ''), (2, 'expired', ''), (3, 'closed', ''),
        (4, 'cancelled', ''), (5, 'withdrawn', ''), (6, 'rejected', ''), (7, 'settled', ''),
        (8, 'negotiating', 'brand'), (9, 'negotiating', 'creator')
    ) AS kind (place, state, acting)
        ON kind.place = CASE WHEN number %% %(live)s = 0
            THEN 8 + (number / %(live)s) %% 2 ELSE number %% 8 END
) AS made
"""
BARE = """
SELECT id FROM campaigns_collaboration WHERE {column} = %s AND (updated_at, id) < (%s, %s)
ORDER BY updated_at DESC, id DESC LIMIT 11
"""


def people() -> "tuple[User, User, User]":
    """The owners of two brands, and a creator."""
    from accounts.models import User
    from accounts.signup import complete_signup

    def person(name: str) -> User:
        return User.objects.create_user(f"{name}@example.org", name=name)

    return (
        complete_signup(user=person("many"), name="Many", side="brand", brand_name="Many"),
        complete_signup(user=person("one"), name="One", side="brand", brand_name="One"),
        complete_signup(user=person("maker"), name="Maker", side="creator"),
    )


def fill(rows: int) -> "dict[str, tuple[User, Filters, str, int]]":
    """The three lists by name: who reads, by which filter, the index's column and its value."""
    from accounts.models import Brand, Creator
    from campaigns.collaboration_list import Filters
    from campaigns.models import Campaign

    many, one, maker = people()
    brands = Brand.objects.bulk_create(Brand(name=f"Brand {n}") for n in range(20))
    creators = Creator.objects.bulk_create(
        Creator(display_name=f"Creator {n}") for n in range(CREATORS)
    )

    def campaigns(brand: Brand, count: int) -> list[Campaign]:
        return Campaign.objects.bulk_create(
            Campaign(brand=brand, title=f"Campaign {n} of {brand}") for n in range(count)
        )

    of_many = campaigns(many.brands.get(), CAMPAIGNS)
    [of_one] = campaigns(one.brands.get(), 1)
    others = [campaign for brand in brands for campaign in campaigns(brand, 10)]
    # One in so many is live, as few as let no creator be live twice in one campaign.
    _insert(rows, of_many, creators, live=50)
    _insert(rows, [of_one], creators, live=250)
    _insert(rows, others, [maker.creator], live=501)
    return {
        "brand": (many, Filters(), "brand_id", many.brands.get().pk),
        "campaign": (one, Filters(campaign_id=of_one.pk), "campaign_id", of_one.pk),
        "creator": (maker, Filters(), "creator_id", maker.creator.pk),
    }


def _insert(rows: int, campaigns: list[Any], creators: list[Any], *, live: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            FILL,
            {
                "rows": rows,
                "live": live,
                "now": NOW,
                "campaigns": [campaign.pk for campaign in campaigns],
                "brands": [campaign.brand_id for campaign in campaigns],
                "creators": [creator.pk for creator in creators],
            },
        )


def place_before(column: str, value: int, skipped: int) -> tuple[datetime, int]:
    """The row after which the page begins that so many rows precede."""
    from campaigns.models import Collaboration

    rows = Collaboration.objects.filter(**{column: value}).order_by("-updated_at", "-pk")
    return rows.values_list("updated_at", "pk")[skipped - 1]


def timed(acts: dict[str, Callable[[], object]], repeat: int) -> dict[str, list[float]]:
    """Milliseconds of each, read in turn; the first three turns only warm up."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(repeat + 3):
        for name, act in acts.items():
            started = time.perf_counter()
            act()
            if turn >= 3:
                taken[name].append((time.perf_counter() - started) * 1000)
    return taken


def fastest(taken: dict[str, list[float]]) -> dict[str, float]:
    """The quickest tenth of each: what it takes while nothing else runs on the machine."""
    return {name: round(statistics.quantiles(times, n=10)[0], 3) for name, times in taken.items()}


def measure_list(
    user: "User", filters: "Filters", column: str, value: int, *, rows: int, repeat: int
) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from campaigns.collaboration_list import Cursor, list_collaborations, sides_of

    deep = rows // PAGE - 1  # pages before the deepest that is full
    at, pk = place_before(column, value, deep * PAGE)
    cursor, sides = Cursor(at, pk).encode(), sides_of(user)
    bare_sql = BARE.format(column=column)

    def read(cursor: str) -> int:
        page = list_collaborations(user, filters, now=NOW, size=PAGE, cursor=cursor, sides=sides)
        assert len(page.rows) == PAGE
        return len(page.rows)

    def bare(at: datetime, pk: int) -> None:
        with connection.cursor() as handle:
            handle.execute(bare_sql, [value, at, pk])
            handle.fetchall()

    taken = timed(
        {
            "first_ms": lambda: read(""),
            "deep_ms": lambda: read(cursor),
            "bare_first_ms": lambda: bare(NOW + timedelta(days=1), 0),
            "bare_deep_ms": lambda: bare(at, pk),
        },
        repeat,
    )
    found = fastest(taken)
    with CaptureQueriesContext(connection) as captured:
        read(cursor)
    return {
        "pages": deep + 1,
        **found,
        "median_first_ms": round(statistics.median(taken["first_ms"]), 3),
        "median_deep_ms": round(statistics.median(taken["deep_ms"]), 3),
        "deep_over_first": round(found["deep_ms"] / found["first_ms"], 2),
        "first_over_bare": round(found["first_ms"] / found["bare_first_ms"], 1),
        "queries": len(captured),
    }


def measure_filters(user: "User", *, repeat: int) -> dict[str, float]:
    """The first page of each view of the brand's list, and counting what needs it."""
    from campaigns.collaboration_list import (
        Filters,
        count_collaborations,
        list_collaborations,
        sides_of,
    )
    from campaigns.states import Stage

    sides, plain = sides_of(user), Filters()
    late = NOW + timedelta(minutes=10)

    def first(filters: Filters) -> Callable[[], object]:
        return lambda: list_collaborations(user, filters, now=late, size=PAGE, sides=sides)

    needing = replace(plain, needs_me=True)
    acts: dict[str, Callable[[], object]] = {
        "needs_me_ms": first(needing),
        "talks_ms": first(replace(plain, stage=Stage.TALKS)),
        "running_of_none_ms": first(replace(plain, stage=Stage.RUNNING)),
        "overdue_ms": first(replace(plain, overdue=True)),
        "count_needing_ms": lambda: count_collaborations(user, needing, now=late, sides=sides),
        "count_all_ms": lambda: count_collaborations(user, plain, now=late, sides=sides),
    }
    return fastest(timed(acts, repeat))


def measure(rows: int, repeat: int) -> dict[str, Any]:
    from django.db import connection

    started = time.perf_counter()
    lists = fill(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
    found = {}
    for name, (user, filters, column, value) in lists.items():
        found[name] = measure_list(user, filters, column, value, rows=rows, repeat=repeat)
        print(f"{name}: {found[name]}", flush=True)
    return {
        "rows_per_list": rows,
        "rows": 3 * rows,
        "page_size": PAGE,
        "lists": found,
        "brand_views": measure_filters(lists["brand"][0], repeat=repeat),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000, help="In each of the three lists.")
    parser.add_argument("--repeat", type=int, default=60)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from benchmarks.scratch import scratch_database

    with scratch_database():
        report = {"benchmark": "collaboration_lists", **measure(options.rows, options.repeat)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
