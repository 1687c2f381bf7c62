"""Embed and score the catalogue now, in this process, with a progress bar."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from accounts.errors import DomainError
from marketplace.management.stores import database_needed
from scoring.catalogue import refresh_catalogue
from scoring.rescoring import SCORED_TASKS


class ProgressBar:
    """A `scoring.catalogue.Progress` people can watch in a terminal."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task("Reading", total=None)

    def set_total(self, total: int) -> None:
        self.bar.update(self.task, total=total)

    def set_stage(self, stage: str) -> None:
        self.bar.update(self.task, description=stage)

    def advance(self, count: int = 1) -> None:
        self.bar.advance(self.task, count)


class Command(BaseCommand):
    help = "Embed texts that have no vector yet and score every account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--tasks",
            nargs="+",
            choices=SCORED_TASKS,
            default=SCORED_TASKS,
            help="score only these, such as after a new version of one model",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=sys.stderr)
        params = {"tasks": list(options["tasks"])}
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        try:
            with (
                database_needed(),
                Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar,
            ):
                report = refresh_catalogue(
                    params=params, progress=ProgressBar(bar), now=timezone.now()
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            json.dumps(report)
            if options["json"]
            else f"Embedded {report['embedded']:,} texts; wrote {report['scores_written']:,} "
            f"scores, {report['scores_unchanged']:,} were up to date."
        )
