"""Caption vectors of this process, so that an unchanged caption is not read twice.

Encoding is what a diagnostics answer costs. A draft that changes only in its hour, or a
suggestion of another one, has the very caption of the answer before.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from scoring.ml.encoding import get_encoder

REMEMBERED: Final = 256


def encode(texts: Sequence[str]) -> np.ndarray:
    """Texts to vectors of shape (n, 384), each text by itself: the same text, the same vector."""
    return np.array([_vector(text) for text in texts])


def forget() -> None:
    """Empty the memory, for whoever measures."""
    _vector.cache_clear()


@lru_cache(maxsize=REMEMBERED)
def _vector(text: str) -> np.ndarray:
    vector = np.asarray(get_encoder().encode([text])[0])
    vector.setflags(write=False)
    return vector
