"""What every trainable task offers: train from files, load, evaluate on a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from scoring.ml.artifacts import Artifact, sha256_of_file


@dataclass(frozen=True)
class Evaluation:
    """Figures of one model on one file; a metric the file cannot support is None."""

    rows: int
    metrics: Mapping[str, float | int | None]


@dataclass(frozen=True)
class Answer:
    """What a model says of one row or series of a file, for `evaluate --out`.

    `windows` are JSON-ready: {"starts_at", "ends_at", "metrics", "pattern", "sentence"}.
    """

    id: str
    score: float | None
    level: str | None
    abstained: bool
    reasons: tuple[str, ...]
    windows: tuple[Mapping[str, Any], ...] = ()


class Train(Protocol):
    def __call__(
        self, files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
    ) -> Mapping[str, Any]:
        """Train on `files`, write the artefact `out_dir`, return its metadata.

        :raises scoring.ml.tables.TableError: a file is not what the task reads.
        """


@dataclass(frozen=True)
class TaskSpec:
    """One row of the table of tasks.

    `load` turns a checked artefact into a model; `evaluate` reads a file in the task's
    layout. `metric_names` are printed by `evaluate`, in this order, always all of them.
    `primary_metric` decides promotion. `answers` gives one answer per row or series of a file,
    which needs no labels; None where the task has none to write.
    """

    name: str
    metric_names: tuple[str, ...]
    primary_metric: str
    higher_is_better: bool
    train: Train
    load: Callable[[Artifact], Any]
    evaluate: Callable[[Any, Path], Evaluation]
    answers: Callable[[Any, Path], Iterable[Answer]] | None = None

    def holdout(
        self, protocol: str, *, files: Sequence[Path], metrics: Mapping[str, float | None]
    ) -> dict[str, Any]:
        """What promotion compares: the primary metric, how it was measured and on what."""
        return {
            "protocol": protocol,
            "data_sha256": sorted(sha256_of_file(path) for path in files),
            "metric": self.primary_metric,
            "value": metrics[self.primary_metric],
            "higher_is_better": self.higher_is_better,
        }
