"""The table of figures: what is read, and which row is wrong and why."""

import csv
import io
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.horizons import COUNTS
from campaigns.results.connectors.csv import (
    COLUMNS,
    LARGEST_BYTES,
    MOST_ROWS,
    TableRefused,
    read_table,
)

HEADER = "deliverable,observed_at,views,likes\n"


def problems(text: str | bytes) -> list[tuple[int, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(TableRefused) as refused:
        read_table(content)
    return [(one.row, one.column) for one in refused.value.problems]


def test_rows_are_read_and_empty_cells_are_unknown() -> None:
    [first, second] = read_table(
        f"\ufeff{HEADER}1,2026-03-01 13:00,1000,\n\n2,2026-03-01T14:00+01:00,0,5.0\n".encode()
    )
    assert (first.row, first.position, first.counts) == (2, 1, {"views": 1000, "likes": None})
    assert first.observed_at == second.observed_at
    assert (second.row, second.counts) == (4, {"views": 0, "likes": 5})


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_understood(delimiter: str) -> None:
    text = f"{HEADER}1,2026-03-01 13:00,1,2".replace(",", delimiter)
    assert read_table(text.encode())[0].counts == {"views": 1, "likes": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "")]),
        (HEADER, [(1, "")]),
        ("deliverable,observed_at\n1,2026-03-01 13:00", [(1, "")]),
        ("views\n1", [(1, "deliverable"), (1, "observed_at")]),
        (f"{HEADER[:-1]},views\n", [(1, "views")]),
        (f"{HEADER[:-1]},followers\n", [(1, "followers")]),
        (f"{HEADER}x,soon,-1,1.5", [(2, name) for name in HEADER.strip().split(",")]),
        (f"{HEADER}1,2026-03-01 13:00,1\n1,2026-03-01 13:00,99999999999,", [(2, ""), (3, "views")]),
        (f'{HEADER}1,2026-03-01 13:00,"1,2', [(2, "")]),
        (HEADER.encode() + b"1,2026-03-01 13:00,\xff,", [(2, "")]),
        (HEADER.encode() + b"1,2026-03-01 13:00,\x00,", [(2, "")]),
        (b"a" * (LARGEST_BYTES + 1), [(1, "")]),
        (HEADER + "1,2026-03-01 13:00,1,\n" * (MOST_ROWS + 1), [(MOST_ROWS + 2, "")]),
    ],
)  # fmt: skip
def test_the_row_and_the_column_are_named(
    text: str | bytes, expected: list[tuple[int, str]]
) -> None:
    assert problems(text) == expected


counts = st.none() | st.integers(0, 10**10)
moments = st.datetimes(min_value=datetime(1990, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0).isoformat()
)
table_rows = st.tuples(st.integers(1, 50), moments, *[counts] * len(COUNTS))


@given(st.lists(table_rows, min_size=1, max_size=8))
def test_what_is_written_is_read_again(rows: list[tuple[object, ...]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([COLUMNS, *rows])
    read = read_table(out.getvalue().encode())
    assert [(row.position, *row.counts.values()) for row in read] == [
        (row[0], *row[2:]) for row in rows
    ]


@settings(max_examples=200)
@given(
    st.binary(max_size=300)
    | st.text(alphabet='01,;"\n\r\t -:TvZ\x00é', max_size=120).map(lambda t: (HEADER + t).encode())
)
def test_any_bytes_are_read_or_refused_by_row(content: bytes) -> None:
    try:
        rows = read_table(content)
    except TableRefused as refused:
        problems_found = refused.problems
    else:
        problems_found = []
        assert rows
    assert all(one.row >= 1 and one.message for one in problems_found)
