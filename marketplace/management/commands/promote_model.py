"""`manage.py promote_model TASK VERSION [--data FILE | --because WORDS]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import DomainError
from scoring import registry
from scoring.ml.artifacts import ArtifactError
from scoring.ml.tables import TableError


class Command(BaseCommand):
    help = "Make a model version answer, if it beats the active one on the same hold-out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task")
        parser.add_argument("model_version", metavar="version")
        proof = parser.add_mutually_exclusive_group()
        proof.add_argument(
            "--data",
            type=Path,
            help="labelled file neither version was trained on; default: the recorded hold-out",
        )

        proof.add_argument(
            "--because",
            metavar="WORDS",
            help="compare nothing: it shall answer for this reason, which active.json keeps",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        task, version = options["task"], options["model_version"]
        try:
            previous = registry.promote(
                task, version, holdout=options["data"], because=options["because"]
            )
        except (DomainError, ArtifactError, TableError) as error:
            raise CommandError(str(error)) from error
        was = f"; it was {previous}" if previous else ""
        self.stdout.write(f"{task} now answers with {version}{was}.")
