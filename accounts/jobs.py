"""Long work that survives a lost message, a killed worker and an impatient person.

The `Job` row is the truth and the broker only a nudge. A worker claims a queued row, and
its ``attempt`` number is from then on its fencing token: every later write names it, so
a worker that lost the job to the reaper can report nothing any more.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from accounts import audit, queue
from accounts.errors import Conflict, DomainError
from accounts.job_progress import JobCancelled, JobLost, JobProgress
from accounts.models import Job, User

log = structlog.get_logger(__name__)

Handler = Callable[..., dict[str, Any]]
"""Called as ``handler(params=…, progress=JobProgress, now=datetime)``; returns the result."""

# Workers that may die with a job before it is given up.
MAX_LOST = 3

State = Job.State


@transaction.atomic
def start_job(
    *,
    kind: str,
    title: str,
    params: dict[str, Any],
    owner: User | None,
    now: datetime,
    join_running: bool = True,
) -> Job:
    """Queue a job, or return the live one of the same owner, kind and parameters.

    :param join_running: whether a job that already runs will do. Not when the work is
        about something that changed a moment ago, which it may have passed.
    """
    # Two clicks at once: the second waits here and then finds the first one's job.
    identity = f"job:{kind}:{owner.pk if owner else ''}:{json.dumps(params, sort_keys=True)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [identity])
    states = Job.LIVE if join_running else (State.QUEUED,)
    same = Job.objects.filter(
        kind=kind, owner=owner, params=params, state__in=states, cancel_requested=False
    ).first()
    if same is not None:
        return same
    job = Job.objects.create(
        kind=kind, title=title, params=params, owner=owner, created_at=now, queued_at=now
    )
    if owner is not None:
        audit.record(actor=owner, verb="job.started", subject=job, data={"kind": kind})
    queue.run_job(job_id=job.pk)
    return job


@transaction.atomic
def cancel_job(*, job: Job, actor: User | None, now: datetime) -> Job:
    """Cancel a waiting job at once; ask a running one to stop, which takes it seconds.

    :raises Conflict: if the job has ended.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.is_live:
        raise Conflict(f"This job has ended: {job.get_state_display().lower()}.")
    if job.state == State.QUEUED:
        job.state, job.finished_at = State.CANCELLED, now
    job.cancel_requested = True
    job.save(update_fields=["state", "finished_at", "cancel_requested"])
    audit.record(actor=actor, verb="job.cancelled", subject=job)
    return job


@transaction.atomic
def retry_job(*, job: Job, actor: User | None, now: datetime) -> Job:
    """Queue a failed or cancelled job again, from its beginning.

    :raises Conflict: if the job is live or has succeeded.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in (State.FAILED, State.CANCELLED):
        raise Conflict(f"Only a failed or cancelled job can be retried; this one is {job.state}.")
    job.state, job.queued_at, job.heartbeat_at, job.finished_at = State.QUEUED, now, None, None
    job.cancel_requested, job.error, job.stage, job.lost = False, "", "", 0
    job.done, job.total, job.result = 0, None, {}
    job.save()
    audit.record(actor=actor, verb="job.retried", subject=job)
    queue.run_job(job_id=job.pk)
    return job


def reap_stale_jobs(*, now: datetime) -> int:
    """Send again what was lost: jobs whose worker died, jobs whose message never arrived.

    :returns: how many were sent again. Jobs that lost `MAX_LOST` workers fail instead.
    """
    stale = now - timedelta(seconds=settings.JOB_STALE_AFTER_SECONDS)
    sent = 0
    with transaction.atomic():
        running = Job.objects.select_for_update(skip_locked=True).filter(
            state=State.RUNNING, heartbeat_at__lt=stale
        )
        for job in running:
            sent += _reap(job, now)
        # A waiting job's heartbeat is when its message was last sent.
        waiting = Job.objects.select_for_update(skip_locked=True).filter(state=State.QUEUED)
        for job in waiting.filter(queued_at__lt=stale).exclude(heartbeat_at__gte=stale):
            job.heartbeat_at = now
            job.save(update_fields=["heartbeat_at"])
            queue.run_job(job_id=job.pk)
            sent += 1
    return sent


def _reap(job: Job, now: datetime) -> bool:
    job.lost += 1
    log.warning("job_worker_lost", job_id=job.pk, attempt=job.attempt, lost=job.lost)
    if job.cancel_requested:
        job.state, job.finished_at = State.CANCELLED, now
    elif job.lost >= MAX_LOST:
        job.state, job.finished_at = State.FAILED, now
        job.error = (
            f"The worker died {job.lost} times during this job, perhaps for lack of memory. "
            "The worker's log may tell; the job can be retried."
        )
    else:
        job.state, job.queued_at, job.heartbeat_at = State.QUEUED, now, now
        job.done, job.total, job.stage = 0, None, ""
        queue.run_job(job_id=job.pk)
    job.save()
    return job.state == State.QUEUED


def run_job(*, job_id: int, handlers: Mapping[str, Handler]) -> None:
    """Run a queued job to its end. A second message for the same job does nothing.

    Raises nothing: whatever goes wrong is in the job's row, or in the reaper's hands.

    :param handlers: what to do for each `Job.Kind`.
    """
    job = _claim(job_id)
    if job is None:
        log.info("job_not_queued", job_id=job_id)
        return
    structlog.contextvars.bind_contextvars(job_id=job.pk, attempt=job.attempt)
    try:
        with JobProgress(job) as progress:
            outcome = _run_handler(job, handlers, progress)
        if outcome is not None:
            _finish(job, progress, **outcome)
    except (DatabaseError, InterfaceError):
        # The row stays running without a heartbeat, so the reaper will queue it again.
        log.exception("job_unfinished")
    finally:
        structlog.contextvars.unbind_contextvars("job_id", "attempt")


def _claim(job_id: int) -> Job | None:
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state=State.QUEUED).first()
        if job is None:
            return None
        now = timezone.now()
        job.state, job.started_at, job.heartbeat_at = State.RUNNING, now, now
        job.attempt += 1
        job.done, job.total, job.stage, job.error = 0, None, "", ""
        job.save()
        return job


def _run_handler(
    job: Job, handlers: Mapping[str, Handler], progress: JobProgress
) -> dict[str, Any] | None:
    """The fields to store, or None when the job is no longer this worker's."""
    try:
        handler = handlers[job.kind]
        result = handler(params=job.params, progress=progress, now=timezone.now())
    except JobLost:
        log.warning("job_lost")
        return None
    except JobCancelled:
        return {"state": State.CANCELLED}
    except DomainError as error:
        result = {"code": error.code, "details": error.details} if error.details else {}
        return {"state": State.FAILED, "error": error.message, "result": result}
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("job_failed", reference=reference)
        text = f"An unexpected error stopped the job. Its reference in the log is {reference}."
        return {"state": State.FAILED, "error": text}
    return {"state": State.SUCCEEDED, "result": result}


def _finish(job: Job, progress: JobProgress, **fields: Any) -> None:
    mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=State.RUNNING)
    now = timezone.now()
    stored = mine.update(
        **fields,
        **progress.counters(),
        heartbeat_at=now,
        finished_at=now,
    )
    log.info("job_ended" if stored else "job_lost", state=str(fields["state"]))
