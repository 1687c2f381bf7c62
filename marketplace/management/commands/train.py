"""`manage.py train TASK --data FILE… [--version vN] [--json]`."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import DomainError
from scoring import training
from scoring.ml import artifacts
from scoring.ml.tables import TableError


class Command(BaseCommand):
    help = "Train a model version and write it, with its figures, as an artefact."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", help=", ".join(training.TASK_MODULES))
        parser.add_argument(
            "--data", nargs="+", type=Path, required=True, help=".csv or .csv.gz files"
        )
        # Django keeps --version for itself, hence the destination and the conflict handling
        parser.add_argument("--model-version", help="name of the version, default the next vN")
        parser.add_argument("--random-state", type=int, default=42)
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)
        parser.add_argument("--version", dest="model_version", help="same as --model-version")
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.ARTIFACTS_DIR)
        name = options["task"]
        try:
            spec = training.get_task(name)
            version = options["model_version"] or artifacts.next_version(root, name)
            if (root / name / version).exists():
                raise CommandError(f"{name} {version} already exists; choose another --version.")
            if not options["json"]:
                self.stdout.write(f"Training {name} {version} …")
            metadata = spec.train(
                options["data"],
                root / name / version,
                random_state=options["random_state"],
                trained_at=timezone.now(),
            )
        except (DomainError, TableError, artifacts.ArtifactError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or root}: {error.strerror}.") from error
        if not options["json"]:
            for metric, value in metadata["metrics"].items():
                figure = "not supported by the data" if value is None else f"{value:.4f}"
                self.stdout.write(f"  {metric:24} {figure}")
            self.stdout.write(
                f"Written. `manage.py promote_model {name} {version}` makes it answer."
            )
        self.stdout.write(
            json.dumps(
                {
                    "task": name,
                    "model_version": version,
                    "rows": sum(source["rows"] for source in metadata["data"]),
                    "metrics": metadata["metrics"],
                }
            )
        )
