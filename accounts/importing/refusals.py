"""The file of refused rows: as they were, with the reason, safe to open in a spreadsheet.

Once corrected, the file can be imported as it is: the columns in front are passed over,
and cells that were escaped are read as they were.
"""

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from accounts.importing.errors import RefusalsUnwritable
from accounts.importing.sources import Record

REASON_COLUMNS = ("refused_row", "refused_line", "refused_because")

# A spreadsheet runs a cell that starts so (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(cell: str) -> str:
    """The cell as text that no spreadsheet runs; plain numbers stay numbers."""
    if cell.lstrip("'").startswith(_FORMULA_STARTS) and not _is_number(cell):
        return "'" + cell
    return cell


def unescape_formula(cell: str) -> str:
    """What `escape_formula` was given."""
    if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS):
        return cell[1:]
    return cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


class RefusalFile:
    """Written beside its final place and moved there by `keep`; otherwise it vanishes.

    :raises RefusalsUnwritable: from any method, when the place cannot be written.
    """

    def __init__(self, path: Path, *, header: Sequence[str], delimiter: str) -> None:
        self.path = path
        if path.is_dir():
            raise RefusalsUnwritable(f"{path} is a directory; name a file for the refused rows.")
        try:
            handle, temporary = tempfile.mkstemp(
                prefix=f".{path.name}.", suffix=".part", dir=path.parent
            )
        except OSError as error:
            raise self._unwritable(error) from error
        self._temporary = Path(temporary)
        # The mark at the start tells a spreadsheet that the file is UTF-8.
        self._file = open(handle, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115
        self._writer = csv.writer(self._file, delimiter=delimiter)
        self._writer.writerow(
            [*REASON_COLUMNS, *(escape_formula(name) for name in header if not _is_reason(name))]
        )
        # Reasons from an earlier attempt, when the file is a corrected file of refusals.
        self._outdated = {index for index, name in enumerate(header) if _is_reason(name)}

    def add(self, record: Record, reasons: Sequence[str]) -> None:
        """One refused row; a row of the wrong length is kept as it is."""
        cells = [
            escape_formula(cell)
            for index, cell in enumerate(record.cells)
            if index not in self._outdated
        ]
        try:
            self._writer.writerow([record.row, record.line, "; ".join(reasons), *cells])
        except OSError as error:
            raise self._unwritable(error) from error

    def keep(self) -> None:
        """Put the finished file in its place."""
        try:
            self._file.close()
            os.replace(self._temporary, self.path)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> RefusalsUnwritable:
        return RefusalsUnwritable(
            f"The refused rows cannot be written to {self.path}: {error.strerror}. "
            "Nothing was imported."
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def _is_reason(name: str) -> bool:
    return name in REASON_COLUMNS
