"""A month of all niches, beside the bare aggregate and beside pandas.

    python -m benchmarks.bench_niche_reports [--rows 200000] [--repeats 3]

Two catalogues in a database of the benchmark's own. Real: the creators, niches, hashtags,
followers and engagement of ../shared/data/creators.csv.gz, each counted once. Generated: real
creators chosen at random until there are --rows, each counted in two months with a growth drawn
from a normal distribution. The bare aggregate counts creators and takes three medians per niche
and platform, without intervals, concentration, changes, tests or hashtags; pandas reads the same
rows and does the same. Without the file: generated creators of 112 niches. The last line of stdout
is one JSON object.
"""

import argparse
import csv
import gzip
import io
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "creators.csv.gz"
NOW = datetime(2026, 4, 2, 5, tzinfo=UTC)
SEED = 7
BARE = """
SELECT niche, platform, count(DISTINCT creator_id),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY followers),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY rate),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY growth)
FROM (
    SELECT entry.account_id, entry.creator_id, entry.platform, entry.niches,
           max(metric.followers) FILTER (WHERE day >= '2026-03-01') AS followers,
           max(metric.engagement_rate) FILTER (WHERE day >= '2026-03-01') AS rate,
           max(metric.followers) FILTER (WHERE day >= '2026-03-01')::float8
               / nullif(max(metric.followers) FILTER (WHERE day < '2026-03-01'), 0) AS growth
    FROM scoring_searchentry entry JOIN accounts_accountmetric metric USING (account_id)
    WHERE day BETWEEN '2026-01-01' AND '2026-03-31'
    GROUP BY entry.id
) each CROSS JOIN LATERAL unnest(niches) niche GROUP BY niche, platform
"""


def read_real() -> tuple[pd.DataFrame, str]:
    if not SHARED.exists():
        chance = np.random.default_rng(SEED)
        made = {
            "platform": chance.choice(["instagram", "tiktok"], 26_771),
            "niches": [f"niche-{place}" for place in chance.integers(0, 112, 26_771)],
            "hashtags": [f"tag-{place}" for place in chance.integers(0, 5_000, 26_771)],
            "followers": chance.lognormal(10, 1.5, 26_771).round(),
            "rate": chance.lognormal(-3.5, 0.8, 26_771),
        }
        return pd.DataFrame(made), "generated creators of 112 niches (no ../shared)"
    with gzip.open(SHARED, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = {
        "platform": [row["platform"].lower() for row in rows],
        "niches": [row["niches"] for row in rows],
        "hashtags": [row["hashtags"] for row in rows],
        "followers": pd.to_numeric([row["followers"] for row in rows], errors="coerce"),
        "rate": pd.to_numeric([row["engagement_rate"] for row in rows], errors="coerce"),
    }
    return pd.DataFrame(read), SHARED.name


def enlarge(real: pd.DataFrame, rows: int) -> pd.DataFrame:
    chance = np.random.default_rng(SEED)
    frame = real.iloc[chance.integers(0, len(real), rows)].reset_index(drop=True)
    return frame.assign(growth=chance.normal(0.02, 0.05, rows))


def fill(frame: pd.DataFrame) -> None:
    """Creators with one account each, their search rows, and one or two dated counts."""
    from django.db import connection

    count = len(frame)
    metrics = [(frame, "2026-03-28", frame["followers"], frame["rate"])]
    if "growth" in frame:
        before = (frame["followers"] / (1 + frame["growth"])).round()
        metrics.append((frame, "2026-02-26", before, frame["rate"]))
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE accounts_creator, accounts_socialaccount, accounts_accountmetric, "
            "scoring_searchentry, scoring_nichereport, scoring_nichemonth CASCADE"
        )
        cursor.execute(
            "INSERT INTO accounts_creator (id, display_name, status, is_simulated, created_at) "
            "SELECT n, 'Creator ' || n, 'active', false, '2026-01-01' "
            "FROM generate_series(1, %s) n", [count],
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO accounts_socialaccount (id, creator_id, platform, handle, full_name, bio, "
            "hashtags, declared_niches, country, handle_is_hash, created_at, updated_at) "
            "SELECT n, n, platform, 'h' || n, '', '', string_to_array(tags, ';'), '{}', '', false, "
            "'2026-01-01', now() "
            "FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS a(platform, tags, n)",
            [frame["platform"].tolist(), frame["hashtags"].tolist()],
        )
        cursor.execute(
            "INSERT INTO scoring_searchentry (account_id, creator_id, platform, country, "
            "country_key, language, language_basis, is_visible, audience_countries, niches, "
            "risk_level, price_currency, sample_key, updated_at) SELECT n, n, platform, '', '', "
            "'', '', true, '{}', string_to_array(niches, ';'), '', '', random(), now() "
            "FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS a(platform, niches, n)",
            [frame["platform"].tolist(), frame["niches"].tolist()],
        )
        for _, day, followers, rates in metrics:
            lines = io.StringIO()
            for place, (size, rate) in enumerate(zip(followers, rates, strict=True), start=1):
                size_cell = "" if np.isnan(size) else int(size)
                rate_cell = "" if np.isnan(rate) else rate
                lines.write(f"{place},{day},{size_cell},{rate_cell},{{}},imported,{day}\n")
            lines.seek(0)
            cursor.copy_expert(
                "COPY accounts_accountmetric (account_id, day, followers, engagement_rate, extra, "
                "provenance, recorded_at) FROM STDIN WITH (FORMAT csv)", lines,
            )  # fmt: skip
        cursor.execute(
            "VACUUM ANALYZE accounts_creator, accounts_socialaccount, accounts_accountmetric, "
            "scoring_searchentry"
        )


def with_pandas() -> int:
    """The same rows, read from the database and grouped here."""
    from django.db import connection

    def read(columns: str, table: str) -> pd.DataFrame:
        out = io.StringIO()
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY (SELECT {columns} FROM {table}) TO STDOUT CSV HEADER", out)
        out.seek(0)
        return pd.read_csv(out)

    entries = read(
        "account_id, creator_id, platform, array_to_string(niches, ';') AS niches",
        "scoring_searchentry",
    )
    metrics = read("account_id, day, followers, engagement_rate", "accounts_accountmetric")
    march = metrics[metrics["day"] >= "2026-03-01"].set_index("account_id")
    earlier = metrics[metrics["day"] < "2026-03-01"].set_index("account_id")
    facts = entries.join(march[["followers", "engagement_rate"]], on="account_id")
    facts["growth"] = facts["followers"] / facts["account_id"].map(earlier["followers"])
    facts["niche"] = facts["niches"].fillna("").str.split(";")
    grouped = facts.explode("niche").groupby(["niche", "platform"])
    found = grouped.agg(
        creators=("creator_id", "nunique"),
        followers=("followers", "median"),
        rate=("engagement_rate", "median"),
        growth=("growth", "median"),
    )
    return len(found)


def bare() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BARE)
        return len(cursor.fetchall())


