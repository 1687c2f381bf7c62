"""Neighbours and windows of step values: NaN is unknown and left out; linear in the length."""

from __future__ import annotations

import numpy as np


def shifted(values: np.ndarray, by: int) -> np.ndarray:
    """The value `by` steps earlier (later if negative), NaN beyond the ends."""
    moved = np.full(len(values), np.nan)
    if abs(by) < len(values):
        if by > 0:
            moved[by:] = values[:-by]
        elif by < 0:
            moved[:by] = values[-by:]
        else:
            moved[:] = values
    return moved


def window_sums(values: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Sum and number of known values in a centred window of odd `width`, cut at the ends."""
    half = width // 2
    places = np.arange(len(values))
    low, high = np.maximum(places - half, 0), np.minimum(places + half + 1, len(values))
    known = ~np.isnan(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    counts = np.concatenate([[0.0], np.cumsum(known)])
    return sums[high] - sums[low], counts[high] - counts[low]


def neighbour_mean(values: np.ndarray, reach: int) -> np.ndarray:
    """Mean of the known values up to `reach` steps away, without the step itself."""
    total, known = window_sums(values, 2 * reach + 1)
    itself = ~np.isnan(values)
    others = known - itself
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total - np.where(itself, values, 0.0)) / others
    return np.asarray(np.where(others > 0, mean, np.nan))


def others_median(values: np.ndarray) -> np.ndarray:
    """Median of all known values but the step's own; NaN with fewer than two known."""
    result = np.full(len(values), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    rest = len(known) - 1
    if rest < 1:
        return result
    order = np.argsort(values[known], kind="stable")
    ranked = values[known][order]
    ranks = np.empty(len(known), dtype=int)
    ranks[order] = np.arange(len(known))
    # without the value of rank r, everything from r on moves down by one
    lower, upper = (rest - 1) // 2, rest // 2
    result[known] = (ranked[lower + (lower >= ranks)] + ranked[upper + (upper >= ranks)]) / 2
    return result


def others_highest(values: np.ndarray) -> np.ndarray:
    """Highest of all known values but the step's own; NaN with fewer than two known."""
    result = np.full(len(values), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < 2:
        return result
    first, second = np.partition(values[known], -2)[[-1, -2]]
    result[known] = first
    result[known[np.argmax(values[known])]] = second
    return result
