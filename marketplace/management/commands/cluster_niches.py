"""`manage.py cluster_niches [--k N|auto] [--seed N] [--json]`: find niche groups now."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from accounts.errors import DomainError
from marketplace.management.commands.refresh_catalogue import ProgressBar
from marketplace.management.stores import database_needed
from scoring.niche_clusters import AUTO, SEED, cluster_niches, read_group_count
from scoring.niche_groups import NicheGroupFacts, list_groups

FIGURES = ("silhouette", "stability", "agreement", "moved")


class Command(BaseCommand):
    help = "Find groups of creators by their texts, without labels; names go on from run to run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--k", default=AUTO, help="how many groups; auto (the default) chooses by silhouette"
        )
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--json", action="store_true", help="print nothing but one JSON line")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = Console(file=sys.stderr)
        if not 0 <= options["seed"] < 2**32:
            raise CommandError("--seed must be a whole number from 0 to 4294967295.")
        try:
            params = {"k": read_group_count(options["k"]) or AUTO, "seed": options["seed"]}
            with (
                database_needed(),
                Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar,
            ):
                report = cluster_niches(
                    params=params, progress=ProgressBar(bar), now=timezone.now()
                )
                groups = list_groups().groups
        except DomainError as error:
            raise CommandError(error.message) from error
        if not options["json"]:
            self._print(report, groups)
        else:
            report["named"] = [
                {"id": group.id, "name": group.name, "creators": group.creators} for group in groups
            ]
            self.stdout.write(json.dumps(report, ensure_ascii=False))

    def _print(self, report: dict[str, Any], groups: list[NicheGroupFacts]) -> None:
        table = Table("id", "group", "keywords", "creators")
        for group in groups:
            table.add_row(
                str(group.id), group.name, ", ".join(group.keywords), f"{group.creators:,}"
            )
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]
        before = "as the newest run left them" if report["unchanged"] else "found"
        self.stdout.write(
            f"{report['groups']} groups of {report['accounts']:,} accounts {before}; "
            f"{report['without_text']:,} have nothing to read."
        )
        for name in FIGURES:
            value = report["figures"].get(name)
            self.stdout.write(f"  {name:12} {'unknown' if value is None else value}")
