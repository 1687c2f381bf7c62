"""What a running job tells the world, and what the world tells it."""

import threading
from types import TracebackType
from typing import Any, Self

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from accounts.models import Job

log = structlog.get_logger(__name__)


class JobCancelled(Exception):
    """A person asked the job to stop; its handler undoes what it has begun."""


class JobLost(Exception):
    """The job belongs to another worker now; this one must write nothing more."""


class JobProgress:
    """Counters of one attempt at a job, and the heartbeat that publishes them.

    A context manager: inside it a thread with a database connection of its own writes the
    counters every ``settings.JOB_HEARTBEAT_SECONDS``, so that the page moves and the reaper
    stays calm even inside one long query or a long transaction. Every method for handlers
    raises `JobCancelled` or `JobLost` once the thread has learned of either.
    """

    def __init__(self, job: Job) -> None:
        self.job_id = job.pk
        self.attempt = job.attempt
        self.owner_id = job.owner_id
        self._done = 0
        self._total: int | None = None
        self._stage = ""
        self._cancelled = False
        self._lost = False
        self._last_beat = timezone.now()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job-{job.pk}", daemon=True)

    # --- for handlers ---

    def set_stage(self, stage: str, *, total: int | None = None) -> None:
        """Name what is being done now. With a ``total``, counters start again at 0 of it."""
        self._stage = stage[:60]
        if total is not None:
            self._done, self._total = 0, total
        self.check()

    def set_total(self, total: int | None) -> None:
        self._total = total
        self.check()

    def advance(self, count: int = 1) -> None:
        self._done += count
        self.check()

    def set_done(self, done: int, total: int | None = None) -> None:
        """Set the counter itself, for work that knows its own position."""
        self._done = done
        if total is not None:
            self._total = total
        self.check()

    def check(self) -> None:
        """Cheap; to be called at least every second of work.

        :raises JobCancelled: if a person asked the job to stop.
        :raises JobLost: if another worker has the job.
        """
        if self._lost:
            raise JobLost
        if self._cancelled:
            raise JobCancelled

    def confirm(self) -> None:
        """Make sure, as the last act of a transaction, that it may commit.

        Locks the job's row until the transaction ends: from here on neither the reaper nor
        a cancellation comes between. Raises as `check`.
        """
        job = (
            Job.objects.select_for_update()
            .filter(pk=self.job_id, attempt=self.attempt, state=Job.State.RUNNING)
            .first()
        )
        if job is None:
            raise JobLost
        if job.cancel_requested:
            raise JobCancelled

    # --- for the runner ---

    def counters(self) -> dict[str, Any]:
        return {"done": self._done, "total": self._total, "stage": self._stage}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(settings.JOB_HEARTBEAT_SECONDS):
                self._publish()
        finally:
            connection.close()

    def _publish(self) -> None:
        mine = Job.objects.filter(pk=self.job_id, attempt=self.attempt, state=Job.State.RUNNING)
        now = timezone.now()
        try:
            if mine.update(**self.counters(), heartbeat_at=now):
                self._last_beat = now
                self._cancelled = mine.filter(cancel_requested=True).exists()
            else:
                self._lost = True
        except (DatabaseError, InterfaceError) as error:
            log.warning("heartbeat_failed", job_id=self.job_id, error=str(error))
            connection.close()
            # Nobody heard of this worker for so long that the reaper gives its job away.
            silence = (now - self._last_beat).total_seconds()
            self._lost = silence > settings.JOB_STALE_AFTER_SECONDS
