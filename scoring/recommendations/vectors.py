"""Text vectors out of the database as fast as it can send them: binary COPY, read in blocks."""

from collections.abc import Callable
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from scoring.ml.encoding import ENCODER_VERSION
from scoring.models import EMBEDDING_DIMENSIONS

HEADER_BYTES: Final = 19
BLOCK_BYTES: Final = 8 * 2**20
# A row of COPY's binary form: two fields, an id of eight bytes, and pgvector's own form of a
# vector, which is its length, two bytes of nothing, and big-endian floats.
ROW: Final = np.dtype(
    [
        ("fields", ">i2"),
        ("id_bytes", ">i4"),
        ("id", ">i8"),
        ("vector_bytes", ">i4"),
        ("dimensions", ">i2"),
        ("unused", ">i2"),
        ("vector", ">f4", (EMBEDDING_DIMENSIONS,)),
    ]
)
COPY: Final = """
COPY (
    SELECT embedding.entry_id, embedding.vector FROM scoring_entryembedding embedding
    JOIN scoring_searchentry entry ON entry.id = embedding.entry_id
    WHERE entry.is_visible AND embedding.encoder_version = {version}
) TO STDOUT WITH (FORMAT binary)
"""

Take = Callable[[NDArray[np.int64], NDArray[np.float32]], None]


def read_vectors(take: Take) -> None:
    """Call ``take`` with ids of entries (k,) and their vectors (k, 384), block by block.

    :raises ValueError: if a vector is not of the length this code was written for.
    """
    blocks = _Blocks(take)
    with connection.cursor() as cursor:
        quoted = cursor.mogrify("%s", [ENCODER_VERSION])
        text = quoted.decode() if isinstance(quoted, bytes) else quoted
        cursor.copy_expert(COPY.format(version=text), blocks, BLOCK_BYTES)
    blocks.finish()


class _Blocks:
    """What COPY writes to: whole rows are handed on as soon as there are many."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._left = bytearray()
        self._has_header = False

    def write(self, data: bytes) -> int:
        self._left += data
        if not self._has_header and len(self._left) >= HEADER_BYTES:
            del self._left[:HEADER_BYTES]
            self._has_header = True
        if len(self._left) > BLOCK_BYTES:
            self._hand_on()
        return len(data)

    def finish(self) -> None:
        self._hand_on()
        # What stays is the trailer, "no further row".
        if bytes(self._left) not in (b"", b"\xff\xff"):
            raise ValueError("The vectors came in a form that is not understood.")

    def _hand_on(self) -> None:
        count = (len(self._left) - 2) // ROW.itemsize if self._has_header else 0
        if count <= 0:
            return
        rows = np.frombuffer(bytes(self._left[: count * ROW.itemsize]), dtype=ROW)
        if (rows["dimensions"] != EMBEDDING_DIMENSIONS).any():
            raise ValueError(f"A vector has not {EMBEDDING_DIMENSIONS} numbers.")
        self._take(rows["id"].astype(np.int64), rows["vector"].astype(np.float32))
        del self._left[: count * ROW.itemsize]
