"""`manage.py report_niches`, the job of the same, its monthly start and the demo market's."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import jobs
from accounts.models import Creator, Job
from marketplace.demo.niche_reports import write_niche_reports as write_demo_reports
from marketplace.tasks import HANDLERS, write_niche_reports
from scoring.models import NicheReport
from scoring.niche_reports.months import last_full_month
from tests.scoring.niche_reports.making import make_niche

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("report_niches", *arguments, stdout=out)
    return out.getvalue()


def test_a_month_is_printed_explained_and_written_to_a_file(tmp_path: Path) -> None:
    make_niche("cooking", [0.02] * 12)
    make_niche("knives", [0.02] * 3)
    text = run("--month", "2026-03")
    assert "growing 2.0 %" in text
    assert "12 accounts" not in text
    assert "15 accounts, 1 niches, 1 too small to be shown; version 1" in text
    words = run("--month", "2026-03", "--niche", "cooking")
    assert "median of 12 accounts counted twice" in words
    assert "unchanged since version 1" in words
    assert "nothing is shown" in run("--month", "2026-03", "--niche", "knives")
    report = json.loads(run("--month", "2026-03", "--json"))
    assert [niche["niche"] for niche in report["niches"]] == ["cooking"]
    file = tmp_path / "niches.csv"
    run("--month", "2026-03", "--csv", str(file))
    [row] = csv.DictReader(file.open(encoding="utf-8", newline=""))
    assert (row["niche"], row["growth"]) == ("cooking", "0.02")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--month", "March"], "is no month"),
        (["--month", "2999-01"], "has not begun"),
        (["--month", "2020-01"], "first facts are of January 2026"),
        (["--month", "2026-03", "--niche", "cokking"], "Is it one of these: cooking"),
        (["--month", "2026-03", "--csv", "/nowhere/niches.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_is_refused_by_name(arguments: list[str], message: str) -> None:
    make_niche("cooking", [0.02] * 10)
    with pytest.raises(CommandError, match=message):
        run(*arguments)


def test_an_empty_catalogue_is_refused() -> None:
    with pytest.raises(CommandError, match="No creator in the catalogue has a niche"):
        run("--month", "2026-03")


@pytest.mark.django_db(transaction=True)
def test_the_monthly_job_writes_the_month_before_and_says_what_it_found() -> None:
    month = last_full_month(timezone.now())
    make_niche("cooking", [0.02] * 10)
    write_niche_reports()
    job = Job.objects.get()
    assert (job.kind, job.owner, job.params) == ("reports", None, {"month": str(month)})
    jobs.run_job(job_id=job.pk, handlers=HANDLERS)
    job.refresh_from_db()
    assert (job.state, job.error) == ("succeeded", "")
    assert job.result["reports"][0]["niches"] == 1
    assert (job.done, job.total) == (6, 6)


def test_the_demo_market_has_its_months_and_no_real_creator_in_them() -> None:
    make_niche("cooking", [0.02] * 10)
    make_niche("cooking", [0.02] * 11, is_simulated=True)
    now = datetime(2026, 4, 10, tzinfo=UTC)
    assert write_demo_reports(now=now) == 4
    assert set(NicheReport.objects.values_list("is_simulated", "accounts")) == {(True, 11)}
    Creator.objects.filter(is_simulated=True).update(status="closed")
    assert write_demo_reports(now=now) == 0
