"""`manage.py rank_values [--as-of DATE] [--json]`: value and rank everybody now."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.errors import DomainError
from marketplace.management.commands.refresh_catalogue import ProgressBar
from marketplace.management.stores import database_needed
from scoring.valuing.running import rank_values


class Command(BaseCommand):
    help = "Work out every account's market value and rank from what was known at one moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", default="", help="a date or moment of the past; default: now"
        )
        parser.add_argument("--json", action="store_true", help="print nothing but one JSON line")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = Console(file=sys.stderr)
        params = {"as_of": options["as_of"]} if options["as_of"] else {}
        try:
            with (
                database_needed(),
                Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar,
            ):
                report = rank_values(params=params, progress=ProgressBar(bar), now=timezone.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(report))
            return
        done = "Valued before" if report["unchanged"] else "Valued"
        self.stdout.write(
            f"{done} as of {report['as_of'][:16]}: {report['valued']:,} accounts, "
            f"{report['abstained']:,} with nothing to go by."
        )
        for league, size in report["leagues"].items():
            self.stdout.write(f"  {league:24} {size:,} ranked")
        for market, creators in report["rates"].items():
            self.stdout.write(f"  going rate of {market}: from {creators:,} creators' prices")
