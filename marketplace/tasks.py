"""Celery tasks: each takes ids and calls one service."""

from datetime import datetime
from smtplib import SMTPException
from typing import Any

from celery import shared_task
from django.utils import timezone

from accounts import jobs
from accounts.importing.job import run_import_job
from accounts.job_progress import JobProgress
from accounts.models import Job
from campaigns import books
from campaigns.payments import sending, sweeping
from campaigns.results import collecting
from marketplace.mails.composing import SiteComposer


def _embed(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring import catalogue  # loads models: only the worker that needs them pays

    return catalogue.embed_catalogue(params=params, progress=progress, now=now)


def _score(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring import catalogue

    return catalogue.score_catalogue(params=params, progress=progress, now=now)


def _refresh(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring import catalogue

    return catalogue.refresh_catalogue(params=params, progress=progress, now=now)


HANDLERS: dict[str, jobs.Handler] = {
    Job.Kind.IMPORT: run_import_job,
    Job.Kind.EMBED: _embed,
    Job.Kind.SCORE: _score,
    Job.Kind.REFRESH: _refresh,
}


@shared_task(name="marketplace.tasks.run_job")
def run_job(*, job_id: int) -> None:
    jobs.run_job(job_id=job_id, handlers=HANDLERS)


@shared_task(name="marketplace.tasks.reap_stale_jobs")
def reap_stale_jobs() -> None:
    jobs.reap_stale_jobs(now=timezone.now())


# A mail server that is away for a few hours loses nothing: 1, 2, 4 … minutes, at most an hour.
@shared_task(
    name="marketplace.tasks.send_case_mail",
    autoretry_for=(SMTPException, OSError),
    retry_backoff=60,
    retry_backoff_max=3_600,
    max_retries=12,
)
def send_case_mail(*, event_id: int) -> None:
    case_mail.send_case_mail(event_id=event_id)


@shared_task(name="marketplace.tasks.send_attempt")
def send_attempt(*, attempt_id: int) -> None:
    sending.send_attempt(attempt_id=attempt_id, now=timezone.now())


@shared_task(name="marketplace.tasks.sweep_payments")
def sweep_payments() -> None:
    sweeping.sweep_payments(now=timezone.now())


@shared_task(name="marketplace.tasks.check_books")
def check_books() -> None:
    books.run_check(now=timezone.now())


@shared_task(name="marketplace.tasks.collect_results")
def collect_results() -> None:
    collecting.collect_results(now=timezone.now())
