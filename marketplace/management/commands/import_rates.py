"""`manage.py import_rates FILE --source TEXT [--dry-run] [--json]`: prices into the market."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import DomainError
from marketplace.management.commands.match import read_day
from marketplace.management.stores import database_needed
from scoring.pricing.importing import import_prices

SHOWN = 20


class Command(BaseCommand):
    help = "Import rate cards or agreed prices from a CSV file, plain or gzipped; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source", default="", help="where the prices come from; default: the file's name"
        )
        parser.add_argument("--day", type=read_day, help="of rows without a date; default today")
        parser.add_argument("--simulated", action="store_true", help="the prices are made up")
        parser.add_argument("--dry-run", action="store_true", help="check, write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        day: date | None = options["day"]
        try:
            with database_needed():
                report = import_prices(
                    path=file,
                    source=options["source"] or file.name,
                    actor=None,
                    now=timezone.now(),
                    day=day,
                    dry_run=options["dry_run"],
                    simulated=options["simulated"],
                )
        except DomainError as error:
            problems = error.details.get("problems", []) if isinstance(error.details, dict) else []
            if options["json"]:
                self.stdout.write(json.dumps({"error": error.message, "problems": problems}))
            lines = [
                f"  row {one['row']}, column {one['column']}: found {one['found']!r}, "
                f"expected {one['expected']}"
                for one in problems[:SHOWN]
            ]
            raise CommandError("\n".join([error.message, *lines])) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
            return
        verb = "Would add" if report.dry_run else "Added"
        self.stdout.write(
            f"{verb} {report.added:,} of {report.prices:,} prices of {report.creators:,} creators "
            f"({report.layout}, {report.rows:,} rows); {report.repeated:,} were known."
        )
        if report.added and not report.dry_run:
            self.stdout.write("Next: `manage.py learn_prices` learns from them.")
