"""Scoring a catalogue through Celery against the same loop in one process.

    python -m benchmarks.bench_scoring [--accounts 20000] [--tasks authenticity]

Starts a database, a Redis and a worker of its own and ends them. The last line of stdout is
one JSON object: seconds and accounts per second of both roads, their ratio, and the memory
of the process that scores, at a tenth of the work and at its end.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psutil

REPOSITORY = Path(__file__).resolve().parents[1]
SAMPLE_SECONDS = 2.0

# Facts as a catalogue has them; one statement each, because a million rows are wanted.
SYNTHETIC = """
INSERT INTO accounts_creator (id, display_name, status, is_simulated, created_at)
SELECT n, 'creator ' || n, 'active', true, now() FROM generate_series(1, %(rows)s) n;
INSERT INTO accounts_socialaccount (
    id, creator_id, platform, handle, full_name, bio, hashtags, declared_niches, country,
    is_verified, handle_is_hash, created_at, updated_at)
SELECT n, n, 'instagram', 'handle' || n, '', repeat('x', n %% 150), '{}', '{}', 'Italy',
    n %% 50 = 0, false, now(), now()
FROM generate_series(1, %(rows)s) n;
INSERT INTO accounts_accountmetric (
    account_id, day, followers, following, posts, engagement_rate, comments_to_likes,
    extra, provenance, recorded_at)
SELECT n, date '2026-01-01', 500 + (n * 7919::bigint) %% 900000, (n * 31) %% 7000, n %% 900,
    0.001 + (n %% 97) / 1000.0, (n %% 13) / 200.0, '{}', 'simulated', now()
FROM generate_series(1, %(rows)s) n;
ANALYZE accounts_creator, accounts_socialaccount, accounts_accountmetric;
"""
FORGET = "TRUNCATE scoring_score CASCADE; UPDATE scoring_searchentry SET scored_at = NULL;"


class MemoryWatch:
    """Resident memory of a process (and its children) while work goes on, in MB."""

    def __init__(self, process: psutil.Process, done: Callable[[], float]) -> None:
        self.process, self.done = process, done
        self.samples: list[tuple[float, float]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self.samples.append((self.done(), largest_rss(self.process)))

    def report(self) -> dict[str, float | None]:
        early = [rss for share, rss in self.samples if 0.1 <= share < 0.3]
        late = [rss for share, rss in self.samples if share >= 0.7]
        return {
            "rss_mb_after_a_tenth": max(early, default=None),
            "rss_mb_at_the_end": max(late, default=None),
        }


def largest_rss(process: psutil.Process) -> float:
    """Of the process and its children: the one that does the work is the largest."""
    sizes = []
    for one in [process, *process.children(recursive=True)]:
        try:
            sizes.append(one.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return round(max(sizes, default=0) / 1e6, 1)


def run_sql(sql: str, **parameters: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def scored_share(accounts: int) -> float:
    from scoring.models import SearchEntry

    return SearchEntry.objects.filter(scored_at__isnull=False).count() / accounts


def score_in_process(accounts: int, params: dict[str, Any]) -> dict[str, Any]:
    """The bare loop, in a fresh process so that its memory is its own."""
    code = (
        "import django; django.setup()\n"
        "import json, time\n"
        "from django.utils import timezone\n"
        "from scoring.catalogue import Quiet, score_catalogue\n"
        "from scoring import registry\n"
        "started = time.perf_counter()\n"
        f"score_catalogue(params={params!r}, progress=Quiet(), now=timezone.now())\n"
        "print(json.dumps(time.perf_counter() - started))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    with MemoryWatch(psutil.Process(process.pid), lambda: scored_share(accounts)) as watch:
        output, _ = process.communicate()
    if process.returncode:
        raise SystemExit("the loop in one process failed; see above")
    seconds = float(output.splitlines()[-1])
    return {"seconds": round(seconds, 1), **watch.report()}


def score_through_celery(accounts: int, params: dict[str, Any]) -> dict[str, Any]:
    """A job of a real worker, from being asked for to being done."""
    from django.utils import timezone

    from accounts import jobs
    from accounts.models import Job, User

    owner = User.objects.create_superuser("bench@example.org")
    with celery_worker() as worker, MemoryWatch(worker, lambda: scored_share(accounts)) as watch:
        job = jobs.start_job(
            kind=Job.Kind.SCORE, title="Benchmark", params=params, owner=owner, now=timezone.now()
        )
        while job.is_live:
            time.sleep(0.2)
            job.refresh_from_db()
    if job.state != Job.State.SUCCEEDED or job.started_at is None or job.finished_at is None:
        raise SystemExit(f"the job ended as {job.state}: {job.error}")
    seconds = (job.finished_at - job.queued_at).total_seconds()
    return {"seconds": round(seconds, 1), **watch.report()}


@contextmanager
def celery_worker() -> Iterator[psutil.Process]:
    """One worker with one child, answering before it is used."""
    from celery import current_app

    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "marketplace", "worker"),
            *("--queues", "short,long", "--concurrency", "1", "--loglevel", "WARNING"),
        ],
        cwd=REPOSITORY,
    )
    try:
        while not current_app.control.ping(timeout=1.0):
            if process.poll() is not None:
                raise SystemExit("the worker did not start; see above")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--tasks", nargs="*", default=["authenticity"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fg-bench-", dir="/tmp") as directory:
        os.environ |= {
            "FAIRGROUND_VAR": directory,
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
            os.environ.pop(name, None)
        django.setup()
        report = measure(Path(directory), options.accounts, list(options.tasks))
    print(json.dumps(report))


def measure(var: Path, accounts: int, tasks: list[str]) -> dict[str, Any]:
    from django.core.management import call_command

    from marketplace.embedded import postgres, redis_server
    from marketplace.embedded.directories import make_var

    make_var(var)
    database = postgres.start(var, durable=False)
    redis = redis_server.start(var, durable=False)
    try:
        call_command("migrate", verbosity=0)
        run_sql(SYNTHETIC, rows=accounts)
        params = {"tasks": tasks} if tasks else {}
        # once unmeasured: search rows and the files' pages are there for both roads alike
        score_in_process(accounts, {**params, "account_ids": [1, 2, 3]})
        runs: dict[str, Any] = {}
        for name, road in (("celery", score_through_celery), ("process", score_in_process)):
            run_sql(FORGET)
            runs[name] = road(accounts, params)
            runs[name]["per_second"] = round(accounts / runs[name]["seconds"], 1)
            print(f"{name}: {runs[name]}", flush=True)
    finally:
        redis.kill()
        redis.wait()
        postgres.stop(database)
    return {
        "benchmark": "scoring",
        "accounts": accounts,
        "tasks": tasks or "all",
        "runs": runs,
        "celery_to_process": round(runs["celery"]["seconds"] / runs["process"]["seconds"], 3),
    }


if __name__ == "__main__":
    main()
