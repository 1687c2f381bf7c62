"""`manage.py check_engagement FILE|- [--detector NAME] [--json]`: is this engagement fake?"""

import json
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from accounts.errors import DomainError
from scoring.engagement_prediction import SeriesRefused, judge_series
from scoring.ml.artifacts import ArtifactError
from scoring.ml.engagement.reading import RefusedSeries, read_series
from scoring.ml.tables import TableError

LARGEST_INPUT = 512 * 1024 * 1024
SHOWN_REFUSALS = 20


class Command(BaseCommand):
    help = (
        "Judge the series of a .csv or .csv.gz file with the columns video_id, observed_at or "
        "date, and cumulative views, likes, comments, shares."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file, or - for standard input")
        parser.add_argument("--detector", default="", help="default: the ensemble")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = _read(options["file"])
            told = judge_series([one.series for one in read.series], detector=options["detector"])
        except (TableError, DomainError, ArtifactError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror}.") from error
        results = [
            {"video_id": one.series.series_id, **answer}
            for one, answer in zip(read.series, told.answers, strict=True)
            if not isinstance(answer, SeriesRefused)
        ]
        refused = [_refusal_as_json(one) for one in read.refused]
        if options["json"]:
            report = {
                "model_version": told.model_version,
                "detector": told.detector,
                "rows": read.rows,
                "results": results,
                "refused": refused,
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._print(results, refused, f"{told.model_version}, {told.detector}")

    def _print(
        self, results: list[dict[str, Any]], refused: list[dict[str, Any]], model: str
    ) -> None:
        console = Console(width=None if sys.stdout.isatty() else 140)
        table = Table(show_lines=True)
        for name in ("Series", "Points", "Score", "What stands out, or why it is not judged"):
            table.add_column(name, overflow="fold")
        # The worst first; what could not be judged last.
        for one in sorted(
            results, key=lambda one: -(one["score"] if one["score"] is not None else -1)
        ):
            table.add_row(*(Text(cell) for cell in _cells(one)))
        console.print(table)
        flagged = sum(one["flagged"] for one in results)
        console.print(
            f"{flagged} of {len(results)} series flagged, "
            f"{sum(one['abstained'] for one in results)} not judged; {model}.",
            highlight=False,
        )
        for one in refused[:SHOWN_REFUSALS]:
            console.print(Text(f"Refused: {_place(one)}{one['detail']}"))
        if len(refused) > SHOWN_REFUSALS:
            console.print(f"… and {len(refused) - SHOWN_REFUSALS:,} more refused series.")


def _read(source: str) -> Any:
    if source != "-":
        return read_series(Path(source))
    # The reader tells rows of a file, so standard input becomes one.
    with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
        size = 0
        while part := sys.stdin.buffer.read(1 << 20):
            size += len(part)
            if size > LARGEST_INPUT:
                raise CommandError("Standard input is larger than 512 MB; give a file.")
            copy.write(part)
        copy.flush()
        try:
            return read_series(Path(copy.name))
        except TableError as error:
            raise CommandError(str(error).replace(copy.name, "standard input")) from error


def _refusal_as_json(refused: RefusedSeries) -> dict[str, Any]:
    return {
        "video_id": refused.series_id or None,
        "row": refused.row,
        "column": refused.reason.metric,
        "code": refused.reason.code,
        "detail": refused.reason.message,
    }


def _place(refused: dict[str, Any]) -> str:
    """``row 7, column likes, series a: ``, as far as it is known."""
    parts = (("row", "row"), ("column", "column"), ("video_id", "series"))
    told = [f"{word} {refused[name]}" for name, word in parts if refused[name]]
    return ", ".join(told) + ": " if told else ""


def _cells(result: dict[str, Any]) -> tuple[str, str, str, str]:
    if result["abstained"]:
        return (
            result["video_id"],
            str(result["observations"]),
            "–",
            f"Not judged: {result['reason']}",
        )
    verdict = "flagged" if result["flagged"] else f"{result['level']}, not flagged"
    score = f"{result['score']:.0f} {verdict}\n{result['confidence']:.0%} sure"
    told = [
        f"{window['starts_at'][:16]} – {window['ends_at'][:16]} UTC: {window['sentence']}"
        for window in result["windows"]
    ]
    told = told or [reason["text"] for reason in result["reasons"][:2]]
    told += [f"Note: {note}" for note in result["notes"]]
    return result["video_id"], str(result["observations"]), score, "\n".join(told)
