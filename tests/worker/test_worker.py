"""Jobs as they happen: a real worker, killed, cancelled, asked twice."""

import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
from celery import current_app
from django.utils import timezone

from accounts import queue
from accounts.importing import service
from accounts.importing.job import start_import
from accounts.importing.layout import Kind
from accounts.importing.options import ImportOptions
from accounts.jobs import cancel_job, retry_job
from accounts.models import AccountMetric, Creator, Job, SocialAccount, User
from tests.accounts.csv_files import creator, write_rows
from tests.worker.conftest import STALE_AFTER, Worker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

Wait = Callable[..., Job]
ROWS = 2500
State = Job.State


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "creators.csv", [creator(number) for number in range(ROWS)])


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("mod@example.com", is_staff=True)


def start(file: Path, owner: User) -> Job:
    return start_import(
        path=file,
        kind=Kind.CREATORS,
        options=ImportOptions(),
        owner=owner,
        now=timezone.now(),
    )


def ended(job: Job) -> bool:
    return not job.is_live


def reap() -> None:
    """As the scheduler does every few seconds."""
    current_app.send_task("marketplace.tasks.reap_stale_jobs")


def hold_last_row(connection: "psycopg2.extensions.connection") -> None:
    """Insert the file's last account without committing: who inserts it too must wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_creator (display_name, status, is_simulated, created_at) "
            "VALUES ('held', 'active', false, now()) RETURNING id"
        )
        (pk,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO accounts_socialaccount (creator_id, platform, handle, full_name, bio, "
            "hashtags, declared_niches, country, handle_is_hash, created_at, updated_at) VALUES "
            "(%s, 'instagram', %s, '', '', '{}', '{}', '', true, now(), now())",
            [pk, f"c{ROWS - 1:012x}"],
        )


def test_an_import_succeeds_and_a_second_message_is_harmless(
    worker: Worker, wait: Wait, file: Path, owner: User
) -> None:
    job = start(file, owner)
    queue.run_job(job_id=job.pk)
    queue.run_job(job_id=job.pk)
    job = wait(job, ended)
    assert (job.state, job.error, job.attempt) == (State.SUCCEEDED, "", 1)
    assert job.result["created"] == ROWS
    assert job.done == job.total == 2 * file.stat().st_size
    assert SocialAccount.objects.count() == ROWS
    queue.run_job(job_id=job.pk)
    time.sleep(0.5)
    job.refresh_from_db()
    assert job.attempt == 1


def test_a_refused_file_ends_the_job_with_its_rows(
    worker: Worker, wait: Wait, file: Path, owner: User
) -> None:
    write_rows(file, [creator(1), creator(2, followers="-5")])
    job = wait(start(file, owner), ended)
    assert job.state == State.FAILED
    assert "1 of 2 rows are bad" in job.error
    assert job.result["details"]["first_errors"][0]["row"] == 3
    assert SocialAccount.objects.count() == 0


def test_a_killed_workers_import_is_done_by_the_next(
    worker: Worker,
    wait: Wait,
    file: Path,
    owner: User,
    other_connection: "psycopg2.extensions.connection",
) -> None:
    hold_last_row(other_connection)
    job = start(file, owner)
    # Two batches are written, the third hangs on the held row.
    job = wait(job, lambda job: job.total and job.done >= job.total * 0.8)
    assert SocialAccount.objects.count() == 0
    worker.kill()
    other_connection.rollback()
    assert Job.objects.get(pk=job.pk).state == State.RUNNING
    time.sleep(STALE_AFTER)
    worker.start()
    reap()
    job = wait(job, ended)
    assert (job.state, job.attempt, job.lost) == (State.SUCCEEDED, 2, 1)
    assert job.result["created"] == ROWS
    counts = {model.objects.count() for model in (Creator, SocialAccount, AccountMetric)}
    assert counts == {ROWS}


def test_a_running_import_is_cancelled_within_seconds_and_retried(
    worker: Worker,
    wait: Wait,
    file: Path,
    owner: User,
    other_connection: "psycopg2.extensions.connection",
) -> None:
    with other_connection.cursor() as cursor:
        # Another import, as far as this one can see.
        cursor.execute("SELECT pg_advisory_lock(%s)", [service._LOCK])
    job = wait(start(file, owner), lambda job: job.total and job.done >= job.total / 2)
    asked = time.monotonic()
    cancel_job(job=job, actor=owner, now=timezone.now())
    job = wait(job, ended)
    assert job.state == State.CANCELLED
    assert time.monotonic() - asked < 5
    assert SocialAccount.objects.count() == 0

    other_connection.rollback()
    with other_connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [service._LOCK])
    retry_job(job=job, actor=owner, now=timezone.now())
    job = wait(job, ended)
    assert (job.state, job.attempt) == (State.SUCCEEDED, 2)
    assert SocialAccount.objects.count() == ROWS


def start_unsent(file: Path, owner: User, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Start a job while the broker is closed."""

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(queue.current_app, "send_task", refuse, raising=False)
        return start(file, owner)


def test_a_message_that_was_lost_is_sent_again(
    worker: Worker, wait: Wait, file: Path, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_unsent(file, owner, monkeypatch)
    assert job.state == State.QUEUED
    time.sleep(STALE_AFTER)
    reap()
    assert wait(job, ended).state == State.SUCCEEDED


def test_a_handler_that_fails_leaves_a_reference_not_a_traceback(
    worker: Worker, wait: Wait, file: Path, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_unsent(file, owner, monkeypatch)
    Job.objects.filter(pk=job.pk).update(params={"broken": True})
    queue.run_job(job_id=job.pk)
    job = wait(job, ended)
    assert job.state == State.FAILED
    assert "Traceback" not in job.error
    reference = job.error.rstrip(".").split()[-1]
    assert reference in worker.told()