def ours() -> int:
    from scoring.niche_reports.computing import compute_month
    from scoring.niche_reports.months import Month

    return len(compute_month(Month.parse("2026-03"), is_simulated=False, as_of=NOW).rows)


def measure(frame: pd.DataFrame, repeats: int) -> dict[str, Any]:
    """Medians of seconds; the three take turns, so that the machine's load is shared."""
    from scoring.niche_reports.months import Month
    from scoring.niche_reports.writing import write_month

    fill(frame)
    works: dict[str, Callable[[], int]] = {"ours": ours, "bare_sql": bare, "pandas": with_pandas}
    seconds: dict[str, list[float]] = {name: [] for name in works}
    rows: dict[str, int] = {}
    for _ in range(repeats):
        for name, work in works.items():
            started = time.perf_counter()
            rows[name] = work()
            seconds[name].append(time.perf_counter() - started)
    started = time.perf_counter()
    [written] = write_month(month=Month.parse("2026-03"), now=NOW, kinds=(False,))
    whole = time.perf_counter() - started
    medians = {name: round(statistics.median(values), 2) for name, values in seconds.items()}
    return {
        "accounts": len(frame),
        "niches": written.report.niches,
        "rows_written": rows["ours"],
        "seconds": medians | {"computed_and_written": round(whole, 2)},
        "ratio_to_bare_sql": round(medians["ours"] / medians["bare_sql"], 2),
        "ratio_to_pandas": round(medians["ours"] / medians["pandas"], 2),
        "largest_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def check_calls(months: int = 200, niches: int = 112) -> dict[str, float]:
    """How often intervals held the median, and what was called, on simulated niches.

    10 to 300 accounts each, growth skewed (lognormal less its median) with a spread of 5 % around
    a median that is zero in three quarters of the niches and 1.5 % a month in the others.
    """
    from scoring.niche_reports.estimates import Estimate, call_trends, interval_ranks, sign_test

    chance = np.random.default_rng(SEED)
    ranks = interval_ranks()
    held, called, wrong, found, true = 0, 0, 0, 0, 0
    for _ in range(months):
        medians = np.where(chance.random(niches) < 0.25, 0.015, 0.0)
        estimates: list[Estimate | None] = []
        for middle in medians:
            n = int(chance.integers(10, 301))
            values = np.sort(middle + 0.05 * (chance.lognormal(0, 0.5, n) - 1))
            rank = ranks[n - 1]
            low, high = float(values[rank - 1]), float(values[n - rank])
            above = int((values > 0).sum())
            estimates.append(
                Estimate(float(np.median(values)), low, high, n, p=sign_test(above, n - above))
            )
            held += low <= middle <= high
        for middle, one in zip(medians, call_trends(estimates), strict=True):
            is_called = one is not None and one.trend != ""
            called += is_called
            wrong += is_called and middle == 0
            found += is_called and middle > 0
            true += middle > 0
    return {
        "interval_held_median": round(held / (months * niches), 4),
        "false_among_called": round(wrong / max(called, 1), 4),
        "found_of_true": round(found / max(true, 1), 4),
    }


def main() -> None:
    from benchmarks.scratch_server import scratch_server

    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    real, source = read_real()
    with scratch_server():
        report = {
            "benchmark": "niche_reports",
            "source": source,
            "simulated_niches": check_calls(),
            "load_average": round(os.getloadavg()[0], 1),
            "real": measure(real, options.repeats),
            "generated": measure(enlarge(real, options.rows), options.repeats),
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
