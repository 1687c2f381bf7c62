"""What the import commands have in common."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from accounts.errors import DomainError
from accounts.importing.errors import FileRefused
from accounts.importing.layout import Kind
from accounts.importing.options import ImportOptions
from accounts.importing.report import ImportReport
from accounts.importing.service import import_file
from accounts.importing.sources import ENCODINGS
from accounts.models import Platform

# Problems printed for people; --json has up to a thousand.
SHOWN_PROBLEMS = 20

# What the import wrote, as the report calls it.
COUNTERS = (
    "accounts_created",
    "accounts_updated",
    "metrics_added",
    "posts_created",
    "posts_updated",
    "post_metrics_added",
    "followers_added",
    "comments_added",
)


class ImportCommand(BaseCommand):
    """Import one file. Exit status 1 and nothing imported when it cannot be taken whole."""

    kind: Kind
    # Loading the pages and models for the other checks takes longer than most imports.
    requires_system_checks = [Tags.models, Tags.database]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, plain or gzipped")
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would happen and change nothing"
        )
        parser.add_argument(
            "--skip-bad",
            type=Path,
            metavar="REFUSED.csv",
            help="import the good rows and write the bad ones here, with the reasons",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")
        parser.add_argument(
            "--platform",
            choices=Platform.values,
            default=Platform.INSTAGRAM.value,
            help="for files that do not tell (default: instagram)",
        )
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="DAY",
            help="the day of counts that the file does not date (default: today)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_json: bool = options["json"]
        try:
            with _progress_bar(f"Importing {options['file'].name}") as progress:
                report = import_file(
                    path=options["file"],
                    kind=self.kind,
                    options=ImportOptions(
                        dry_run=options["dry_run"],
                        skip_bad=options["skip_bad"],
                        encoding=options["encoding"],
                        platform=options["platform"],
                        as_of=options["as_of"],
                    ),
                    actor=None,
                    now=timezone.now(),
                    progress=progress,
                )
        except DomainError as error:
            if as_json:
                document = {"error": error.code, "message": error.message, "report": error.details}
                self.stdout.write(json.dumps(document, ensure_ascii=False))
            elif isinstance(error, FileRefused):
                self._print_problems(
                    "Errors", error.details["errors"], error.details["first_errors"]
                )
            raise CommandError(error.message) from error
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}".strip()) from error
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self._print_report(report)

    def _print_report(self, report: ImportReport) -> None:
        counts, document = report.counts(), report.as_dict()
        if report.rows == 0:
            self.stdout.write("The file has a header and no rows.")
        if report.unused_columns:
            self.stdout.write(f"Columns not used: {', '.join(report.unused_columns)}.")
        self._print_problems("Warnings", counts["warnings"], document["first_warnings"])
        if report.refused_file:
            self.stdout.write(f"{report.refused:,} refused rows are in {report.refused_file}.")
        self.stdout.write(
            f"{'Would import' if report.dry_run else 'Imported'} {report.rows:,} rows of "
            f"{report.layout}: {report.created:,} created, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {report.refused:,} refused."
        )
        told = [f"{counts[name]:,} {name.replace('_', ' ')}" for name in COUNTERS if counts[name]]
        if told:
            self.stdout.write(f"In the catalogue: {', '.join(told)}.")
        if counts["accounts_changed"] and not report.dry_run:
            self.stdout.write(
                f"Next: `manage.py refresh_catalogue` embeds and scores the "
                f"{counts['accounts_changed']:,} accounts that changed."
            )

    def _print_problems(self, title: str, count: int, problems: list[dict[str, Any]]) -> None:
        if not count:
            return
        self.stdout.write(f"{title}: {count:,}")
        for problem in problems[:SHOWN_PROBLEMS]:
            line = f" (line {problem['line']})" if problem["line"] != problem["row"] else ""
            column = f", column {problem['column']}" if problem["column"] else ""
            found = f"found {problem['found']!r}, " if problem["found"] else ""
            self.stdout.write(
                f"  row {problem['row']}{line}{column}: {found}expected {problem['expected']}"
            )
        if count > SHOWN_PROBLEMS:
            self.stdout.write(f"  … and {count - SHOWN_PROBLEMS:,} more.")


@contextlib.contextmanager
def _progress_bar(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on standard error when a person is looking, else nothing."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
