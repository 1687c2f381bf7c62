"""What an import did, or would do, in a form for people and for programs."""

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from accounts.importing.layout import Problem

# Kept in memory and shown; all are counted.
MAX_KEPT = 1000


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong: spreadsheet row (the header is 1), line of the text file, column."""

    row: int
    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.line == self.row else f"row {self.row} (line {self.line})"
        if self.column:
            place += f", column {self.column}"
        found = f"found {self.found!r}, " if self.found else ""
        return f"{place}: {found}expected {self.expected}"

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass
class ProblemList:
    """The first `MAX_KEPT` problems and the number of all."""

    kept: list[RowProblem] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, line: int, problem: Problem) -> None:
        self.count += 1
        if len(self.kept) < MAX_KEPT:
            self.kept.append(RowProblem(row, line, problem.column, problem.found, problem.expected))

    def sort(self) -> None:
        self.kept.sort(key=lambda problem: problem.row)


@dataclass
class Tally:
    """What was written, counted while it is."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    accounts_created: int = 0
    accounts_updated: int = 0
    metrics_added: int = 0
    posts_created: int = 0
    posts_updated: int = 0
    post_metrics_added: int = 0
    followers_added: int = 0
    comments_added: int = 0
    # Eight bytes each: a file may touch millions.
    changed_accounts: "array[int]" = field(default_factory=lambda: array("q"))

    def changed_account_ids(self) -> list[int]:
        return [int(pk) for pk in np.unique(np.frombuffer(self.changed_accounts, dtype=np.int64))]


@dataclass
class ImportReport:
    """``rows = created + updated + unchanged + refused``.

    A row is *created* when what it is about (its creator, its post, its day of counts) is
    new, *updated* when it adds or corrects something, *unchanged* when all of it is known.
    """

    file: str
    kind: str
    layout: str
    dry_run: bool = False
    rows: int = 0
    refused: int = 0
    tally: Tally = field(default_factory=Tally)
    errors: ProblemList = field(default_factory=ProblemList)
    warnings: ProblemList = field(default_factory=ProblemList)
    unused_columns: list[str] = field(default_factory=list)
    refused_file: str = ""
    sha256: str = ""
    refresh_job: int | None = None

    @property
    def created(self) -> int:
        return self.tally.created

    @property
    def updated(self) -> int:
        return self.tally.updated

    @property
    def unchanged(self) -> int:
        return self.tally.unchanged

    def counts(self) -> dict[str, int]:
        """Every counter, without the lists."""
        tally = self.tally
        return {
            "rows": self.rows,
            "created": tally.created,
            "updated": tally.updated,
            "unchanged": tally.unchanged,
            "refused": self.refused,
            "errors": self.errors.count,
            "warnings": self.warnings.count,
            "accounts_created": tally.accounts_created,
            "accounts_updated": tally.accounts_updated,
            "accounts_changed": len(tally.changed_account_ids()),
            "metrics_added": tally.metrics_added,
            "posts_created": tally.posts_created,
            "posts_updated": tally.posts_updated,
            "post_metrics_added": tally.post_metrics_added,
            "followers_added": tally.followers_added,
            "comments_added": tally.comments_added,
        }

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``--json`` and of a job's result."""
        return {
            "file": self.file,
            "kind": self.kind,
            "layout": self.layout,
            "dry_run": self.dry_run,
            "sha256": self.sha256,
            **self.counts(),
            "unused_columns": self.unused_columns,
            "refused_file": self.refused_file,
            "refresh_job": self.refresh_job,
            "first_errors": [problem.as_dict() for problem in self.errors.kept],
            "first_warnings": [problem.as_dict() for problem in self.warnings.kept],
        }
