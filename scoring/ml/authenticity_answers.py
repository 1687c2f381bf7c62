"""One answer per account of a file, with reasons, read and written a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from scoring.ml.authenticity import AuthenticityAssessment, AuthenticityModel
from scoring.ml.authenticity_features import RAW_COLUMNS, clean_columns
from scoring.ml.tables import Layout, Table, read_table_in_chunks
from scoring.ml.tasks import Answer

CHUNK_ROWS: Final = 5000
ID_COLUMNS: Final = ("id", "account_id", "user_id", "username", "handle")
LAYOUT: Final = Layout(numbers=RAW_COLUMNS, texts=ID_COLUMNS, needed_any=RAW_COLUMNS)


def answers(model: AuthenticityModel, path: Path) -> Iterator[Answer]:
    """Assess each account of a file in the labelled layout; labels are not read.

    The id is the first of `ID_COLUMNS` the file has, else "row N", where the first account
    is row 1. A value that cannot be (a negative count, a flag of 7) counts as unknown and
    the reasons say so; a cell that is no number at all refuses the file.

    :raises scoring.ml.tables.TableError: see `read_table`; a cell that is no number is met
        when its chunk is.
    """
    done = 0
    for table in read_table_in_chunks(path, LAYOUT, CHUNK_ROWS):
        columns = {name: table.columns[name] for name in RAW_COLUMNS if name in table.columns}
        ids = _ids(table, done)
        remarks = _remarks(columns, table.rows)
        for name, assessment, remark in zip(ids, model.assess(columns), remarks, strict=True):
            yield _answer(name, assessment, remark)
        done += table.rows


def _answer(name: str, assessment: AuthenticityAssessment, remarks: list[str]) -> Answer:
    reasons = [signal.text for signal in assessment.top_signals]
    if assessment.abstain_reason is not None:
        reasons.insert(0, assessment.abstain_reason)
    score = assessment.risk_score
    return Answer(
        id=name,
        score=None if score is None else float(score),
        level=assessment.risk_level,
        abstained=assessment.abstained,
        reasons=(*reasons, *remarks),
    )


def _ids(table: Table, done: int) -> list[str]:
    rows = [f"row {done + row}" for row in range(1, table.rows + 1)]
    column = next((name for name in ID_COLUMNS if name in table.columns), None)
    if column is None:
        return rows
    return [str(given or row) for given, row in zip(table.text(column), rows, strict=True)]


def _remarks(columns: dict[str, np.ndarray], rows: int) -> list[list[str]]:
    remarks: list[list[str]] = [[] for _ in range(rows)]
    # derived or capped rates are fine; only what was given and then dropped is remarked on
    for name, kept in clean_columns(columns).items():
        if name not in columns:
            continue
        given = columns[name]
        for row in np.flatnonzero(~np.isnan(given) & np.isnan(kept)):
            remarks[row].append(f"{name} {given[row]:g} is impossible and counts as unknown")
    return remarks
