"""Content quality by what can be measured without taste: how much of it is said twice.

Pictures: the 64-bit perceptual hash of Zauner (2010). A picture is shrunk to 32 × 32, its
8 × 8 lowest frequencies (two-dimensional cosine transform) are compared with their median,
one bit each. Pictures whose hashes differ in at most 10 bits look alike.
Captions: near-duplicates by shingles, as for comments, without hashtags and mentions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn

from scoring.ml.comment_quality import repeated_share

SIDE: Final = 32
LOW: Final = 8
ALIKE_BITS: Final = 10
FEWEST: Final = 6
"""With fewer than six pictures or captions one repetition says nothing of a habit."""
MIN_WORDS: Final = 4
_TAGS: Final = re.compile(r"[#@]\w+|https?://\S+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def perceptual_hash(luminance: NDArray[np.float64]) -> int:
    """The 64 bits of a picture.

    :param luminance: grey values of any scale, shape (height, width), at least 32 × 32.
    :raises ValueError: another shape, or values that are not finite.
    """
    grey = np.asarray(luminance, dtype=float)
    if grey.ndim != 2 or min(grey.shape) < SIDE or not np.isfinite(grey).all():
        raise ValueError("A picture is an array (height, width) of at least 32 × 32 numbers.")
    rows = np.array_split(grey, SIDE, axis=0)
    small = np.array([[cell.mean() for cell in np.array_split(row, SIDE, axis=1)] for row in rows])
    # The constant term is brightness alone and would decide the median's side for nobody.
    low = dctn(small, norm="ortho")[:LOW, :LOW].ravel()
    bits = low > np.median(low[1:])
    bits[0] = False
    return int("".join("1" if bit else "0" for bit in bits), 2)


def visual_repetition(hashes: Sequence[int]) -> float | None:
    """The share of pictures that look like another one; None with fewer than six."""
    if len(hashes) < FEWEST:
        return None
    again = [
        any((one ^ two).bit_count() <= ALIKE_BITS for j, two in enumerate(hashes) if i != j)
        for i, one in enumerate(hashes)
    ]
    return float(np.mean(again))


def caption_repetition(captions: Sequence[str]) -> float | None:
    """The share of captions nearly equal to another one; None with fewer than six.

    Captions of fewer than four words besides tags are not judged.
    """
    plain = [_WORD.findall(_TAGS.sub(" ", text).lower()) for text in captions]
    long = [" ".join(words) for words in plain if len(words) >= MIN_WORDS]
    return repeated_share(long) if len(long) >= FEWEST else None


def content_quality(visual: float | None, captions: float | None) -> float | None:
    """(1 - repeated pictures) · (1 - repeated captions), of those that are known."""
    known = [1.0 - share for share in (visual, captions) if share is not None]
    return float(np.prod(known)) if known else None
