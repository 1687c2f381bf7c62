"""Jobs without a broker: the rules of the row. tests/worker has them with real workers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from accounts import jobs, queue
from accounts.errors import Conflict, DomainError
from accounts.job_progress import JobCancelled, JobLost, JobProgress
from accounts.jobs import MAX_LOST, cancel_job, reap_stale_jobs, retry_job, run_job, start_job
from accounts.models import AuditEntry, Job, User

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
State = Job.State


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of jobs whose messages were sent."""
    messages: list[int] = []
    monkeypatch.setattr(
        queue.current_app,
        "send_task",
        lambda name, kwargs: messages.append(kwargs["job_id"]),
        raising=False,
    )
    return messages


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("mod@example.com", is_staff=True)


@pytest.fixture
def quick(settings: Settings) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 0.02


def start(owner: User | None = None, **params: Any) -> Job:
    return start_job(kind=Job.Kind.IMPORT, title="Import", params=params, owner=owner, now=NOW)


def run(job: Job, handler: Callable[..., dict[str, Any]]) -> Job:
    run_job(job_id=job.pk, handlers={Job.Kind.IMPORT: handler})
    job.refresh_from_db()
    return job


def wait_until(progress: JobProgress, condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        progress._ended.wait(0.01)
    raise AssertionError("it did not happen")


def test_a_started_job_is_queued_sent_and_audited(owner: User, sent: list[int]) -> None:
    job = start(owner, path="a.csv")
    assert (job.state, job.owner, job.queued_at) == (State.QUEUED, owner, NOW)
    assert sent == [job.pk]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.subject_id) == ("job.started", owner, str(job.pk))


def test_a_live_job_is_not_started_twice(owner: User, sent: list[int]) -> None:
    job = start(owner, path="a.csv")
    assert start(owner, path="a.csv") == job
    assert start(owner, path="b.csv") != job
    assert start(None, path="a.csv") != job
    assert len(sent) == 3
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING)
    assert start(owner, path="a.csv") == job
    other = start_job(
        kind=Job.Kind.IMPORT,
        title="",
        params={"path": "a.csv"},
        owner=owner,
        now=NOW,
        join_running=False,
    )
    assert other != job
    Job.objects.update(state=State.SUCCEEDED)
    assert start(owner, path="a.csv") not in (job, other)


