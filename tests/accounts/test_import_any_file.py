"""Whatever a file holds, it is read as it was written or refused in words."""

import csv
import gzip
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.importing.checking import check_rows
from accounts.importing.errors import FileUnreadable, LayoutUnknown
from accounts.importing.layout import Kind
from accounts.importing.layouts import LAYOUTS
from accounts.importing.options import ImportOptions
from accounts.importing.reading import TableFile
from accounts.importing.refusals import escape_formula, unescape_formula
from accounts.importing.sources import CsvSource
from tests.accounts.csv_files import CREATOR_COLUMNS, NOW

# Any text but lone surrogates, which no file can hold.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
HEADER = (",".join(CREATOR_COLUMNS) + "\n").encode()


def check(content: bytes, kind: Kind = Kind.CREATORS) -> None:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(content)
        file.flush()
        try:
            table = TableFile(Path(file.name), kind=kind, options=ImportOptions(), now=NOW)
            checked = check_rows(table, progress=lambda done, size: None)
        except (FileUnreadable, LayoutUnknown):
            return
        assert checked.refused <= checked.rows
        assert all(problem.expected for problem in checked.errors.kept)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_a_table_or_refused(content: bytes, packed: bool) -> None:
    check(gzip.compress(content) if packed else content)


@given(st.binary(max_size=300))
def test_any_bytes_after_a_good_header_are_rows_or_refused(content: bytes) -> None:
    check(HEADER + content)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@given(data=st.data())
def test_any_cells_of_any_layout_are_a_row_or_refused(layout, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    numbers = st.floats(allow_nan=True).map(str) | st.integers().map(str)
    cell = texts | numbers | st.sampled_from(["tiktok", "[1]", '{"a": []}', "2020-01-01", "@"])
    rows = data.draw(st.lists(st.lists(cell, min_size=len(layout.columns)), max_size=3))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in layout.columns])
    writer.writerows(row[: len(layout.columns)] for row in rows)
    check(text.getvalue().encode(), layout.kind)


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=8))
def test_cells_are_read_as_they_were_written(rows: list[list[str]]) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["first", "row"], *rows])
        file.flush()
        with CsvSource(Path(file.name)) as source:
            records = list(source.records(delimiter=","))
    kept = {number: row for number, row in enumerate(rows, start=2) if "".join(row).strip()}
    assert {record.row: record.cells for record in records[1:]} == kept


@given(texts | texts.map("'".__add__) | texts.map("'=".__add__))
def test_an_escaped_cell_is_harmless_and_comes_back(cell: str) -> None:
    escaped = escape_formula(cell)
    assert unescape_formula(escaped) == cell
    if escaped.startswith(("=", "@", "\t", "\r")):
        raise AssertionError(escaped)
    if escaped.startswith(("+", "-")):
        float(escaped)
