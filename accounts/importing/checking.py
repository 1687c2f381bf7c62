"""The first pass: every row is judged before any is written."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from accounts.importing.keys import LatestRows, RowKeys
from accounts.importing.layout import Kind, Layout, Problem
from accounts.importing.reading import Progress, TableFile
from accounts.importing.report import ProblemList
from accounts.importing.rows import ParsedRow


@dataclass
class Checked:
    """What the second pass must know. Masks are over spreadsheet row numbers.

    ``repeated`` rows say what an earlier row says; ``clashes_with`` is the earlier row
    that a row contradicts, or 0.
    ``states_account`` marks the one row of each account and day whose account counts
    are kept, where many rows (posts) name the same account; None: all rows do.
    """

    rows: int = 0
    refused: int = 0
    errors: ProblemList = field(default_factory=ProblemList)
    warnings: ProblemList = field(default_factory=ProblemList)
    repeated: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    clashes_with: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    states_account: NDArray[np.bool_] | None = None
    sha256: str = ""


def check_rows(table: TableFile, *, progress: Progress) -> Checked:
    """Read the whole file once. Memory: about 80 bytes a row, and the kept problems.

    :raises FileUnreadable: where the file breaks off or cannot be decoded.
    """
    checked, keys, latest = Checked(), RowKeys(), LatestRows()
    many_rows_an_account = table.layout.kind == Kind.POSTS
    last_row = 1
    for read in table.rows(progress):
        row, line = read.record.row, read.record.line
        last_row = row
        checked.rows += 1
        for problem in read.errors:
            checked.errors.add(row, line, problem)
        for problem in read.warnings:
            checked.warnings.add(row, line, problem)
        if read.parsed is None:
            checked.refused += 1
            continue
        keys.add(row, line, _key(table.layout, read.parsed), tuple(read.record.cells))
        if many_rows_an_account and read.parsed.metrics:
            latest.add(row, *_account_moment(read.parsed))
    _judge_repeats(table.layout, keys, checked, size=last_row + 1)
    if many_rows_an_account:
        passed_over = checked.repeated | (checked.clashes_with > 0)
        checked.states_account = latest.mark(last_row + 1, without=passed_over)
    checked.errors.sort()
    checked.warnings.sort()
    checked.sha256 = table.sha256
    return checked


def _judge_repeats(layout: Layout, keys: RowKeys, checked: Checked, *, size: int) -> None:
    checked.repeated = np.zeros(size, dtype=bool)
    checked.clashes_with = np.zeros(size, dtype=np.int64)
    for repeat in keys.repeats():
        if repeat.same:
            checked.repeated[repeat.row] = True
            text = f"each row once; this one repeats row {repeat.first} and is passed over"
            checked.warnings.add(repeat.row, repeat.line, Problem("", "", text))
        elif layout.derived_key:
            checked.repeated[repeat.row] = True
            text = f"each post once; row {repeat.first} has it with other numbers and is kept"
            checked.warnings.add(repeat.row, repeat.line, Problem("", "", text))
        else:
            checked.clashes_with[repeat.row] = repeat.first
            checked.refused += 1
            checked.errors.add(repeat.row, repeat.line, clash(layout, repeat.first))


def clash(layout: Layout, first: int) -> Problem:
    """A row whose key an earlier row has, with other cells."""
    targets = (
        "platform", "handle", "external_id", "day", "observed_at", "taken_on", "method",
        "pseudonym", "comment.external_id",
    )  # fmt: skip
    names = [column.name for column in layout.columns if column.target in targets]
    return Problem("", f"the same {', '.join(names)} as row {first}", "each of them once")


def _key(layout: Layout, row: ParsedRow) -> Hashable:
    """What a row is about: an account, a post, either on a day, a follower or a comment."""
    if layout.kind == Kind.CREATORS:
        return row.platform, row.handle
    if row.follower is not None:
        sample = row.follower.taken_on, row.follower.method
        return row.platform, row.handle, *sample, row.follower.pseudonym
    if row.comment is not None:
        return row.platform, row.handle, row.comment.external_id
    if row.post is not None:
        seen_at = row.post.observed_at if layout.kind == Kind.METRICS else None
        return row.platform, row.handle, row.post.external_id, seen_at
    return row.platform, row.handle, row.metrics[-1].day if row.metrics else None


def _account_moment(row: ParsedRow) -> tuple[Hashable, float]:
    """The account and day of a post's row, and when in that day the counts were seen."""
    day: date | None = row.metrics[0].day
    seen_at: datetime | None = row.post.observed_at if row.post is not None else None
    return (row.platform, row.handle, day), seen_at.timestamp() if seen_at else 0.0
