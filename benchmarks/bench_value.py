"""Ranking a million market values with their intervals: time and memory, beside ranking at once.

Accounts are made up in memory, 0 to 12 posts each, 2,000 at a time; everything after reading
facts is the product's own: valuing, bins, histograms, places and bands. Drafts lie in a
temporary file as they lie in the database's drafts. The naive ranking holds every draw and
sorts each (numpy). Each size is a process of its own, so that its peak memory is its own.
The last line is JSON.

    python benchmarks/bench_value.py [--sizes 250000 1000000] [--naive 100000] [--database 20000]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from scoring.ml import artifacts  # noqa: E402
from scoring.ml.value.evidence import Evidence  # noqa: E402
from scoring.ml.value.ranking import League, Placing, to_bins  # noqa: E402
from scoring.ml.value.valuing import ValueModel  # noqa: E402

CHUNK = 2_000
MEGABYTE = 1024.0


def make_chunks(size: int) -> Iterator[Evidence]:
    """Accounts by rising key; a chunk depends on its number alone."""
    for first in range(0, size, CHUNK):
        n = min(CHUNK, size - first)
        rng = np.random.default_rng([7, first])
        followers = np.round(10 ** rng.normal(4.5, 0.6, n))
        level = 0.73 * np.log(followers) - 1.0 + 0.7 * rng.normal(size=n)
        counts = rng.integers(0, 13, n)
        owners = np.repeat(np.arange(n), counts)
        starts = np.concatenate([[0], np.cumsum(counts)])
        place = starts[1:][owners] - 1 - np.arange(len(owners))
        yield Evidence(
            keys=np.arange(first + 1, first + n + 1, dtype=np.uint64),
            platforms=np.full(n, "instagram", dtype=object),
            markets=np.full(n, "", dtype=object),
            followers=followers,
            engagement_rate=rng.uniform(0.005, 0.08, n),
            average_engagement=np.full(n, np.nan),
            risk=np.where(rng.random(n) < 0.8, rng.beta(1, 8, n), np.nan),
            starts=starts,
            engagement=np.round(np.exp(level[owners] + 0.7 * rng.normal(size=len(owners)))),
            ages=3.0 + 5.0 * place,
        )


def load_model() -> ValueModel:
    root = ROOT / "scoring" / "artifacts"
    return ValueModel.from_artifact(artifacts.load_artifact(root, "value", "v1"))


def rank_streaming(size: int) -> dict[str, float]:
    """The job's two halves without its database: drafts to disk, then ranks from streams."""
    model = load_model()
    draws, coverage = model.formula.draws, model.formula.nominal_coverage
    league, began = League(draws=draws), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        bins_file, values = Path(folder) / "bins", np.empty(size)
        first = 0
        with bins_file.open("wb") as stream:
            for evidence in make_chunks(size):
                valued = model.value(evidence)
                bins = to_bins(valued.draws)
                league.add(bins)
                stream.write(bins.tobytes())
                values[first : first + len(bins)] = valued.value
                first += len(bins)
        drafted = time.perf_counter() - began
        # The database's sort by value; a value and a place an account, 16 bytes.
        order = np.argsort(-values, kind="stable")
        rows = np.memmap(bins_file, dtype=np.uint16, mode="r", shape=(size, draws))
        placing, widths = Placing(), 0.0
        for first in range(0, size, 2 * CHUNK):
            part = order[first : first + 2 * CHUNK]
            bins = np.asarray(rows[part])
            ranks, _ = placing.place(values[part], bins)
            low, high = league.rank_bounds(bins, ranks, coverage)
            widths += float(np.sum(high - low))
    return {
        "accounts": size,
        "seconds": round(time.perf_counter() - began, 1),
        "seconds_valuing": round(drafted, 1),
        "cpu_seconds": round(time.process_time(), 1),
        "bands": placing.band,
        "mean_rank_width_share": round(widths / size / size, 4),
        "own_memory_mb": _anonymous_peak(),
    }


