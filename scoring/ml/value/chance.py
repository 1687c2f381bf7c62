"""Chance that depends on nothing but an account's key: a batch draws what its rows draw alone.

One 64-bit hash of (key, draw) is cut into fields of 12 bits; each picks one of 4,096 equally
likely values. The hash is SplitMix64 (Steele, Lea & Flood 2014).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import numpy as np
from scipy.special import ndtri

LEVELS: Final = 4096
RESAMPLES: Final = 1024
_MASK: Final = np.uint64(LEVELS - 1)
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_SEED: Final = 20_261
PATTERN, LOCATION, AUTHENTICITY, CONSISTENCY = range(4)


def hashes(keys: np.ndarray, draws: int) -> np.ndarray:
    """uint64 (n, draws) for uint64 keys (n,)."""
    numbers = np.arange(1, draws + 1, dtype=np.uint64) * _STEP
    state = _mixed(keys.astype(np.uint64))[:, None] + numbers[None, :]
    return _mixed(state)


def field(hashed: np.ndarray, place: int) -> np.ndarray:
    """Whole numbers 0 to 4095 from one of the fields of a hash."""
    return ((hashed >> np.uint64(12 * place)) & _MASK).astype(np.int32)


@cache
def normals() -> np.ndarray:
    """4,096 equally likely values of a standard normal variable; their mean is 0."""
    return np.asarray(ndtri((np.arange(LEVELS) + 0.5) / LEVELS))


def uniforms(numbers: np.ndarray) -> np.ndarray:
    """Field values as fractions strictly between 0 and 1."""
    return (numbers + 0.5) / LEVELS


@lru_cache(maxsize=128)
def patterns(n: int, block: float) -> np.ndarray:
    """How often each of n posts is drawn, in 1,024 resamples: uint16 (1024, n).

    The stationary bootstrap (Politis & Romano 1994): blocks of posts that follow each other,
    of geometric length with mean `block`, wrapped around at the end.
    """
    rng = np.random.default_rng([_SEED, n])
    starts = rng.integers(0, n, size=(RESAMPLES, n))
    if block > 1.0 and n > 1:
        fresh = rng.random((RESAMPLES, n)) < 1.0 / block
        fresh[:, 0] = True
        place = np.maximum.accumulate(np.where(fresh, np.arange(n), 0), axis=1)
        begun = np.take_along_axis(starts, place, axis=1)
        starts = (begun + np.arange(n) - place) % n
    counts = np.zeros((RESAMPLES, n), dtype=np.uint16)
    np.add.at(counts, (np.arange(RESAMPLES)[:, None], starts), 1)
    return counts


def block_length(n: int, correlation: float) -> float:
    """The mean block that suits n values of an AR(1) series (Politis & White 2004)."""
    rho = min(max(correlation, 0.0), 0.9)
    ratio = 2.0 * rho / (1.0 - rho * rho)
    return max(1.0, round(float((ratio * ratio * n) ** (1.0 / 3.0)), 1))


def bounds(draws: np.ndarray, coverage: float) -> tuple[np.ndarray, np.ndarray]:
    """The draws, (n,) each, that leave out as many below as above; NaN where any draw is."""
    count = draws.shape[1]
    outside = max(round(count * (1.0 - coverage) / 2.0), 1)
    places = (outside - 1, count - outside)
    part = np.partition(draws, places, axis=1)
    unknown = np.isnan(draws[:, 0])
    low, high = (np.where(unknown, np.nan, part[:, place]) for place in places)
    return low, high


def _mixed(state: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(state ^ (state >> np.uint64(31)))
