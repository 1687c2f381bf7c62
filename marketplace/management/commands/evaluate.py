"""`manage.py evaluate TASK --data FILE [--out FILE] [--model-version vN] [--json]`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import DomainError
from marketplace.management.answer_files import (
    UnwritableAnswers,
    check_destination,
    write_answers,
)
from scoring import registry, training
from scoring.ml import artifacts
from scoring.ml.tables import TableError
from scoring.ml.tasks import TaskSpec


class Command(BaseCommand):
    help = "Measure a model version on a file; the last line of the output is a JSON object."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", help=", ".join(training.TASK_MODULES))
        parser.add_argument("--data", type=Path, required=True, help="a .csv or .csv.gz file")
        parser.add_argument("--model-version", help="default: the active version")
        parser.add_argument(
            "--out",
            type=Path,
            help="write one answer a row here (.csv or .jsonl): id, score, level, abstained, "
            "reasons, flagged windows; needs no labels",
        )
        parser.add_argument("--json", action="store_true", help="print nothing but the JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        name, file, out = options["task"], options["data"], options["out"]
        try:
            spec = training.get_task(name)
            if out is not None:
                _check_answers_wanted(spec, out, data=file)
            version = options["model_version"] or registry.active_version(name)
            evaluation = registry.evaluate(name, file, version)
            seen = _was_trained_on(name, version, file)
            if out is not None and spec.answers is not None:
                written = write_answers(spec.answers(registry.load(name, version), file), out)
                self.stderr.write(f"{written} answers written to {out}.")
        except (DomainError, TableError, artifacts.ArtifactError, UnwritableAnswers) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}.") from error
        if seen:
            self.stderr.write(
                f"{name} {version} was trained on this very file: these figures say nothing "
                "about rows it has not seen. Its held-out figures are in metadata.json."
            )
        names = dict.fromkeys([*spec.metric_names, *evaluation.metrics])
        metrics = {metric: evaluation.metrics.get(metric) for metric in names}
        if not options["json"]:
            self.stdout.write(f"{name} {version} on {file.name}, {evaluation.rows} rows")
            for metric, value in metrics.items():
                self.stdout.write(f"  {metric:24} {_figure(value)}")
        self.stdout.write(
            json.dumps(
                {
                    "task": name,
                    "model_version": version,
                    "rows": evaluation.rows,
                    "metrics": metrics,
                }
            )
        )


def _check_answers_wanted(spec: TaskSpec, out: Path, *, data: Path) -> None:
    check_destination(out, data=data)
    if spec.answers is None:
        raise UnwritableAnswers(f"{spec.name} has no answers to write; leave out --out.")


def _was_trained_on(task: str, version: str, file: Path) -> bool:
    digest = artifacts.sha256_of_file(file)
    return any(
        source["sha256"] == digest for source in registry.get_metadata(task, version)["data"]
    )


def _figure(value: float | int | None) -> str:
    if value is None:
        return "not supported by this file"
    return str(value) if isinstance(value, int) else f"{value:.4f}"
