"""Reading CSV files in a known layout as columns of arrays.

A column the file lacks is unknown (NaN, None); extra columns are ignored. What cannot be
read is refused with the file, the column, the row and what to do about it.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

UNKNOWN_TEXT = ("", "nan", "NaN", "null", "NULL", "None", "none", "N/A", "n/a", "NA", "-")


class TableError(Exception):
    """A file cannot be read as the table it should be."""


@dataclass(frozen=True)
class Layout:
    """Columns of a file: numbers become float arrays with NaN, texts object arrays with None.

    At least one of `needed_any` must be in the header, and all of `needed`.
    """

    numbers: tuple[str, ...]
    texts: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    needed_any: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Columns of equal length; `columns` holds only those the file has."""

    rows: int
    columns: Mapping[str, np.ndarray]

    def number(self, name: str) -> np.ndarray:
        """The column as floats, all NaN when the file lacks it."""
        return self.columns.get(name, np.full(self.rows, np.nan))

    def text(self, name: str) -> np.ndarray:
        """The column as objects, all None when the file lacks it."""
        return self.columns.get(name, np.full(self.rows, None, dtype=object))


def read_table(path: Path, layout: Layout) -> Table:
    """Read a .csv or .csv.gz file with a header row.

    :raises TableError: not a readable UTF-8 CSV file with these columns and at least one row.
    """
    with _reading(path):
        frame = pd.read_csv(path, **_csv_options(path))
    return _table(path, frame, layout)


def read_table_in_chunks(path: Path, layout: Layout, rows: int) -> Iterator[Table]:
    """`read_table` in tables of at most `rows` rows, so that memory does not grow with the file.

    :raises TableError: see `read_table`; a bad cell is met when its chunk is.
    """
    with _reading(path), pd.read_csv(path, chunksize=rows, **_csv_options(path)) as chunks:
        for frame in chunks:
            yield _table(path, frame, layout)


def concatenate(tables: Iterable[Table], layout: Layout) -> Table:
    """Stack tables; a column one of them lacks is unknown in its rows."""
    tables = list(tables)
    columns = {
        **{name: np.concatenate([t.number(name) for t in tables]) for name in layout.numbers},
        **{name: np.concatenate([t.text(name) for t in tables]) for name in layout.texts},
    }
    return Table(rows=sum(table.rows for table in tables), columns=columns)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Refuse what is no readable CSV file; turn what pandas raises into a `TableError`."""
    if not path.exists():
        raise TableError(f"{path} does not exist.")
    if path.is_dir():
        raise TableError(f"{path} is a directory; name a .csv or .csv.gz file in it.")
    if not path.name.endswith((".csv", ".csv.gz")):
        raise TableError(f"{path} is neither .csv nor .csv.gz.")
    if path.stat().st_size == 0:
        raise TableError(f"{path} is empty.")
    try:
        yield
    except UnicodeDecodeError as error:
        raise TableError(
            f"{path}, row {_first_bad_line(path)}, is not UTF-8; save the file as UTF-8 and try "
            "again."
        ) from error
    except pd.errors.EmptyDataError as error:
        raise TableError(f"{path} has no header row.") from error
    except pd.errors.ParserError as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise TableError(f"{path} is not a CSV file: {reason}.") from error
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise TableError(f"{path} cannot be read: {error}.") from error


def _first_bad_line(path: Path) -> int:
    """The number of the first line that is not UTF-8, the header being 1."""
    with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _csv_options(path: Path) -> dict[str, Any]:
    return {
        "dtype": str,
        "keep_default_na": False,
        "encoding": "utf-8-sig",
        "compression": "gzip" if path.name.endswith(".gz") else None,
        "low_memory": False,
    }


def _table(path: Path, frame: pd.DataFrame, layout: Layout) -> Table:
    """The columns of a frame read from `path`; its index counts the rows of the file."""
    if not isinstance(frame.index, pd.RangeIndex):
        raise TableError(f"{path}: rows have more cells than the header has columns.")
    frame.columns = [str(name).strip() for name in frame.columns]
    _check_header(path, list(frame.columns), layout)
    if frame.empty:
        raise TableError(f"{path} has a header and no rows.")
    columns: dict[str, np.ndarray] = {}
    for name in layout.numbers:
        if name in frame.columns:
            columns[name] = _numbers(path, name, frame[name])
    for name in layout.texts:
        if name in frame.columns:
            columns[name] = _texts(frame[name])
    return Table(rows=len(frame), columns=columns)


def _check_header(path: Path, header: list[str], layout: Layout) -> None:
    seen = ", ".join(header[:8]) + (", …" if len(header) > 8 else "")
    # pandas renames a second "followers" to "followers.1"
    repeated = [name for name in (*layout.numbers, *layout.texts) if f"{name}.1" in header]
    if repeated:
        raise TableError(f"{path} has the column {repeated[0]!r} twice; keep one.")
    missing = [name for name in layout.needed if name not in header]
    if missing:
        raise TableError(
            f"{path} lacks the column {', '.join(missing)}; its header is: {seen[:200]}"
        )
    if layout.needed_any and not set(layout.needed_any) & set(header):
        raise TableError(
            f"{path} has none of the columns {', '.join(layout.needed_any)}; "
            f"its header is: {seen[:200]}"
        )


def _numbers(path: Path, name: str, column: pd.Series) -> np.ndarray:
    text = column.fillna("").str.strip()
    text = text.mask(text.isin(UNKNOWN_TEXT), "")
    text = text.mask(text.str.lower() == "true", "1").mask(text.str.lower() == "false", "0")
    values = pd.to_numeric(text.where(text != "", None), errors="coerce").to_numpy(dtype=float)
    bad = np.flatnonzero((np.isnan(values) | np.isinf(values)) & (text != "").to_numpy())
    if bad.size:
        cell = repr(str(text.iloc[bad[0]])[:40])
        raise TableError(
            f"{path}, row {int(column.index[bad[0]]) + 2}, column {name}: {cell} is not a number "
            f"({bad.size} such cells). Leave the cell empty where the value is unknown."
        )
    return values


def _texts(column: pd.Series) -> np.ndarray:
    text = column.fillna("").str.strip().to_numpy(dtype=object)
    text[text == ""] = None
    return np.asarray(text)
