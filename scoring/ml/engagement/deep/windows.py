"""Windows of bounded length over a series, and batches of windows of about one length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

LONGEST: Final = 256
OVERLAP: Final = 64
STEPS_PER_BATCH: Final = 4_096
WINDOWS_PER_BATCH: Final = 128


@dataclass(frozen=True)
class Window:
    """Steps `first` to `end` (exclusive) of a series; `kept` of them are the window's to judge.

    Where two windows overlap, each judges the half that is nearer to its middle.
    """

    first: int
    end: int
    kept: slice

    def __len__(self) -> int:
        return self.end - self.first


def windows_over(steps: int) -> list[Window]:
    """Windows that together judge every step once; the last one ends with the series."""
    if steps <= LONGEST:
        return [Window(0, steps, slice(0, steps))] if steps else []
    firsts = [*range(0, steps - LONGEST, LONGEST - OVERLAP), steps - LONGEST]
    cuts = [0, *((a + LONGEST + b) // 2 for a, b in pairwise(firsts)), steps]
    return [
        Window(first, first + LONGEST, slice(low, high))
        for first, low, high in zip(firsts, cuts[:-1], cuts[1:], strict=True)
    ]


def batches_by_length(
    lengths: Sequence[int], rng: np.random.Generator | None = None
) -> Iterator[np.ndarray]:
    """Places of windows of like lengths, at most `STEPS_PER_BATCH` padded steps together.

    With `rng` the batches come in random order and so do equal lengths; otherwise the shortest
    windows come first.
    """
    sizes = np.asarray(lengths)
    luck = np.arange(len(sizes)) if rng is None else rng.permutation(len(sizes))
    batches: list[list[int]] = []
    for place in np.lexsort((luck, sizes)):
        # the lengths rise: the newest member is the longest
        full = batches and (
            (len(batches[-1]) + 1) * sizes[place] > STEPS_PER_BATCH
            or len(batches[-1]) == WINDOWS_PER_BATCH
        )
        if not batches or full:
            batches.append([])
        batches[-1].append(int(place))
    order = np.arange(len(batches)) if rng is None else rng.permutation(len(batches))
    for number in order:
        yield np.array(batches[number])
