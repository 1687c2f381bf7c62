"""Celery tasks: each takes ids and calls one service."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from accounts import idempotency, jobs, queue
from accounts.importing.job import run_import_job
from accounts.job_progress import JobProgress
from accounts.models import Job
from accounts.notifying import cleaning, delivering
from campaigns import attachments, books, message_mail, reminding, timers, transparency
from campaigns.payments import sending, sweeping
from campaigns.results import collecting
from marketplace.mails.composing import SiteComposer
from scoring.alerting import checking
from scoring.features import match_work
from scoring.interactions import thinning


def _embed(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring import catalogue  # loads models: only the worker that needs them pays

    return catalogue.embed_catalogue(params=params, progress=progress, now=now)


def _score(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring import catalogue

    return catalogue.score_catalogue(params=params, progress=progress, now=now)


def _refresh(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring import catalogue

    return catalogue.refresh_catalogue(params=params, progress=progress, now=now)


def _cluster(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring import niche_clusters

    return niche_clusters.cluster_niches(params=params, progress=progress, now=now)


def _write_reports(
    *, params: dict[str, Any], progress: JobProgress, now: datetime
) -> dict[str, Any]:
    from scoring.niche_reports import writing

    return writing.run_report_job(params=params, progress=progress, now=now)


def _prices(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring.pricing import learning

    return learning.learn_prices(params=params, progress=progress, now=now)


def _rank_values(*, params: dict[str, Any], progress: JobProgress, now: datetime) -> dict[str, Any]:
    from scoring.valuing import running  # loads the model, as `_embed` does

    return running.rank_values(params=params, progress=progress, now=now)


HANDLERS: dict[str, jobs.Handler] = {
    Job.Kind.IMPORT: run_import_job,
    Job.Kind.EMBED: _embed,
    Job.Kind.SCORE: _score,
    Job.Kind.REFRESH: _refresh,
    Job.Kind.CLUSTER: _cluster,
    Job.Kind.VALUES: _rank_values,
    Job.Kind.PRICES: _prices,
    Job.Kind.REPORTS: _write_reports,
}


@shared_task(name="marketplace.tasks.run_job")
def run_job(*, job_id: int) -> None:
    jobs.run_job(job_id=job_id, handlers=HANDLERS)


@shared_task(name="marketplace.tasks.reap_stale_jobs")
def reap_stale_jobs() -> None:
    jobs.reap_stale_jobs(now=timezone.now())


# The limits are beyond what a mail server or an endpoint may take; whoever sends without end
# meets them.
@shared_task(name="marketplace.tasks.deliver_outbox", soft_time_limit=60, time_limit=90)
def deliver_outbox() -> None:
    queue.forget_nudge()
    report = delivering.deliver_due(composer=SiteComposer(), now=timezone.now())
    if report.is_unfinished:
        queue.deliver_outbox()


@shared_task(name="marketplace.tasks.clean_outbox")
def clean_outbox() -> None:
    cleaning.clean_outbox(now=timezone.now())


@shared_task(name="marketplace.tasks.fire_timers")
def fire_timers() -> None:
    timers.fire_due(now=timezone.now())


@shared_task(name="marketplace.tasks.remind_of_deadlines")
def remind_of_deadlines() -> None:
    reminding.remind_of_deadlines(now=timezone.now())


@shared_task(name="marketplace.tasks.send_attempt")
def send_attempt(*, attempt_id: int) -> None:
    sending.send_attempt(attempt_id=attempt_id, now=timezone.now())


@shared_task(name="marketplace.tasks.sweep_payments")
def sweep_payments() -> None:
    sweeping.sweep_payments(now=timezone.now())


@shared_task(name="marketplace.tasks.clear_old_keys")
def clear_old_keys() -> None:
    idempotency.clear_old_keys(now=timezone.now())


@shared_task(name="marketplace.tasks.thin_impressions")
def thin_impressions() -> None:
    thinning.thin_impressions(now=timezone.now())


@shared_task(name="marketplace.tasks.refresh_track_records")
def refresh_track_records() -> None:
    transparency.refresh_track_records(now=timezone.now())


@shared_task(name="marketplace.tasks.refresh_past_work")
def refresh_past_work() -> None:
    match_work.sync_past_work(now=timezone.now())


@shared_task(name="marketplace.tasks.check_books")
def check_books() -> None:
    books.run_check(now=timezone.now())


@shared_task(name="marketplace.tasks.tell_unread_messages")
def tell_unread_messages() -> None:
    message_mail.tell_unread(now=timezone.now())


@shared_task(name="marketplace.tasks.remove_unsent_attachments")
def remove_unsent_attachments() -> None:
    attachments.remove_unsent(now=timezone.now())


@shared_task(name="marketplace.tasks.collect_results")
def collect_results() -> None:
    collecting.collect_results(now=timezone.now())


@shared_task(name="marketplace.tasks.learn_recommendations")
def learn_recommendations() -> None:
    from scoring.recommendations import learning  # loads models, as `_embed` does

    learning.learn_from_new_events(now=timezone.now())


@shared_task(name="marketplace.tasks.relearn_recommendations")
def relearn_recommendations() -> None:
    from scoring.recommendations import learning

    learning.learn_everything_anew(now=timezone.now())


@shared_task(name="marketplace.tasks.cluster_niches")
def cluster_niches() -> None:
    jobs.start_job(
        kind=Job.Kind.CLUSTER,
        title=Job.Kind.CLUSTER.label,
        params={},
        owner=None,
        now=timezone.now(),
    )


@shared_task(name="marketplace.tasks.write_niche_reports")
def write_niche_reports() -> None:
    from scoring.niche_reports import writing
    from scoring.niche_reports.months import last_full_month

    now = timezone.now()
    writing.start_report(month=last_full_month(now), owner=None, now=now)


@shared_task(name="marketplace.tasks.check_alerts")
def check_alerts() -> None:
    checking.check_alerts(now=timezone.now())


@shared_task(name="marketplace.tasks.learn_prices")
def learn_prices() -> None:
    jobs.start_job(
        kind=Job.Kind.PRICES,
        title=Job.Kind.PRICES.label,
        params={},
        owner=None,
        now=timezone.now(),
    )


@shared_task(name="marketplace.tasks.rank_values")
def rank_values() -> None:
    jobs.start_job(
        kind=Job.Kind.VALUES,
        title=Job.Kind.VALUES.label,
        params={},
        owner=None,
        now=timezone.now(),
    )
