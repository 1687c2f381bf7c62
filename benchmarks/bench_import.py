"""Rows per second of `import_creators` beside the bare insertion of the same rows.

    python -m benchmarks.bench_import [--file ../shared/data/creators.csv.gz] [--repeats 3]
    python -m benchmarks.bench_import --megabytes 200

The peers are given the finished rows and only have to store them: ``bulk_create`` of the
three tables in batches of a thousand, and COPY of the same three, each in one transaction.
The importer reads, checks (twice), compares with what is known, counts and audits. Each
figure is the median of the repeats, which take turns on emptied tables. With --megabytes
a synthetic file of that size is imported instead and the peak memory reported. Works in a
scratch database. The last line of stdout is one JSON object.
"""

import argparse
import io
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from benchmarks.bench_catalogue import SHARED, prepare_file

TABLES = ("accounts_creator", "accounts_socialaccount", "accounts_accountmetric")
# A row of the synthetic file, in bytes; enough to aim, the real size is reported.
SYNTHETIC_ROW = 195


def seconds_of(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def empty_tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def run_import(path: Path) -> None:
    from django.utils import timezone

    from accounts.importing.layout import Kind
    from accounts.importing.options import ImportOptions
    from accounts.importing.service import import_file

    import_file(
        path=path, kind=Kind.CREATORS, options=ImportOptions(), actor=None, now=timezone.now()
    )


def run_bulk_create(rows: list[list[Any]]) -> None:
    """The same rows by the ORM, three tables, a thousand at a time."""
    from django.db import transaction

    with transaction.atomic():
        for table in rows:
            type(table[0]).objects.bulk_create(table, batch_size=1000)


def run_copy(dumps: list[bytes]) -> None:
    """The same rows by COPY, three tables, one transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, dump in zip(TABLES, dumps, strict=True):
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(dump))


def dump_tables() -> tuple[list[list[Any]], list[bytes]]:
    """What the importer wrote, as model instances and as COPY texts."""
    from django.db import connection

    from accounts.models import AccountMetric, Creator, SocialAccount

    dumps = []
    with connection.cursor() as cursor:
        for table in TABLES:
            text = io.BytesIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", text)
            dumps.append(text.getvalue())
    rows = [list(model.objects.all()) for model in (Creator, SocialAccount, AccountMetric)]
    return rows, dumps


def measure_speed(path: Path, repeats: int) -> dict[str, Any]:
    run_import(path)
    rows, dumps = dump_tables()
    count = len(rows[1])
    runs: dict[str, list[float]] = {"import": [], "again": [], "bulk_create": [], "copy": []}
    for _ in range(repeats):
        empty_tables()
        runs["import"].append(seconds_of(lambda: run_import(path)))
        runs["again"].append(seconds_of(lambda: run_import(path)))
        empty_tables()
        runs["bulk_create"].append(seconds_of(lambda: run_bulk_create(rows)))
        empty_tables()
        runs["copy"].append(seconds_of(lambda: run_copy(dumps)))
    seconds = {name: statistics.median(values) for name, values in runs.items()}
    return {
        "rows": count,
        "repeats": repeats,
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "rows_per_second": {name: round(count / value) for name, value in seconds.items()},
        "import_time_per_bulk_create": round(seconds["import"] / seconds["bulk_create"], 2),
        "import_time_per_copy": round(seconds["import"] / seconds["copy"], 2),
    }


def measure_memory(path: Path) -> dict[str, Any]:
    from accounts.models import SocialAccount

    before = peak_megabytes()
    seconds = seconds_of(lambda: run_import(path))
    rows = SocialAccount.objects.count()
    return {
        "rows": rows,
        "megabytes": round(path.stat().st_size / 1e6, 1),
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "peak_rss_megabytes": round(peak_megabytes()),
        "peak_rss_before_megabytes": round(before),
    }


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, default=SHARED)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--megabytes", type=int)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from benchmarks.scratch import scratch_database

    with tempfile.TemporaryDirectory() as directory, scratch_database():
        if options.megabytes:
            rows = options.megabytes * 1_000_000 // SYNTHETIC_ROW
            path, source = prepare_file(Path("absent"), rows, Path(directory))
            figures = measure_memory(path)
        else:
            path, source = prepare_file(options.file, options.rows, Path(directory))
            figures = measure_speed(path, options.repeats)
    print(json.dumps({"benchmark": "import", "source": source, **figures}))


if __name__ == "__main__":
    main()
