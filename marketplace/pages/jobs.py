"""Long work: what runs, how far it is, and starting, cancelling and retrying it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import access, jobs
from accounts.errors import Forbidden
from accounts.importing.errors import FileRefused
from accounts.models import Job, User
from marketplace.forms.imports import ImportForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.uploads import refused_rows_of
from scoring.selectors import get_catalogue_state

PAGE_SIZE = 25
MAIN_COUNTS = ("rows", "created", "updated", "unchanged", "refused")
# A waiting job starts within a second; after this long no worker is there to take it.
WAITING_TOO_LONG = timedelta(seconds=20)


@page
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    return jobs_page(request, user_of(request), ImportForm())


def jobs_page(
    request: HttpRequest, user: User, form: ImportForm, *, status: int = 200
) -> HttpResponse:
    """The list of jobs with the import form above it, for moderators."""
    visible = access.jobs_visible_to(user).select_related("owner").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        visible = visible.filter(pk__lt=int(before))
    rows = list(visible[: PAGE_SIZE + 1])
    context = {
        "jobs": rows[:PAGE_SIZE],
        "next_before": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        "form": form,
        "state": get_catalogue_state() if user.is_staff else None,
    }
    return render(request, "jobs/list.html", context, status=status)


@page
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    found = access.job_for(user_of(request), job_id)
    return render(request, "jobs/detail.html", {**_progress(found), **_outcome(found)})


@page
@require_safe
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The moving part of the job's page. Once the job has ended, the whole page is due."""
    found = access.job_for(user_of(request), job_id)
    response = render(request, "jobs/progress.html", _progress(found))
    if not found.is_live:
        response["HX-Refresh"] = "true"
    return response


@page
@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    user = user_of(request)
    stopped = jobs.cancel_job(job=access.job_for(user, job_id), actor=user, now=timezone.now())
    if stopped.is_live:
        messages.info(request, "The job stops at its next safe point, within seconds.")
    else:
        messages.success(request, "The job is cancelled.")
    return redirect("job", job_id)


@page
@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    user = user_of(request)
    jobs.retry_job(job=access.job_for(user, job_id), actor=user, now=timezone.now())
    messages.success(request, "The job is queued again.")
    return redirect("job", job_id)


@page
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Embed and score the catalogue: for moderators, who keep it."""
    user = user_of(request)
    require_moderator(user)
    started = jobs.start_job(
        kind=Job.Kind.REFRESH,
        title=Job.Kind.REFRESH.label,
        params={},
        owner=user,
        now=timezone.now(),
    )
    return redirect("job", started.pk)


@page
@require_safe
def refused_rows(request: HttpRequest, job_id: int) -> FileResponse:
    path = refused_rows_of(access.job_for(user_of(request), job_id))
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def require_moderator(user: User) -> None:
    """:raises Forbidden: if the user is none."""
    if not user.is_staff:
        raise Forbidden("Only moderators change the catalogue.")


def _progress(found: Job) -> dict[str, Any]:
    now = timezone.now()
    return {
        "job": found,
        "left": found.remaining(now=now),
        "waits_too_long": _waits_too_long(found, now),
    }


def _waits_too_long(found: Job, now: datetime) -> bool:
    return found.state == Job.State.QUEUED and now - found.queued_at > WAITING_TOO_LONG


def _outcome(found: Job) -> dict[str, Any]:
    """What the handlers in `marketplace/tasks.py` left behind, apart for the template."""
    result = found.result if isinstance(found.result, dict) else {}
    report = result.get("details") if found.state == Job.State.FAILED else result
    report = report if isinstance(report, dict) else {}
    return {
        "counts": _counts(report),
        "errors": report.get("first_errors") or [],
        "error_count": report.get("errors") or 0,
        "warnings": report.get("first_warnings") or [],
        "unused_columns": report.get("unused_columns") or [],
        "refused_file": result.get("refused_file") or "",
        "refresh_job": result.get("refresh_job"),
        "dry_run": bool(report.get("dry_run")),
        "is_refused_file": result.get("code") == FileRefused.code,
        "can_retry": found.state in (Job.State.FAILED, Job.State.CANCELLED),
    }


def _counts(report: dict[str, Any]) -> list[tuple[str, int]]:
    """The report's numbers: the main ones in order, then whatever else is not zero."""
    numbers = {
        name: value
        for name, value in report.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
    main = [(name, numbers.pop(name)) for name in MAIN_COUNTS if name in numbers]
    return main + sorted((name, value) for name, value in numbers.items() if value)