def test_a_closed_broker_leaves_the_job_queued_for_the_reaper(
    monkeypatch: pytest.MonkeyPatch, sent: list[int]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(queue.current_app, "send_task", refuse, raising=False)
        job = start()
    assert job.state == State.QUEUED
    assert reap_stale_jobs(now=NOW + timedelta(seconds=10)) == 0
    assert reap_stale_jobs(now=NOW + timedelta(seconds=60)) == 1
    assert sent == [job.pk]
    # Not again at once: the message may be on its way.
    assert reap_stale_jobs(now=NOW + timedelta(seconds=75)) == 0
    assert reap_stale_jobs(now=NOW + timedelta(seconds=120)) == 1


def test_a_job_runs_and_keeps_its_result(quick: None) -> None:
    def handler(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
        progress.set_stage("Counting", total=3)
        for _ in range(3):
            progress.advance()
        return {"sum": params["a"] + 1}

    job = run(start(a=1), handler)
    assert (job.state, job.result, job.error, job.attempt) == (State.SUCCEEDED, {"sum": 2}, "", 1)
    assert (job.stage, job.done, job.total, job.percent) == ("Counting", 3, 3, 100)
    assert job.finished_at is not None


def test_a_second_message_does_nothing(quick: None) -> None:
    job = start()
    calls = []

    def handler(**_: Any) -> dict[str, Any]:
        calls.append(1)
        run_job(job_id=job.pk, handlers={Job.Kind.IMPORT: handler})  # while it runs
        return {}

    run(job, handler)
    run(job, handler)  # and after it
    run_job(job_id=job.pk + 1, handlers={})  # and for no job at all
    assert calls == [1]


def test_the_page_sees_progress_while_the_job_runs(quick: None) -> None:
    job = start()

    def handler(*, progress: JobProgress, **_: Any) -> dict[str, Any]:
        progress.set_stage("Reading", total=10)
        progress.set_done(4)
        wait_until(progress, lambda: Job.objects.filter(pk=job.pk, done=4, total=10).exists())
        return {}

    assert run(job, handler).state == State.SUCCEEDED


def test_a_domain_error_is_shown_as_it_is_and_another_by_reference(
    quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(**_: Any) -> dict[str, Any]:
        raise DomainError("The file has bad rows.", code="file_refused", details={"rows": 3})

    def crash(**_: Any) -> dict[str, Any]:
        raise KeyError("secret detail")

    job = run(start(), refuse)
    assert (job.state, job.error) == (State.FAILED, "The file has bad rows.")
    assert job.result == {"code": "file_refused", "details": {"rows": 3}}
    job = run(start(x=1), crash)
    assert job.state == State.FAILED
    assert "unexpected error" in job.error
    assert "secret" not in job.error
    reference = job.error.rstrip(".").split()[-1]
    assert reference in caplog.text


def test_a_job_of_unknown_kind_fails_in_words() -> None:
    job = start()
    run_job(job_id=job.pk, handlers={})
    job.refresh_from_db()
    assert job.state == State.FAILED


def test_a_waiting_job_is_cancelled_at_once(owner: User, quick: None) -> None:
    job = start(owner)
    cancelled = cancel_job(job=job, actor=owner, now=NOW)
    assert (cancelled.state, cancelled.finished_at) == (State.CANCELLED, NOW)
    assert AuditEntry.objects.filter(verb="job.cancelled", actor=owner).count() == 1
    assert run(job, lambda **_: {"ran": True}).state == State.CANCELLED
    with pytest.raises(Conflict, match="has ended: cancelled"):
        cancel_job(job=job, actor=owner, now=NOW)


def test_a_running_job_learns_of_its_cancellation(owner: User, quick: None) -> None:
    job = start(owner)
    undone = []

    def handler(*, progress: JobProgress, **_: Any) -> dict[str, Any]:
        cancel_job(job=job, actor=owner, now=NOW)
        try:
            wait_until(progress, lambda: progress.advance() or False)  # type: ignore[func-returns-value]
        except JobCancelled:
            undone.append(True)
            raise
        return {}

    assert run(job, handler).state == State.CANCELLED
    assert undone == [True]


def test_a_cancelled_or_failed_job_can_be_retried(
    owner: User, quick: None, sent: list[int]
) -> None:
    job = start(owner)
    with pytest.raises(Conflict):
        retry_job(job=job, actor=owner, now=NOW)
    cancel_job(job=job, actor=owner, now=NOW)
    retried = retry_job(job=job, actor=owner, now=NOW)
    assert (retried.state, retried.cancel_requested, retried.error) == (State.QUEUED, False, "")
    assert sent == [job.pk, job.pk]
    assert AuditEntry.objects.filter(verb="job.retried", actor=owner).count() == 1
    assert run(job, lambda **_: {"ran": True}).result == {"ran": True}
    with pytest.raises(Conflict):
        retry_job(job=job, actor=owner, now=NOW)


def running(job: Job, *, heartbeat_at: datetime, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING, attempt=1, heartbeat_at=heartbeat_at, **fields
    )


def test_a_dead_workers_job_is_queued_again(sent: list[int]) -> None:
    job = start()
    running(job, heartbeat_at=NOW, done=5, total=9)
    assert reap_stale_jobs(now=NOW + timedelta(seconds=10)) == 0
    assert reap_stale_jobs(now=NOW + timedelta(seconds=60)) == 1
    job.refresh_from_db()
    assert (job.state, job.lost, job.done, job.total) == (State.QUEUED, 1, 0, None)
    assert sent == [job.pk, job.pk]


def test_a_job_that_kills_its_workers_is_given_up_and_can_be_retried(owner: User) -> None:
    job = start(owner)
    for lost in range(1, MAX_LOST + 1):
        running(job, heartbeat_at=NOW)
        reap_stale_jobs(now=NOW + timedelta(seconds=60))
        job.refresh_from_db()
        assert job.lost == lost
    assert job.state == State.FAILED
    assert "worker died 3 times" in job.error
    assert retry_job(job=job, actor=owner, now=NOW).lost == 0


def test_a_dead_workers_cancelled_job_stays_cancelled() -> None:
    job = start()
    running(job, heartbeat_at=NOW, cancel_requested=True)
    assert reap_stale_jobs(now=NOW + timedelta(seconds=60)) == 0
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def lose(job: Job) -> None:
    """What the reaper and another worker do meanwhile."""
    Job.objects.filter(pk=job.pk).update(attempt=2)


def test_a_worker_that_lost_its_job_stops_and_reports_nothing(quick: None) -> None:
    job = start()

    def handler(*, progress: JobProgress, **_: Any) -> dict[str, Any]:
        lose(job)
        wait_until(progress, lambda: progress.advance() or False)  # type: ignore[func-returns-value]
        return {}

    job = run(job, handler)
    assert (job.state, job.attempt, job.finished_at) == (State.RUNNING, 2, None)


def test_a_worker_that_lost_its_job_unnoticed_reports_nothing(settings: Settings) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 60
    job = start()

    def handler(**_: Any) -> dict[str, Any]:
        lose(job)
        return {"mine": True}

    assert run(job, handler).result == {}


def test_a_transaction_is_confirmed_only_by_the_jobs_own_worker(quick: None) -> None:
    job = start()
    seen = []

    def handler(*, progress: JobProgress, **_: Any) -> dict[str, Any]:
        from django.db import transaction

        with transaction.atomic():
            progress.confirm()
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        with pytest.raises(JobCancelled), transaction.atomic():
            progress.confirm()
        lose(job)
        with pytest.raises(JobLost), transaction.atomic():
            progress.confirm()
        seen.append(True)
        return {}

    run(job, handler)
    assert seen == [True]


def test_a_heartbeat_that_cannot_be_written_is_not_the_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_HEARTBEAT_SECONDS, settings.JOB_STALE_AFTER_SECONDS = 0.01, 0.3
    job = start()
    failing = [DatabaseError("gone")]
    publish = jobs.JobProgress.counters

    def counters(self: JobProgress) -> dict[str, Any]:
        if failing:
            raise failing[0]
        return publish(self)

    monkeypatch.setattr(JobProgress, "counters", counters)

    def handler(*, progress: JobProgress, **_: Any) -> dict[str, Any]:
        progress._ended.wait(0.05)
        progress.check()  # a short silence is forgiven
        if progress.attempt == 1:
            wait_until(progress, lambda: progress._lost)
        failing.clear()
        progress.check()
        return {}

    job = run(job, handler)
    assert job.state == State.RUNNING  # nobody's, until the reaper comes
    assert reap_stale_jobs(now=datetime.now(UTC) + timedelta(seconds=60)) == 1
    assert run(job, handler).state == State.SUCCEEDED
