"""A CSV file, plain or gzipped, as a stream of numbered rows in bounded memory.

Whether a file is compressed is told by its first bytes, never by its name. Rows are
numbered as a spreadsheet numbers them: the header is row 1 and a blank line counts.
A row whose cells span several lines is still one row, so ``line`` also tells the
line of the text file on which it begins.
"""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from accounts.importing.errors import FileUnreadable

# Encodings in which a line feed byte is always a line feed, so lines can be split first.
ENCODINGS = ("utf-8", "latin-1", "cp1252", "gb18030")
DELIMITERS = (",", ";", "\t")
MAX_CELL = 1_000_000  # characters
MAX_LINE = 8_000_000  # bytes

_GZIP = b"\x1f\x8b"
_UTF8_MARK = b"\xef\xbb\xbf"
_FOREIGN_STARTS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive; save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV (UTF-8)"),
    (b"\xff\xfe", "in UTF-16; save it as CSV (UTF-8)"),
    (b"\xfe\xff", "in UTF-16; save it as CSV (UTF-8)"),
    (b"PAR1", "a Parquet file; save it as CSV"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard; use gzip or leave it plain"),
    (b"BZh", "compressed with bzip2; use gzip or leave it plain"),
    (b"\xfd7zXZ", "compressed with xz; use gzip or leave it plain"),
    (b"%PDF", "a PDF"),
)

# The csv module has one limit for the whole process, and its default is too small for
# long captions in lists. Column limits are checked later; this one bounds memory.
csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file; ``problem`` is set, and ``cells`` empty, when it is not CSV."""

    row: int
    line: int
    cells: list[str]
    problem: str = ""


class _Measured(io.RawIOBase):
    """The raw bytes of the file, counted and digested as they pass."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.position = 0
        self.sha256 = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._file.read(len(buffer))
        buffer[: len(block)] = block
        self.position += len(block)
        self.sha256.update(block)
        return len(block)


class CsvSource:
    """A file opened for one pass. Use as a context manager; `records` can be read once.

    :raises FileUnreadable: from the constructor and while iterating, when the file is
        absent, a directory, empty, of another format, damaged, or not in ``encoding``.
    """

    def __init__(self, path: Path, *, encoding: str = "utf-8") -> None:
        if encoding not in ENCODINGS:
            raise FileUnreadable(
                f"The encoding {encoding!r} is not supported; use one of {', '.join(ENCODINGS)}."
            )
        self.path = path
        self.encoding = encoding
        self._offset = 0  # bytes of decoded text before the current line
        self._lines_read = 0
        self._row = 0
        self._file = self._open(path)
        self.size = path.stat().st_size
        self._measured = _Measured(self._file)
        stream = io.BufferedReader(self._measured, 1 << 16)
        start = stream.peek(8)[:8]
        self._refuse_foreign(start)
        if start.startswith(_GZIP):
            # GzipFile is a readable raw stream, though its type does not say so.
            unpacked = gzip.GzipFile(fileobj=stream)
            stream = io.BufferedReader(unpacked)  # type: ignore[arg-type]
        self._stream = stream

    @staticmethod
    def _open(path: Path) -> IO[bytes]:
        if path.is_dir():
            raise FileUnreadable(f"{path} is a directory; name a CSV file in it.")
        if path.exists() and not path.is_file():
            raise FileUnreadable(
                f"{path} is not a regular file; it is read twice, so save it first."
            )
        try:
            return path.open("rb")
        except OSError as error:
            raise FileUnreadable(f"{path} cannot be opened: {error.strerror}.") from error

    def _refuse_foreign(self, start: bytes) -> None:
        if not start:
            self._file.close()
            raise FileUnreadable(f"{self.path} is empty.")
        for mark, what in _FOREIGN_STARTS:
            if start.startswith(mark):
                self._file.close()
                raise FileUnreadable(f"{self.path} is {what}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def position(self) -> int:
        """Bytes of the file read so far, of `size`."""
        return self._measured.position

    @property
    def sha256(self) -> str:
        """Of the file's bytes; complete once `records` is exhausted."""
        return self._measured.sha256.hexdigest()

    def first_line(self) -> str:
        """The header as text. After it `records` cannot be read."""
        return next(self._lines(), "")

    def records(self, *, delimiter: str) -> Iterator[Record]:
        """The rows, the header being the first; blank ones are left out."""
        reader = csv.reader(self._lines(), delimiter=delimiter, strict=True)
        self._row = 0
        while True:
            self._row += 1
            line = self._lines_read + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Record(self._row, line, [], self._syntax_problem(str(error), line))
                continue
            if any(cell and not cell.isspace() for cell in cells):
                yield Record(self._row, line, cells)

    def _syntax_problem(self, message: str, line: int) -> str:
        """What a person can do about the csv module's message.

        :raises FileUnreadable: when what follows cannot be told apart from this row.
        """
        if "field limit" in message:
            raise FileUnreadable(
                f"Row {self._row} (line {line}) has a cell of more than {MAX_CELL:,} characters. "
                "Perhaps a quotation mark is opened there and never closed."
            )
        if "end of data" in message:
            raise FileUnreadable(
                f"Row {self._row} (line {line}) opens a quotation mark that is never closed."
            )
        if "new-line character" in message:
            return "a bare carriage return inside a cell"
        if "expected after" in message:
            return "text after a closing quotation mark"
        return message

    def _lines(self) -> Iterator[str]:
        while raw := self._read_line():
            self._lines_read += 1
            if self._offset == 0 and self.encoding == "utf-8":
                raw = raw.removeprefix(_UTF8_MARK)
            try:
                line = raw.decode(self.encoding)
            except UnicodeDecodeError as error:
                raise FileUnreadable(self._not_decodable(raw, error)) from error
            self._offset += len(raw)
            yield line

    def _read_line(self) -> bytes:
        try:
            raw = self._stream.readline(MAX_LINE + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileUnreadable(
                f"{self.path} is damaged or incomplete: the compressed data ends or breaks "
                f"after line {self._lines_read:,}."
            ) from error
        except OSError as error:
            raise FileUnreadable(f"{self.path} cannot be read: {error.strerror}.") from error
        if len(raw) > MAX_LINE:
            raise FileUnreadable(
                f"Line {self._lines_read + 1:,} is longer than {MAX_LINE:,} bytes; "
                "this is no CSV with one row a line."
            )
        return raw

    def _not_decodable(self, raw: bytes, error: UnicodeDecodeError) -> str:
        byte = raw[error.start]
        return (
            f"{self.path} is not {self.encoding.upper()}: row {max(1, self._row)} (line "
            f"{self._lines_read:,}, byte offset {self._offset + error.start:,}) has the byte "
            f"0x{byte:02x}. Save it as UTF-8, or say what it is, for example "
            "--encoding latin-1."
        )
