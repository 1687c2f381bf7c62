"""Facts of an image that is already in memory; nothing is fetched or decoded here.

None of the collections a model was trained on has images, so these facts are shown beside a
prediction and do not enter it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

MAX_PIXELS: Final = 50_000_000
_HASH_SIDE: Final = 8


class ImageRefused(ValueError):
    """Not an RGB image of a size that is looked at."""


@dataclass(frozen=True)
class ImageFacts:
    """`brightness` is mean luma, 0 to 1; `colourfulness` the M of Hasler & Süsstrunk (2003),
    0 (grey) to about 110; `perceptual_hash` the 64 bits of a difference hash;
    `distance_to_past` the fewest bits in which it differs from an own earlier image, None
    without one.
    """

    width: int
    height: int
    brightness: float
    colourfulness: float
    perceptual_hash: int
    distance_to_past: int | None


def image_facts(rgb: np.ndarray, past_hashes: Iterable[int] = ()) -> ImageFacts:
    """Describe an image of shape (height, width, 3), uint8.

    :raises ImageRefused: another shape or type, empty, or over `MAX_PIXELS` pixels.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ImageRefused("An image must be an array of height × width × 3 bytes (RGB).")
    height, width = rgb.shape[:2]
    if not 0 < height * width <= MAX_PIXELS:
        raise ImageRefused(
            f"The image has {width} × {height} pixels; at least one and at most "
            f"{MAX_PIXELS:,} are looked at."
        )
    # every k-th pixel is enough for means, and bounds memory for large images
    step = max(1, int(np.sqrt(height * width / 250_000)))
    sample = rgb[::step, ::step].astype(np.float32)
    red, green, blue = sample[..., 0], sample[..., 1], sample[..., 2]
    first, second = red - green, (red + green) / 2 - blue
    spread = np.hypot(first.std(), second.std())
    offset = np.hypot(first.mean(), second.mean())
    luma = sample @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    own = difference_hash(luma)
    distances = [(own ^ past).bit_count() for past in past_hashes]
    return ImageFacts(
        width=int(width),
        height=int(height),
        brightness=float(luma.mean() / 255),
        colourfulness=float(spread + 0.3 * offset),
        perceptual_hash=own,
        distance_to_past=min(distances) if distances else None,
    )


def difference_hash(luma: np.ndarray) -> int:
    """64 bits: whether each of 8 × 9 block means is darker than the one to its right."""
    rows = np.array_split(np.arange(luma.shape[0]), _HASH_SIDE)
    columns = np.array_split(np.arange(luma.shape[1]), _HASH_SIDE + 1)
    means = np.array(
        [[luma[np.ix_(r, c)].mean() if len(r) and len(c) else 0.0 for c in columns] for r in rows]
    )
    bits = (means[:, 1:] > means[:, :-1]).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)
