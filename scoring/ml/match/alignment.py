"""Brand alignment (document 000 section 2): values, past work in the category, sentiment.

Values in [0, 1]; None where unknown. For tone see `tone.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.comment_quality import measure_comments

VALUES_FLOOR, VALUES_CEILING = 0.10, 0.55
"""Cosines of a value's name and a creator's text that count 0 and 1.

Stated: nearly all pairs of a short phrase and an unrelated bio lie below the first.
"""
HALF_KNOWN: Final = 2.0
"""How many past collaborations in a category count about two thirds."""


def values_similarity(wanted: NDArray[np.floating], own: NDArray[np.floating]) -> float | None:
    """The mean, over a brand's values, of the best cosine with any of a creator's texts.

    :param wanted: embeddings of the values, shape (k, d). :param own: of the texts, (m, d).
    :returns: stretched to [0, 1]; None without vectors, or where all of one side are zero.
    :raises ValueError: the two are of different dimensions.
    """
    first, second = _directions(wanted), _directions(own)
    if not len(first) or not len(second):
        return None
    if first.shape[1] != second.shape[1]:
        raise ValueError(
            f"Vectors of {first.shape[1]} and {second.shape[1]} dimensions cannot be compared."
        )
    # Not a matrix product: BLAS rounds a batch unlike a single row.
    cosines = (first[:, None, :] * second[None, :, :]).sum(axis=2)
    best = float(cosines.max(axis=1).mean())
    return min(max((best - VALUES_FLOOR) / (VALUES_CEILING - VALUES_FLOOR), 0.0), 1.0)


def past_work(in_category: int | None, in_all: int | None) -> float | None:
    """1 - exp(-n / 2) for n collaborations in the category; 0 for a creator with others only.

    :param in_all: all known past collaborations; with none, nothing is known (None).
    :raises ValueError: negative counts, or more in the category than in all.
    """
    if in_category is None or not in_all:
        return None
    if not 0 <= in_category <= in_all:
        raise ValueError(f"{in_category} of {in_all} past collaborations is impossible.")
    return 1.0 - math.exp(-in_category / HALF_KNOWN)


def brand_sentiment(comments: Sequence[str], brand_names: Sequence[str]) -> float | None:
    """How warmly comments that name the brand speak, -1…1 moved to [0, 1].

    None where fewer than ten recognisably English comments name it (`comment_quality`).
    """
    names = [name.strip().lstrip("@#") for name in brand_names if name.strip().lstrip("@#")]
    if not names:
        return None
    about = re.compile(
        r"(?<!\w)[@#]?(?:" + "|".join(map(re.escape, names)) + r")(?!\w)", re.IGNORECASE
    )
    quality = measure_comments([text for text in comments if about.search(text)])
    if quality is None or quality.sentiment is None:
        return None
    return (quality.sentiment + 1) / 2


def _directions(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.atleast_2d(np.asarray(vectors, dtype=float))
    if rows.size == 0:
        return np.zeros((0, 0))
    lengths = np.sqrt((rows**2).sum(axis=1))
    good = np.isfinite(lengths) & (lengths > 0)
    return np.asarray(rows[good] / lengths[good, None])
