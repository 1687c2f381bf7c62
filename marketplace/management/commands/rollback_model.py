"""`manage.py rollback_model TASK`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import DomainError
from scoring import registry
from scoring.ml.artifacts import ArtifactError


class Command(BaseCommand):
    help = "Make the previously active version of a model answer again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task")

    def handle(self, *args: Any, **options: Any) -> None:
        task = options["task"]
        try:
            version = registry.rollback(task)
        except (DomainError, ArtifactError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{task} now answers with {version} again.")
