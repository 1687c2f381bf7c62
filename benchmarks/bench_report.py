"""What a campaign's report costs beside the bare SQL that reads the same rows.

    python -m benchmarks.bench_report [--collaborations 500] [--repeat 7]

Works in a scratch database. One collaboration is taken through its life by the services; the
others are copies of its rows, made by SQL. The bare reading fetches the same rows with the same
aggregates and builds nothing of them. The last line of stdout is one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from campaigns.models import Campaign

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

COPY = """
WITH creators AS (
    INSERT INTO accounts_creator (display_name, status, is_simulated, created_at)
    SELECT 'Creator ' || number, 'active', false, now()
    FROM generate_series(1, %(count)s) AS number RETURNING id
)
INSERT INTO campaigns_collaboration ({columns})
SELECT {values} FROM campaigns_collaboration one CROSS JOIN creators WHERE one.id = %(one)s
"""
BARE = (
    """SELECT collaboration.id, collaboration.state, creator.display_name, creator.is_simulated,
        contract.total_minor, contract.fee_minor, contract.currency, offer.terms
    FROM campaigns_collaboration collaboration
    JOIN accounts_creator creator ON creator.id = collaboration.creator_id
    JOIN campaigns_contract contract ON contract.collaboration_id = collaboration.id
    JOIN campaigns_offer offer ON offer.id = contract.offer_id
    WHERE collaboration.campaign_id = %s""",
    """SELECT piece.*, publication.published_at, publication.url
    FROM campaigns_deliverable piece
    JOIN campaigns_collaboration collaboration ON collaboration.id = piece.collaboration_id
    LEFT JOIN campaigns_publication publication ON publication.deliverable_id = piece.id
    WHERE collaboration.campaign_id = %s""",
    """SELECT point.deliverable_id, point.horizon, point.state, seen.provenance, seen.views,
        seen.likes, seen.comments, seen.shares, seen.saves, seen.reach, seen.impressions,
        seen.clicks
    FROM campaigns_collectionpoint point
    LEFT JOIN campaigns_observation seen ON seen.id = point.observation_id
    JOIN campaigns_deliverable piece ON piece.id = point.deliverable_id
    JOIN campaigns_collaboration collaboration ON collaboration.id = piece.collaboration_id
    WHERE collaboration.campaign_id = %s""",
    """SELECT operation.collaboration_id, account.kind, sum(posting.amount_minor)
    FROM campaigns_posting posting
    JOIN campaigns_operation operation ON operation.id = posting.operation_id
    JOIN campaigns_ledgeraccount account ON account.id = posting.account_id
    JOIN campaigns_collaboration collaboration ON collaboration.id = operation.collaboration_id
    WHERE collaboration.campaign_id = %s
        AND account.kind IN ('creator_payable', 'platform_fee', 'tax')
    GROUP BY 1, 2""",
)


def columns_of(table: str) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND column_name <> 'id' AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def copy_rows(table: str, key: str, to: str, **changes: str) -> None:
    """Copies of the row(s) of the first collaboration, one for every other: ``to`` is SQL."""
    from django.db import connection

    names = columns_of(table)
    values = ", ".join(changes.get(name, f"one.{name}") for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {to}")


def fill(campaign: "Campaign", first: int, count: int) -> None:
    """The rows of one collaboration, ``count`` times more. Triggers rest while they are copied."""
    from django.db import connection, transaction

    names = columns_of("campaigns_collaboration")
    values = ", ".join("creators.id" if name == "creator_id" else f"one.{name}" for name in names)
    others = f"(SELECT id FROM campaigns_collaboration WHERE id <> {first}) other"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            COPY.format(columns=", ".join(names), values=values), {"count": count, "one": first}
        )
        own = f"one CROSS JOIN {others} WHERE one.collaboration_id = {first}"
        copy_rows(
            "campaigns_contract", "id", f"campaigns_contract {own}", collaboration_id="other.id",
            # The copies share the offer's terms; its key is unique and references nothing here.
            offer_id="other.id + 1000000",
        )  # fmt: skip
        cursor.execute(
            f"INSERT INTO campaigns_offer (id, {', '.join(columns_of('campaigns_offer'))}) SELECT"
            " contract.offer_id, "
            + ", ".join(
                "contract.collaboration_id" if name == "collaboration_id" else f"one.{name}"
                for name in columns_of("campaigns_offer")
            )
            + f" FROM campaigns_offer one, campaigns_contract contract WHERE one.collaboration_id ="
            f" {first} AND contract.collaboration_id <> {first}"
        )
        copy_rows(
            "campaigns_deliverable", "id", f"campaigns_deliverable {own}",
            collaboration_id="other.id",
        )  # fmt: skip
        pieces = (
            "(SELECT piece.id, source.id AS from_id FROM campaigns_deliverable piece JOIN"
            " campaigns_deliverable source ON source.position = piece.position AND"
            f" source.collaboration_id = {first} WHERE piece.collaboration_id <> {first}) piece"
            " ON piece.from_id = one.deliverable_id"
        )
        for table in ("campaigns_publication", "campaigns_observation"):
            copy_rows(table, "id", f"{table} one JOIN {pieces}", deliverable_id="piece.id")
        copy_rows(
            "campaigns_collectionpoint", "id",
            f"campaigns_collectionpoint one JOIN {pieces} JOIN campaigns_observation seen ON"
            " seen.deliverable_id = piece.id AND seen.observed_at = one.observed_at",
            deliverable_id="piece.id", observation_id="seen.id",
        )  # fmt: skip
        copy_rows(
            "campaigns_operation", "id", f"campaigns_operation {own} AND one.kind = 'settle'",
            collaboration_id="other.id",
            operation_id="one.operation_id || ':' || other.id",
        )  # fmt: skip
        copy_rows(
            "campaigns_posting", "id",
            "campaigns_posting one JOIN campaigns_operation source ON source.id = one.operation_id"
            f" AND source.collaboration_id = {first} JOIN campaigns_operation other ON"
            " other.operation_id LIKE source.operation_id || ':%'",
            operation_id="other.id",
        )  # fmt: skip
        cursor.execute("ANALYZE")


def live_one() -> "Campaign":
    """A collaboration, published, paid and looked at five times."""
    from benchmarks.bench_ledger import active_collaboration
    from campaigns import delivering
    from campaigns.results.collecting import collect_results
    from campaigns.states import Side

    collaboration, owner = active_collaboration()
    maker = collaboration.creator.user
    assert maker is not None
    for piece in collaboration.deliverables.all():
        one = delivering.submit_draft(deliverable=piece, text="Cut", link="", actor=maker, now=NOW)
        delivering.approve(deliverable=one, side=Side.BRAND, actor=owner, now=NOW)
        delivering.publish(
            deliverable=one, url=f"https://example.org/{one.pk}", caption="#ad", actor=maker,
            now=NOW,
        )  # fmt: skip
        delivering.verify(deliverable=one, side=Side.BRAND, actor=owner, now=NOW)
    for hours in (1, 24, 72, 168, 720):
        collect_results(now=NOW + timedelta(hours=hours))
    fill_from = collaboration.pk
    campaign = collaboration.campaign
    campaign.first_collaboration = fill_from  # type: ignore[attr-defined]
    return campaign


def bare(campaign_id: int) -> int:
    from django.db import connection

    from campaigns.results.reading import SEEN

    rows = 0
    with connection.cursor() as cursor:
        for sql in BARE:
            cursor.execute(sql, [campaign_id])
            rows += len(cursor.fetchall())
        cursor.execute(
            "SELECT piece.id FROM campaigns_deliverable piece JOIN campaigns_collaboration own"
            " ON own.id = piece.collaboration_id WHERE own.campaign_id = %s",
            [campaign_id],
        )
        cursor.execute(SEEN, [[pk for (pk,) in cursor.fetchall()]])
        rows += len(cursor.fetchall())
    return rows


def median_ms(act: Callable[[], object], repeat: int) -> float:
    act()
    taken = []
    for _ in range(repeat):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(taken), 1)


def measure(collaborations: int, repeat: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from campaigns.results.report import get_report
    from campaigns.results.report_csv import report_csv

    campaign = live_one()
    at = NOW + timedelta(days=40)
    with CaptureQueriesContext(connection) as few:
        get_report(campaign, now=at)
    fill(campaign, campaign.first_collaboration, collaborations - 1)  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as many:
        report = get_report(campaign, now=at)
    assert len(report.lines) == collaborations
    rows = bare(campaign.pk)
    sql_ms = median_ms(lambda: bare(campaign.pk), repeat)
    report_ms = median_ms(lambda: get_report(campaign, now=at), repeat)
    return {
        "collaborations": collaborations,
        "rows": rows,
        "queries": {"one": len(few), "all": len(many)},
        "bare_sql_ms": sql_ms,
        "report_ms": report_ms,
        "report_over_sql": round(report_ms / sql_ms, 2),
        "csv_ms": median_ms(lambda: report_csv(report), repeat),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--collaborations", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from benchmarks.scratch import scratch_database

    with scratch_database():
        report = {"benchmark": "report", **measure(options.collaborations, options.repeat)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