def rank_at_once(size: int) -> dict[str, float]:
    """All draws of everybody in memory, every draw sorted, quantiles of the ranks."""
    model, began = load_model(), time.perf_counter()
    draws = np.concatenate(
        [model.value(evidence).draws.astype(np.float32) for evidence in make_chunks(size)]
    )
    ranks = np.empty(draws.shape, dtype=np.int32)
    for draw in range(draws.shape[1]):
        ranks[np.argsort(-draws[:, draw]), draw] = np.arange(1, size + 1)
    np.quantile(ranks, [0.05, 0.95], axis=1)
    return {
        "accounts": size,
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time(), 1),
        "own_memory_mb": _anonymous_peak(),
    }


def _anonymous_peak() -> float:
    """Peak resident memory without pages of files, which the system takes back at will."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        peak -= float(lines["RssFile"].split()[0]) / MEGABYTE
    return round(peak, 0)


def in_own_process(kind: str, size: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--only", kind, "--size", str(size)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def rank_in_database(size: int) -> dict[str, float]:
    """The whole job on a server of its own: facts read, drafts and values written."""
    from benchmarks.scratch_server import scratch_server

    with scratch_server():
        from django.db import connection
        from django.utils import timezone

        from scoring.catalogue import Quiet
        from scoring.valuing.running import rank_values

        with connection.cursor() as cursor:
            cursor.execute(FILL, {"size": size})
            cursor.execute("ANALYZE")
        began = time.perf_counter()
        report = rank_values(params={}, progress=Quiet(), now=timezone.now())
        return {"accounts": report["valued"], "seconds": round(time.perf_counter() - began, 1)}


FILL = """
INSERT INTO accounts_creator (display_name, status, is_simulated, created_at)
SELECT 'c' || n, 'active', true, now() - interval '90 days' FROM generate_series(1, %(size)s) n;
INSERT INTO accounts_socialaccount (creator_id, platform, handle, full_name, bio, hashtags,
    declared_niches, country, handle_is_hash, created_at, updated_at)
SELECT id, 'instagram', display_name, '', '', '{}', '{}', '', true, created_at, created_at
FROM accounts_creator;
INSERT INTO accounts_accountmetric (account_id, day, followers, engagement_rate, extra, provenance,
    recorded_at)
SELECT id, current_date - 10, 1000 + (id * 7919) %% 400000, 0.01 + (id %% 50) / 1000.0, '{}',
    'simulated', now() - interval '10 days' FROM accounts_socialaccount;
INSERT INTO accounts_post (account_id, external_id, kind, caption, hashtags, published_at,
    created_at)
SELECT id, 'p' || id || '-' || n, '', '', '{}', now() - n * interval '5 days' - interval '5 days',
    now() FROM accounts_socialaccount, generate_series(1, 6) n;
INSERT INTO accounts_postmetric (post_id, observed_at, likes, comments, extra, provenance,
    recorded_at)
SELECT id, published_at + interval '3 days', 50 + (id * 104729) %% 5000, id %% 40, '{}',
    'simulated', published_at + interval '3 days' FROM accounts_post;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[250_000, 1_000_000])
    parser.add_argument("--naive", type=int, default=100_000)
    parser.add_argument("--database", type=int, default=20_000)
    parser.add_argument("--only", choices=["stream", "naive"])
    parser.add_argument("--size", type=int, default=10_000)
    asked = parser.parse_args()
    if asked.only:
        work = rank_streaming if asked.only == "stream" else rank_at_once
        print(json.dumps(work(asked.size)))
        return
    figures = {
        "streamed": [in_own_process("stream", size) for size in asked.sizes],
        "streamed_at_naive_size": in_own_process("stream", asked.naive),
        "naive": in_own_process("naive", asked.naive),
    }
    if asked.database:
        figures["whole_job_in_database"] = rank_in_database(asked.database)
    print(json.dumps({"benchmark": "value", **figures}))


if __name__ == "__main__":
    main()
