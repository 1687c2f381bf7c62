"""Reading the three tables of the analysis, and writing its three outputs.

Every refusal names the file, and where there is one the row as a spreadsheet counts it
(the header is row 1) and the column. Outputs appear together, after all were written.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scoring.ml.analysis import Analysis, AnalysisError

MAX_BYTES = 100 * 1024 * 1024
MAX_NUMBER = 1e15
OUTPUT_FILES = {
    "niches": "niche_classification.csv",
    "fake_scores": "fake_follower_scores.csv",
    "matches": "brand_influencer_matches.csv",
}


class AnalysisFileError(Exception):
    """A file cannot be read, or is not the table it should be."""


class _BadCell(ValueError):
    """A cell does not hold what its column holds; says what it holds."""


def parse_series(text: str) -> list[float]:
    """Follower counts from a JSON array such as "[100, 103, 99]".

    :raises ValueError: not a JSON array, or an item that is not a finite number ≥ 0.
    """
    try:
        items = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _BadCell(f"{_shown(text)} is not a list of numbers like [100, 103, 99]") from error
    if not isinstance(items, list):
        raise _BadCell(f"{_shown(text)} is not a list of numbers like [100, 103, 99]")
    for day, item in enumerate(items, start=1):
        if isinstance(item, bool) or not isinstance(item, int | float):
            raise _BadCell(f"day {day} is {_shown(item)}, not a number")
        if not 0 <= item <= MAX_NUMBER:
            raise _BadCell(f"day {day} is {_shown(item)}, not a possible follower count")
    return [float(item) for item in items]


def parse_number(text: str) -> int | float:
    """A count of at least 0; whole numbers stay whole.

    :raises ValueError: anything else.
    """
    try:
        value = float(text)
    except ValueError as error:
        raise _BadCell(f"{_shown(text)} is not a number") from error
    if not math.isfinite(value) or not 0 <= value <= MAX_NUMBER or "_" in text:
        raise _BadCell(f"{_shown(text)} is not a number of at least 0")
    return int(value) if value.is_integer() else value


def _parse_id(text: str) -> str:
    if not text.strip():
        raise _BadCell("the id is empty")
    return text.strip()


Parser = Callable[[str], Any]
LAYOUTS: Mapping[str, Mapping[str, Parser]] = {
    "influencers": {"influencer_id": _parse_id, "bio": str, "recent_captions": str},
    "growth": {
        "influencer_id": _parse_id,
        "followers": parse_number,
        "avg_likes": parse_number,
        "avg_comments": parse_number,
        "follower_growth_last_30_days": parse_series,
    },
    "brands": {"brand_id": _parse_id, "brand_description": str, "keywords": str},
}


def read_analysis_table(path: Path, table: str) -> pd.DataFrame:
    """The needed columns of a CSV file, parsed; other columns are left out.

    :param table: "influencers", "growth" or "brands". Ids are unique texts.
    :returns: a frame indexed by row number in the file.
    :raises AnalysisFileError: with file, row and column.
    """
    layout = LAYOUTS[table]
    reader = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    columns: dict[str, list[Any]] = {name: [] for name in layout}
    seen: set[str] = set()
    row_numbers = []
    number = 0
    try:
        header = [name.strip() for name in next(reader, [])]
        places = _find_columns(path, header, layout)
        number = 1
        for number, cells in enumerate(reader, start=2):
            if not cells:
                continue
            if len(cells) != len(header):
                raise AnalysisFileError(
                    f"{path}, row {number}: {len(cells)} cells, but the header has {len(header)}; "
                    "a text with commas needs quotes around it."
                )
            for name, parse in layout.items():
                try:
                    columns[name].append(parse(cells[places[name]]))
                except _BadCell as error:
                    raise AnalysisFileError(
                        f"{path}, row {number}, column {name}: {error}."
                    ) from error
            key = columns[next(iter(layout))][-1]
            if key in seen:
                raise AnalysisFileError(
                    f"{path}, row {number}, column {next(iter(layout))}: "
                    f"{_shown(key)} is there already."
                )
            seen.add(key)
            row_numbers.append(number)
    except csv.Error as error:
        raise AnalysisFileError(f"{path}, row {number + 1}: not CSV ({error}).") from error
    if not seen:
        raise AnalysisFileError(f"{path} has a header and no rows.")
    return pd.DataFrame(columns, index=row_numbers)


def write_analysis(analysis: Analysis, directory: Path) -> dict[str, Path]:
    """Write the three CSV files into `directory`, all of them or none.

    Existing files of these names are replaced, others are left alone.

    :returns: the path of each output by its name.
    :raises AnalysisFileError: the directory cannot be written.
    """
    try:
        if directory.exists() and not directory.is_dir():
            raise AnalysisFileError(f"{directory} is a file; name a directory for the output.")
        directory.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".analysis-", dir=directory))
        try:
            for name, file_name in OUTPUT_FILES.items():
                getattr(analysis, name).to_csv(
                    staging / file_name, index=False, lineterminator="\n"
                )
            for file_name in OUTPUT_FILES.values():
                os.replace(staging / file_name, directory / file_name)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise AnalysisFileError(
            f"{directory} cannot be written: {error.strerror or error}."
        ) from error
    return {name: directory / file_name for name, file_name in OUTPUT_FILES.items()}


def describe_error(error: AnalysisError, paths: Mapping[str, Path]) -> str:
    """An AnalysisError in the words of a file: path, row and column."""
    place = str(paths[error.table])
    if error.row is not None:
        place += f", row {error.row}"
    if error.column is not None:
        place += f", column {error.column}"
    return f"{place}: {error}."


def _read_text(path: Path) -> str:
    if path.is_dir():
        raise AnalysisFileError(f"{path} is a directory; name a CSV file in it.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise AnalysisFileError(
                f"{path} has {size / 2**20:.0f} MB; the analysis reads at most "
                f"{MAX_BYTES // 2**20} MB."
            )
        content = path.read_bytes()
    except OSError as error:
        raise AnalysisFileError(f"{path} cannot be read: {error.strerror}.") from error
    if not content.strip(b"\xef\xbb\xbf\r\n\t "):
        raise AnalysisFileError(f"{path} is empty.")
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        raise AnalysisFileError(f"{path}, row {row}: there is a NUL byte; this is not a text file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise AnalysisFileError(
            f"{path}, row {row}: not UTF-8 (byte {content[error.start]:#04x}); "
            "save the file as UTF-8 and try again."
        ) from error


def _find_columns(path: Path, header: Sequence[str], layout: Mapping[str, Any]) -> dict[str, int]:
    missing = [name for name in layout if name not in header]
    if missing:
        seen = ", ".join(header)
        raise AnalysisFileError(
            f"{path}, row 1: no column {' or '.join(missing)}; the header is {_shown(seen)}."
        )
    twice = [name for name in layout if header.count(name) > 1]
    if twice:
        raise AnalysisFileError(f"{path}, row 1: the column {twice[0]} is there twice.")
    return {name: header.index(name) for name in layout}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…" + text[0]


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
