"""A whole catalogue, cold: importing, embedding, scoring and indexing, each per second.

    python -m benchmarks.bench_catalogue [--file ../shared/data/creators.csv.gz] [--rows N]

Works in a scratch database. Without the file it writes a synthetic one in the same
layout. The last line of stdout is one JSON object.
"""

import argparse
import csv
import gzip
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import django

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "creators.csv.gz"
HEADER = (
    "creator_id platform bio hashtags location followers engagement_rate "
    "comments_to_likes verified niches"
).split()
WORDS = (
    "vegan skincare routine gym strength photo street travel train family bread slow weekend "
    "trail running mountain fashion second hand guitar song paint garden tattoo dance yoga"
).split()


def prepare_file(source: Path, rows: int | None, directory: Path) -> tuple[Path, str]:
    """The file itself, its first rows, or a synthetic one of that many rows."""
    if source.exists() and rows is None:
        return source, source.name
    target = directory / "creators.csv"
    if source.exists():
        with (
            gzip.open(source, "rt", encoding="utf-8", newline="") as given,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            reader, writer = csv.reader(given), csv.writer(out)
            for line, row in enumerate(reader):
                if line > (rows or 0):
                    break
                writer.writerow(row)
        return target, f"{source.name}, first {rows} rows"
    chance = random.Random(7)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for n in range(rows or 26_771):
            words = [chance.choice(WORDS) for _ in range(chance.randint(3, 40))]
            writer.writerow(
                [
                    f"c{n:012x}",
                    "instagram",
                    " ".join(words),
                    ";".join(words[:5]),
                    "Italy",
                    chance.randint(1000, 900000),
                    0.04,
                    0.03,
                    0,
                    words[0],
                ]
            )
    return target, "synthetic texts"


def measure(path: Path) -> dict[str, Any]:
    """Seconds of each stage on an empty database."""
    from django.utils import timezone

    from accounts.importing.layout import Kind
    from accounts.importing.options import ImportOptions
    from accounts.importing.service import import_file
    from accounts.models import SocialAccount
    from scoring import embedding, entries
    from scoring.catalogue import Quiet, score_catalogue

    seconds: dict[str, float] = {}

    def lap(name: str, started: float) -> float:
        now = time.perf_counter()
        seconds[name] = round(now - started, 2)
        print(f"{name}: {seconds[name]} s", flush=True)
        return now

    clock = time.perf_counter()
    import_file(
        path=path, kind=Kind.CREATORS, options=ImportOptions(), actor=None, now=timezone.now()
    )
    clock = lap("import", clock)
    entries.sync_entries()
    embedding.drop_index()
    todo = embedding.list_unembedded()
    for start in range(0, len(todo), embedding.CHUNK):
        embedding.embed_chunk(todo[start : start + embedding.CHUNK])
    clock = lap("embed", clock)
    embedding.build_index()
    clock = lap("index", clock)
    score_catalogue(params={}, progress=Quiet(), now=timezone.now())
    lap("score", clock)
    rows = SocialAccount.objects.count()
    return {
        "rows": rows,
        "seconds": seconds,
        "per_second": {name: round(rows / value, 1) for name, value in seconds.items() if value},
        "total_seconds": round(sum(seconds.values()), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, default=SHARED)
    parser.add_argument("--rows", type=int)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from benchmarks.scratch import scratch_database

    with tempfile.TemporaryDirectory() as directory, scratch_database():
        path, source = prepare_file(options.file, options.rows, Path(directory))
        report = {"benchmark": "catalogue", "source": source, **measure(path)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
