"""Figures as a table: what the creator or the brand uploads.

Columns, in any order: ``deliverable`` (its number in the collaboration), ``observed_at`` (such
as 2026-03-02 12:00, UTC unless it names an offset) and any of the counts
(`campaigns.horizons.COUNTS`).
An empty cell is unknown. Comma, semicolon or tab; UTF-8.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.errors import DomainError
from accounts.importing.cells import CellRefused, count, moment
from campaigns.horizons import COUNTS

LARGEST_BYTES = 1_048_576
MOST_ROWS = 5_000
NEEDED = ("deliverable", "observed_at")
COLUMNS = (*NEEDED, *COUNTS)
MOST_PROBLEMS = 100


@dataclass(frozen=True)
class RowProblem:
    """``row`` as a spreadsheet numbers it: the header is row 1."""

    row: int
    column: str
    message: str


class TableRefused(DomainError):
    """Nothing was taken; ``problems`` says why, row by row."""

    code = "table_refused"
    http_status = 422

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        first = problems[0]
        where = f"Row {first.row}" + (f", {first.column}" if first.column else "")
        more = f" {len(problems) - 1} more problems." if len(problems) > 1 else ""
        super().__init__(
            f"{where}: {first.message} Nothing was taken.{more}",
            details={
                "field": "file",
                "problems": [
                    {"row": one.row, "column": one.column, "message": one.message}
                    for one in problems[:MOST_PROBLEMS]
                ],
            },
        )
        self.problems = list(problems)[:MOST_PROBLEMS]


@dataclass(frozen=True)
class TableRow:
    row: int
    position: int
    observed_at: datetime
    counts: dict[str, int | None] = field(default_factory=dict)


def read_table(content: bytes) -> list[TableRow]:
    """All rows, in order; blank ones are passed over.

    :raises TableRefused: with every problem found, up to `MOST_PROBLEMS`.
    """
    if len(content) > LARGEST_BYTES:
        raise _refused(1, f"The file is larger than {LARGEST_BYTES:,} bytes.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(line, "This is not UTF-8 text; save the table as CSV, UTF-8.") from error
    if "\x00" in text:
        raise _refused(text[: text.index("\x00")].count("\n") + 1, "This is no text file.")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, rows, problems = 0, [], []
    header: list[str] = []
    try:
        for number, cells in enumerate(records, start=1):
            if not header:
                header = _header([cell.strip().lower() for cell in cells])
            elif any(cell.strip() for cell in cells):
                found = _row(number, header, [cell.strip() for cell in cells])
                if isinstance(found, TableRow):
                    rows.append(found)
                else:
                    problems += found
            if len(rows) > MOST_ROWS:
                raise _refused(number, f"At most {MOST_ROWS:,} rows are taken at once.")
            if len(problems) >= MOST_PROBLEMS:
                break
    except csv.Error as error:
        problems.append(RowProblem(number + 1, "", f"This is not CSV: {error}."))
    if not problems and not rows:
        problems.append(RowProblem(1, "", "The file has no rows below a header."))
    if problems:
        raise TableRefused(problems)
    return rows


def _header(names: list[str]) -> list[str]:
    problems = [
        RowProblem(1, name[:40], f"There is no column “{name[:40]}”. Use {', '.join(COLUMNS)}.")
        for name in names
        if name not in COLUMNS
    ]
    problems += [
        RowProblem(1, name, "The column is there twice.")
        for name in COLUMNS
        if names.count(name) > 1
    ]
    problems += [
        RowProblem(1, name, "This column is missing.") for name in NEEDED if name not in names
    ]
    if not set(COUNTS) & set(names):
        problems.append(RowProblem(1, "", f"None of the columns {', '.join(COUNTS)} is there."))
    if problems:
        raise TableRefused(problems)
    return names


def _row(number: int, header: list[str], cells: list[str]) -> TableRow | list[RowProblem]:
    if len(cells) != len(header):
        return [RowProblem(number, "", f"{len(cells)} cells, but {len(header)} columns.")]
    given = dict(zip(header, cells, strict=True))
    problems: list[RowProblem] = []
    numbers: dict[str, int | None] = {}
    observed_at: datetime | None = None
    for name, cell in given.items():
        try:
            if name == "observed_at":
                observed_at = moment(cell)
            elif name == "deliverable":
                numbers[name] = count(cell)
            else:
                numbers[name] = count(cell) if cell else None
        except CellRefused as error:
            problems.append(RowProblem(number, name, f"“{cell[:40]}” is not {error}."))
    if problems:
        return problems
    position = numbers.pop("deliverable")
    assert observed_at is not None
    assert position is not None
    return TableRow(number, position, observed_at, numbers)


def _refused(row: int, message: str) -> TableRefused:
    return TableRefused([RowProblem(row, "", message)])
