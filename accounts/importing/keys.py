"""Which rows of a file speak of the same thing, in 32 bytes a row.

Keys are kept as 64-bit hashes: a set of the keys themselves would cost several hundred
megabytes for a large file. Two different keys of a file of four million rows share a
hash with a probability of about 4e-7, and then one row is called a repetition.
"""

from array import array
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Repeat:
    """Row ``row`` has the key of the earlier row ``first``; ``same`` if all cells agree."""

    row: int
    line: int
    first: int
    same: bool


class RowKeys:
    """The key and the content of every row so far, both as hashes."""

    def __init__(self) -> None:
        self._rows = array("q")
        self._lines = array("q")
        self._keys = array("q")
        self._contents = array("q")

    def add(self, row: int, line: int, key: Hashable, content: Hashable) -> None:
        self._rows.append(row)
        self._lines.append(line)
        self._keys.append(hash(key))
        self._contents.append(hash(content))

    def repeats(self) -> Iterator[Repeat]:
        """Rows whose key came before, in file order."""
        if not self._rows:
            return
        keys, contents = _as_numpy(self._keys), _as_numpy(self._contents)
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(keys[order]) != 0])
        first = np.empty(len(order), dtype=np.int64)
        first[order] = np.repeat(order[starts], np.diff(np.r_[starts, len(order)]))
        for index in np.flatnonzero(first != np.arange(len(order))):
            earlier = int(first[index])
            yield Repeat(
                row=self._rows[index],
                line=self._lines[index],
                first=self._rows[earlier],
                same=bool(contents[index] == contents[earlier]),
            )


class LatestRows:
    """For every key the row with the latest moment, and of those the last in the file."""

    def __init__(self) -> None:
        self._rows = array("q")
        self._keys = array("q")
        self._moments = array("d")

    def add(self, row: int, key: Hashable, moment: float) -> None:
        self._rows.append(row)
        self._keys.append(hash(key))
        self._moments.append(moment)

    def mark(self, size: int, *, without: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A mask over row numbers below ``size``, True where a row is its key's latest.

        Rows in the mask ``without`` do not count.
        """
        latest = np.zeros(size, dtype=bool)
        if not self._rows:
            return latest
        rows, keys = _as_numpy(self._rows), _as_numpy(self._keys)
        moments = np.frombuffer(self._moments, dtype=np.float64)
        kept = ~without[rows]
        rows, keys, moments = rows[kept], keys[kept], moments[kept]
        order = np.lexsort((rows, moments, keys))
        last = np.r_[np.diff(keys[order]) != 0, True] if len(order) else np.zeros(0, dtype=bool)
        latest[rows[order][last]] = True
        return latest


def _as_numpy(numbers: "array[int]") -> NDArray[np.int64]:
    return np.frombuffer(numbers, dtype=np.int64)
