"""Ranks of many values with their uncertainty, in memory that does not grow with their number.

Draws of log values are kept as bins of `BIN` and counted, draw by draw, in a histogram: the
rank of a value in a draw is the number of values in higher bins of that draw, plus half of
those in its own. It is off by at most half of the values that lie within 0.25 % of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from scoring.ml.value import chance

BIN: Final = 0.0025
BINS: Final = 16_384
LOWEST: Final = -5.0
SAME_BAND: Final = 0.05
"""An account is told from a band's first one where fewer draws than this have it worth more."""


def to_bins(draws: np.ndarray) -> np.ndarray:
    """Log values as uint16 of the same shape; e^-5 to e^35.96 have bins of their own."""
    return np.clip((draws - LOWEST) / BIN, 0, BINS - 1).astype(np.uint16)


@dataclass
class League:
    """All values that are ranked together: first `add` them all, then ask for ranks.

    13 MB for 200 draws, however many values. `counts` is int32 (draws, BINS).
    """

    draws: int
    size: int = 0
    counts: np.ndarray = field(init=False)
    _middle: np.ndarray | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros((self.draws, BINS), dtype=np.int32)

    def add(self, bins: np.ndarray) -> None:
        """:param bins: uint16 (k, draws) of `to_bins`."""
        places = bins.astype(np.int64) + np.arange(self.draws) * BINS
        flat = np.bincount(places.ravel(), minlength=self.draws * BINS)
        self.counts += flat.reshape(self.draws, BINS).astype(np.int32)
        self.size += len(bins)
        self._middle = None

    def rank_bounds(
        self, bins: np.ndarray, ranks: np.ndarray, coverage: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest rank, int64 (k,) each, that hold `coverage` of the draws.

        :param ranks: by the values themselves, (k,); always inside.
        """
        if self._middle is None:
            above = self.counts[:, ::-1].cumsum(axis=1)[:, ::-1] - self.counts
            self._middle = (above + (self.counts + 1) / 2.0).astype(np.float32)
        drawn = self._middle[np.arange(self.draws)[None, :], bins]
        low, high = chance.bounds(drawn, coverage)
        lowest = np.clip(np.floor(low), 1, self.size).astype(np.int64)
        highest = np.clip(np.ceil(high), 1, self.size).astype(np.int64)
        return np.minimum(lowest, ranks), np.maximum(highest, ranks)


@dataclass
class Placing:
    """Ranks and tie bands of a league's accounts, told one chunk after the other, best first.

    The best account opens band 1. An account is in the band of those above it unless fewer
    than `SAME_BAND` of the draws have it worth at least as much as the band's first account;
    then it opens the next one. Equal values have equal ranks.
    """

    placed: int = 0
    rank: int = 0
    band: int = 0
    _value: float = field(default=np.nan)
    _first: np.ndarray | None = field(default=None)

    def place(self, values: np.ndarray, bins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """:param values: falling, (k,), going on from the chunk before. :returns: ranks, bands."""
        return self._ranks(values), self._bands(bins)

    def _ranks(self, values: np.ndarray) -> np.ndarray:
        before = np.concatenate([[self._value], values[:-1]])
        places = self.placed + 1 + np.arange(len(values))
        fresh = np.where(values == before, 0, places)
        ranks = np.maximum.accumulate(np.concatenate([[self.rank], fresh]))[1:]
        if len(values):
            self.rank, self._value = int(ranks[-1]), float(values[-1])
        self.placed += len(values)
        return np.asarray(ranks)

    def _bands(self, bins: np.ndarray) -> np.ndarray:
        bands = np.zeros(len(bins), dtype=np.int64)
        start = 0
        while start < len(bins):
            if self._first is not None:
                share = np.mean(bins[start:] >= self._first[None, :], axis=1)
                told = np.flatnonzero(share < SAME_BAND)
                end = start + int(told[0]) if len(told) else len(bins)
                bands[start:end] = self.band
                start = end
            if start < len(bins):
                self.band += 1
                self._first = bins[start].copy()
                bands[start] = self.band
                start += 1
        return bands
