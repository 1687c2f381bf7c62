"""`manage.py report_niches [--month 2026-03] [--niche NAME] [--json | --csv FILE]`."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from accounts.errors import DomainError
from accounts.models import Platform
from marketplace.management.commands.refresh_catalogue import ProgressBar
from marketplace.management.stores import database_needed
from marketplace.niche_report_csv import niche_csv
from marketplace.readable import UNKNOWN, money_in, niche_name
from scoring.models import NicheReport
from scoring.niche_reports.months import Month, last_full_month
from scoring.niche_reports.reading import NicheReading, check_niche, list_niches
from scoring.niche_reports.wording import describe, growth_words, percents
from scoring.niche_reports.writing import describe_written, write_month

Found = list[tuple[NicheReport, NicheReading]]


class Command(BaseCommand):
    help = (
        "Write the niche reports of a month, the last full one unless one is named, and print "
        "them. What has not changed is not written again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", help="such as 2026-03; the running month is read so far")
        parser.add_argument("--niche", default="", help="print this one alone, in words")
        parser.add_argument("--platform", default="", choices=["", *Platform.values])
        output = parser.add_mutually_exclusive_group()
        output.add_argument("--json", action="store_true", help="print nothing but one JSON line")
        output.add_argument("--csv", type=Path, metavar="FILE", help="write the table there")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = Console(file=sys.stderr)
        quiet = not sys.stderr.isatty()
        try:
            month = Month.parse(options["month"]) if options["month"] else last_full_month(now)
            with database_needed():
                if options["niche"]:
                    check_niche(options["niche"])
                with Progress(*columns, console=console, disable=quiet) as bar:
                    written = write_month(month=month, now=now, progress=ProgressBar(bar))
                found: Found = [
                    (one.report, reading)
                    for one in written
                    for reading in _readings(one.report, options)
                ]
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            answer = {
                "month": str(month),
                "reports": [describe_written(one) for one in written],
                "niches": [_summary(report, reading) for report, reading in found],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        if options["csv"]:
            self._save(options["csv"], found)
        elif options["niche"]:
            self._explain(found, options["niche"])
        else:
            self._print(found)
        for one in written:
            self.stdout.write(_state(one.report, one.added))

    def _save(self, path: Path, found: Found) -> None:
        try:
            path.write_text(niche_csv(found), encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(found)} rows are in {path}.")

    def _explain(self, found: Found, niche: str) -> None:
        for report, reading in found:
            self.stdout.write(f"{niche_name(niche).capitalize()}{_kind(report)}")
            for sentence in describe(reading):
                self.stdout.write(f"  {sentence.topic}: {sentence.text}")
        if not found:
            self.stdout.write(f"Fewer than 10 creators have {niche}, so nothing is shown of it.")

    def _print(self, found: Found) -> None:
        table = Table("niche", "creators", "competition", "growth", "engagement, %", "price")
        for report, reading in found:
            row, price = reading.row, reading.price
            table.add_row(
                f"{niche_name(row.niche)}{_kind(report)}",
                f"{row.creators:,}",
                reading.level,
                growth_words(row.growth),
                percents(row.engagement["value"]) if row.engagement else UNKNOWN,
                money_in(price["median_minor"], price["currency"]) if price else UNKNOWN,
            )
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]


def _readings(report: NicheReport, options: dict[str, Any]) -> list[NicheReading]:
    listed = list_niches(
        is_simulated=report.is_simulated, month=Month(report.month), platform=options["platform"]
    )
    asked = options["niche"]
    return [one for one in listed.readings if asked in ("", one.row.niche)]


def _summary(report: NicheReport, reading: NicheReading) -> dict[str, Any]:
    row = reading.row
    return {
        "niche": row.niche,
        "is_simulated": report.is_simulated,
        "creators": row.creators,
        "competition": reading.level,
        "growth": row.growth,
        "engagement": row.engagement,
        "prices": row.prices,
        "opportunity": row.opportunity,
    }


def _state(report: NicheReport, added: bool) -> str:
    news = f"version {report.version}" if added else f"unchanged since version {report.version}"
    return (
        f"{Month(report.month).words}{_kind(report)}: {report.accounts:,} accounts, "
        f"{report.niches} niches, {report.too_small} too small to be shown; {news}."
    )


def _kind(report: NicheReport) -> str:
    return " (simulated)" if report.is_simulated else ""
