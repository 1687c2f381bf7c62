"""`manage.py export_outcomes TASK --out FILE [--include-simulated] [--json]`."""

import csv
import json
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import DomainError
from accounts.importing.refusals import escape_formula
from marketplace.management.stores import database_needed
from scoring.outcome_files import READERS, list_outcome_rows


class Command(BaseCommand):
    help = "Write what campaigns came to as a CSV file in the layout `train` reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", help=", ".join(READERS))
        parser.add_argument("--out", type=Path, required=True, help="the .csv file to write")
        parser.add_argument(
            "--include-simulated",
            action="store_true",
            help="also what was made up; figures learned from it measure nothing",
        )
        parser.add_argument("--json", action="store_true", help="print nothing but the JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path, written = options["out"], 0
        try:
            with database_needed():
                rows = list_outcome_rows(options["task"], simulated=options["include_simulated"])
                first = next(rows, None)
                if first is None:
                    raise CommandError(
                        "No outcomes are recorded yet: they come 30 days after a publication, or "
                        "when a collaboration ends. Simulated ones need --include-simulated."
                    )
                with path.open("w", encoding="utf-8", newline="") as out:
                    writer = csv.DictWriter(out, list(first))
                    writer.writeheader()
                    for row in chain([first], rows):
                        writer.writerow({name: _cell(value) for name, value in row.items()})
                        written += 1
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        if not options["json"]:
            self.stdout.write(f"{written} outcomes written to {path}.")
        self.stdout.write(json.dumps({"task": options["task"], "file": str(path), "rows": written}))


def _cell(value: Any) -> Any:
    return escape_formula(value) if isinstance(value, str) else value
