"""Caption vectors for whole files; a caption without readable text has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from scoring.ml.encoding import DIMENSIONS, get_encoder, is_empty
from scoring.ml.plep.captions import cut_caption

Encode = Callable[[Sequence[str]], np.ndarray]
"""Texts to vectors of shape (n, 384)."""


def encode_texts(texts: Sequence[str]) -> np.ndarray:
    """The encoder of this process."""
    return get_encoder().encode(texts)


def caption_vectors(captions: Sequence[str | None], encode: Encode = encode_texts) -> np.ndarray:
    """Shape (n, 384), float64, a row of NaN where there is nothing to read."""
    result = np.full((len(captions), DIMENSIONS), np.nan)
    texts = [cut_caption(caption)[0] for caption in captions]
    rows = [row for row, text in enumerate(texts) if not is_empty(text)]
    if rows:
        result[rows] = encode([texts[row] for row in rows])
    return result
