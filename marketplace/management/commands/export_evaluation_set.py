"""`manage.py export_evaluation_set FILE [--until MOMENT] [--json]`."""

import csv
import json
from argparse import ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.management.stores import database_needed
from scoring.moderation.exporting import COLUMNS, list_evaluation_rows


def moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no date such as 2026-03-01T12:00") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Write moderators' decisions as a labelled CSV to evaluate models on, never to train."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the .csv file to write")
        parser.add_argument(
            "--until", type=moment, help="only decisions up to this moment (UTC), to freeze a set"
        )
        parser.add_argument("--json", action="store_true", help="print nothing but the JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path, counts = options["file"], {"rows": 0, "fake": 0}
        try:
            with database_needed(), path.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, COLUMNS)
                writer.writeheader()
                for row in list_evaluation_rows(until=options["until"]):
                    writer.writerow(row)
                    counts["rows"] += 1
                    counts["fake"] += int(row["is_fake"] or 0)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        if not options["json"]:
            self.stdout.write(f"{counts['rows']} labelled accounts written to {path}.")
        self.stdout.write(json.dumps({"file": str(path), **counts}))
