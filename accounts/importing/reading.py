"""One pass over a file: numbered rows in, parsed rows and problems out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accounts.importing.detection import read_header
from accounts.importing.layout import Kind, Problem, RowReader
from accounts.importing.options import ImportOptions
from accounts.importing.refusals import REASON_COLUMNS, unescape_formula
from accounts.importing.rows import ParsedRow
from accounts.importing.sources import CsvSource, Record

# Takes how much of the file was read in this pass, and how large it is, both in bytes.
Progress = Callable[[int, int], None]

# Rows between two calls of the progress function: often enough to stop within a second.
PROGRESS_EVERY = 250


@dataclass(slots=True)
class ReadRow:
    """A row and what its cells say, or None where ``errors`` tells what is wrong."""

    record: Record
    parsed: ParsedRow | None
    errors: list[Problem]
    warnings: list[Problem]


class TableFile:
    """A file whose layout is known, to be read any number of times.

    :raises FileUnreadable, LayoutUnknown: from the constructor, for the file as a whole.
    """

    def __init__(self, path: Path, *, kind: Kind, options: ImportOptions, now: datetime) -> None:
        self.path = path
        self.encoding = options.encoding
        with self._open() as source:
            self.size = source.size
            self.header = read_header(source.first_line(), kind=kind)
        self.layout = self.header.layout
        self._reader = RowReader(
            self.layout,
            self.header.names,
            platform=self.layout.platform or options.platform,
            now=now,
        )
        self._escaped = REASON_COLUMNS[-1] in self.header.names
        self.sha256 = ""

    def _open(self) -> CsvSource:
        return CsvSource(self.path, encoding=self.encoding)

    def rows(self, progress: Progress) -> Iterator[ReadRow]:
        """Every row that is not blank. Afterwards `sha256` is that of the bytes just read.

        :raises FileUnreadable: where the file breaks off or cannot be decoded.
        """
        with self._open() as source:
            for count, record in enumerate(source.records(delimiter=self.header.delimiter)):
                if count % PROGRESS_EVERY == 0:
                    progress(source.position, source.size)
                if record.row == 1:
                    continue
                if record.problem:
                    yield ReadRow(record, None, [Problem("", record.problem, "valid CSV")], [])
                    continue
                cells = record.cells
                if self._escaped:
                    cells = [unescape_formula(cell) for cell in cells]
                yield ReadRow(record, *self._reader.read(cells))
            self.sha256 = source.sha256
            progress(source.size, source.size)
