"""A real Celery worker on the test session's own Redis and test database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from celery import current_app
from django.db import connection
from pytest_django import Settings

from accounts.models import Job

REPOSITORY = Path(__file__).resolve().parents[2]
HEARTBEAT = 0.1
STALE_AFTER = 1.5


@dataclass
class Worker:
    """One worker process and its pool child, in a process group of their own."""

    log: Path
    environment: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "marketplace", "worker"),
                    *("--queues", "short,long", "--concurrency", "2", "--pool", "prefork"),
                    *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
                ],
                cwd=REPOSITORY,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As the kernel does when memory runs out: no goodbye, nothing put back."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def told(self) -> str:
        return self.log.read_text(errors="replace")[-5000:]


@pytest.fixture(scope="package")
def _worker_process(
    services: None, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "JOB_HEARTBEAT_SECONDS": str(HEARTBEAT),
        "JOB_STALE_AFTER_SECONDS": str(STALE_AFTER),
    }
    worker = Worker(tmp_path_factory.mktemp("worker") / "worker.log", environment)
    yield worker
    worker.kill()


@pytest.fixture
def worker(_worker_process: Worker, transactional_db: None) -> Iterator[Worker]:
    """The worker, running; the same one for all tests until one kills it."""
    forget_tasks()
    _worker_process.start()
    yield _worker_process
    forget_tasks()
    wait_for_others()


def forget_tasks() -> None:
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.flushdb()


def wait_for_others(seconds: float = 30) -> None:
    """Until nobody else is in a transaction: emptying the tables would meet them in a deadlock.

    A killed worker's server process ends its statement first, so this is also for those.
    """
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend' AND xact_start IS NOT NULL)"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.03)


@pytest.fixture
def wait(worker: Worker) -> Callable[..., Job]:
    """Wait until a job's row meets a condition."""

    def wait_for(job: Job, condition: Callable[[Job], bool], seconds: float = 60) -> Job:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            job.refresh_from_db()
            if condition(job):
                return job
            time.sleep(0.03)
        raise AssertionError(f"{job!r} {job.stage} {job.done}/{job.total}\n{worker.told()}")

    return wait_for


@pytest.fixture
def other_connection(transactional_db: None) -> Iterator["psycopg2.extensions.connection"]:
    """Another client of the test database, to hold locks with."""
    other = psycopg2.connect(_database_url().replace("postgres://", "postgresql://", 1))
    yield other
    other.close()


def _database_url() -> str:
    own = connection.settings_dict
    login = quote(own["USER"], safe="")
    if own["PASSWORD"]:
        login += ":" + quote(own["PASSWORD"], safe="")
    port = f":{own['PORT']}" if own["PORT"] else ""
    return f"postgres://{login}@{quote(own['HOST'], safe='')}{port}/{own['NAME']}"


@pytest.fixture(autouse=True)
def _stale_soon(settings: Settings) -> None:
    settings.JOB_STALE_AFTER_SECONDS = STALE_AFTER
