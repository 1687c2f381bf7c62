"""A file as numbered rows: what is read, and what is refused with which words."""

import gzip
import hashlib
from pathlib import Path

import pytest

from accounts.importing.errors import FileUnreadable
from accounts.importing.sources import MAX_CELL, MAX_LINE, CsvSource, Record
from tests.accounts.csv_files import write_bytes


def read(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[Record]:
    with CsvSource(path, encoding=encoding) as source:
        return list(source.records(delimiter=delimiter))


def refusal(path: Path, encoding: str = "utf-8") -> str:
    with pytest.raises(FileUnreadable) as caught:
        read(path, encoding)
    return caught.value.message


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_rows_are_numbered_as_in_a_spreadsheet_and_lines_as_in_an_editor(file: Path) -> None:
    write_bytes(file, b'a,b\n1,"two\nlines"\n\n3,4\n')
    assert read(file) == [
        Record(1, 1, ["a", "b"]),
        Record(2, 2, ["1", "two\nlines"]),
        Record(4, 5, ["3", "4"]),  # the blank line is row 3
    ]


def test_compression_is_told_by_the_first_bytes_not_by_the_name(tmp_path: Path) -> None:
    (tmp_path / "plain.csv.gz").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "packed.csv").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    for name in ("plain.csv.gz", "packed.csv"):
        assert [record.cells for record in read(tmp_path / name)] == [["a", "b"], ["1", "2"]]


def test_a_byte_order_mark_is_no_part_of_the_first_name(file: Path) -> None:
    write_bytes(file, b"\xef\xbb\xbfa,b\r\n1,2\r\n")
    assert read(file)[0].cells == ["a", "b"]


def test_position_and_digest_are_of_the_bytes_of_the_file(file: Path) -> None:
    write_bytes(file, b"a,b\n1,2\n")
    with CsvSource(file) as source:
        list(source.records(delimiter=","))
        assert source.position == source.size == 8
        assert source.sha256 == hashlib.sha256(b"a,b\n1,2\n").hexdigest()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "Excel workbook or a zip"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"PAR1rest", "Parquet"),
        (b'a,b\n1,"never closed\n2,3\n', "Row 2 (line 2) opens a quotation mark"),
        (b"a,b\n" + b"x" * (MAX_CELL + 1) + b",1\n", "a cell of more than 1,000,000"),
        (b"a,b\n" + b"x," * (MAX_LINE // 2) + b"\n", "Line 2 is longer than"),
        (gzip.compress(b"a,b\n" * 9999, mtime=0)[:-20], "damaged or incomplete"),
        (b"\x1f\x8bnot gzip at all", "damaged or incomplete"),
    ],
)
def test_a_file_that_is_no_table_is_refused(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    assert words in refusal(file)


def test_an_absent_file_a_directory_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "absent.csv")
    assert "is a directory" in refusal(tmp_path)
    assert "not a regular file" in refusal(Path("/dev/null"))


def test_text_of_another_encoding_is_refused_with_its_place_and_a_way_out(file: Path) -> None:
    write_bytes(file, "name,town\nAna,Évora\nJosé,Faro\n".encode("latin-1"))
    message = refusal(file)
    assert "not UTF-8" in message
    assert "row 2" in message
    assert "line 2" in message
    assert "byte offset 14" in message
    assert "0xc9" in message
    assert "--encoding latin-1" in message
    assert read(file, "latin-1")[2].cells == ["José", "Faro"]


def test_a_row_that_is_no_csv_is_named_and_the_next_ones_are_read(file: Path) -> None:
    write_bytes(file, b'a,b\n"x"y,1\n2,3\n4\rsplit,5\n6,7\n')
    problems = {record.row: record.problem for record in read(file)}
    assert problems == {
        1: "",
        2: "text after a closing quotation mark",
        3: "",
        4: "a bare carriage return inside a cell",
        5: "",
    }


def test_an_unknown_encoding_is_refused(file: Path) -> None:
    write_bytes(file, b"a,b\n")
    assert "'utf-32' is not supported" in refusal(file, "utf-32")
