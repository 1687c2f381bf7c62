"""Which rows carry a tag, in little memory: hashes of the tags in order, and their rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TagIndex:
    """Tags of n rows, (m,) each: `hashes` rising, `rows` the row that carries the tag.

    Twelve bytes a tag, where the words themselves take sixty and more: two million hashtags
    of a large catalogue fit in 24 MB. Case does not count. Of 64-bit hashes, half a million
    tags hold two alike once in a hundred million catalogues.
    """

    hashes: NDArray[np.uint64]
    rows: NDArray[np.int32]
    size: int

    @classmethod
    def of(cls, tags: Iterable[Sequence[str]], size: int) -> TagIndex:
        known: dict[str, int] = {}
        hashes: list[int] = []
        rows: list[int] = []
        for row, own in enumerate(tags):
            for tag in own:
                if (value := known.get(tag)) is None:
                    value = known[tag] = tag_hash(tag)
                hashes.append(value)
                rows.append(row)
        table = np.array(hashes, dtype=np.uint64)
        order = np.argsort(table, kind="stable")
        return cls(table[order], np.array(rows, dtype=np.int32)[order], size)

    def counts(self, tags: Iterable[str]) -> Floats:
        """How many of the tags each row carries, (n,); a tag counts once."""
        found = np.zeros(self.size, dtype=np.float32)
        for value in {tag_hash(tag) for tag in tags}:
            where = np.uint64(value)
            start, end = (
                np.searchsorted(self.hashes, where),
                np.searchsorted(self.hashes, where, side="right"),
            )
            found[np.unique(self.rows[start:end])] += 1.0
        return found


def tag_hash(tag: str) -> int:
    digest = hashlib.blake2b(tag.casefold().encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")
