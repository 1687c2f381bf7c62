"""Write the reports of a month: what was found, once, and again only if it has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Min

from accounts import audit, jobs
from accounts.errors import DomainError
from accounts.models import AccountMetric, Job, SocialAccount, User
from scoring.catalogue import Progress, Quiet
from scoring.models import NicheMonth, NicheReport, SearchEntry
from scoring.niche_reports.computing import ComputedMonth, NicheFacts, compute_month
from scoring.niche_reports.estimates import Estimate
from scoring.niche_reports.months import Month, MonthRefused, check_has_begun, last_full_month

BOTH: Final = (False, True)
STEPS: Final = 3
_ESTIMATES: Final = (
    "growth", "growth_change", "engagement", "engagement_change", "posts_per_week", "opportunity",
)  # fmt: skip


class NothingToReport(DomainError):
    """No creator has a niche: there is nothing that a report could be about."""

    code = "no_niches"
    http_status = 409
    message = (
        "No creator in the catalogue has a niche yet. Import creators and score the catalogue "
        "first."
    )


@dataclass(frozen=True)
class Written:
    """``added`` is False where the newest report already says the same."""

    report: NicheReport
    added: bool


def write_month(
    *,
    month: Month,
    now: datetime,
    kinds: Sequence[bool] = BOTH,
    progress: Progress | None = None,
) -> list[Written]:
    """Compute a month over real and over simulated creators, apart, and keep what is new.

    Nothing is kept of a kind with no creators. Two computations of one month wait for each other.

    :param kinds: whether simulated, each to be computed.
    :raises MonthRefused: if the month lies in the future or before any fact.
    :raises NothingToReport: if no creator has a niche.
    """
    check_has_begun(month, now=now)
    watched = progress or Quiet()
    watched.set_stage(f"Reading {month.words}")
    watched.set_total(STEPS * len(kinds))
    written = []
    with transaction.atomic():
        _lock(month)
        for is_simulated in kinds:
            found = compute_month(month, is_simulated=is_simulated, as_of=now, note=watched.advance)
            if found.accounts:
                written.append(_keep(found))
    if not written:
        raise _refusal(month)
    return written


def start_report(*, month: Month, owner: User | None, now: datetime) -> Job:
    """Queue the job that writes a month.

    :raises MonthRefused: if the month lies in the future.
    """
    check_has_begun(month, now=now)
    return jobs.start_job(
        kind=Job.Kind.REPORTS,
        title=f"Niche reports of {month.words}",
        params={"month": str(month)},
        owner=owner,
        now=now,
    )


def run_report_job(*, params: dict[str, Any], progress: Progress, now: datetime) -> dict[str, Any]:
    """``params``: {"month"?}; without one the last full month."""
    month = Month.parse(params["month"]) if "month" in params else last_full_month(now)
    written = write_month(month=month, now=now, progress=progress)
    return {
        "month": str(month),
        "reports": [describe_written(one) for one in written],
    }


def describe_written(one: Written) -> dict[str, Any]:
    report = one.report
    return {
        "is_simulated": report.is_simulated,
        "version": report.version,
        "added": one.added,
        "accounts": report.accounts,
        "niches": report.niches,
        "too_small": report.too_small,
    }


def _lock(month: Month) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"niche-report:{month}"]
        )


def _keep(found: ComputedMonth) -> Written:
    fields = [_fields(row) for row in found.rows]
    digest = _digest(found, fields)
    newest = (
        NicheReport.objects.filter(month=found.month.first, is_simulated=found.is_simulated)
        .order_by("-version")
        .first()
    )
    if newest is not None and newest.content_hash == digest:
        return Written(newest, added=False)
    report = NicheReport.objects.create(
        month=found.month.first,
        is_simulated=found.is_simulated,
        version=newest.version + 1 if newest else 1,
        until=found.until,
        as_of=found.as_of,
        accounts=found.accounts,
        niches=found.niches,
        too_small=found.too_small,
        content_hash=digest,
        created_at=found.as_of,
    )
    NicheMonth.objects.bulk_create(
        (NicheMonth(report=report, **row) for row in fields), batch_size=500
    )
    audit.record(
        actor=None,
        verb="niche_report.written",
        subject=report,
        data={"content_hash": digest, "niches": report.niches, "accounts": report.accounts},
    )
    return Written(report, added=True)


def _fields(row: NicheFacts) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in asdict(row)}
    for name in _ESTIMATES:
        estimate: Estimate | None = values[name]
        values[name] = estimate and estimate.to_dict()
    return values


def _digest(found: ComputedMonth, fields: list[dict[str, Any]]) -> str:
    content = [found.until.isoformat(), found.accounts, found.too_small, fields]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _refusal(month: Month) -> DomainError:
    if not SearchEntry.objects.exclude(niches=[]).exists():
        return NothingToReport()
    days: list[date] = []
    if day := AccountMetric.objects.aggregate(first=Min("day"))["first"]:
        days.append(day)
    if moment := SocialAccount.objects.aggregate(first=Min("created_at"))["first"]:
        days.append(moment.date())
    since = f" The first facts are of {Month.of(min(days)).words}." if days else ""
    return MonthRefused(f"Nothing is known of {month.words}.{since}")
