"""What an account's own posts say: their usual log engagement, its spread and its draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.ml.value import chance
from scoring.ml.value.formula import Formula, Prior

_MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class OwnPosts:
    """Of k accounts with n posts each; all (k,) but `draws`, which is (k, draws).

    `median` is the weighted median of log(1 + engagement) and `draws` those of its resamples;
    `effective` how many posts of equal weight they are worth; `spread` the robust standard
    deviation of one post, mixed with the platform's; `variance` that of the median;
    `silence` days since the newest dated post and `gap` the usual days between two, NaN
    where unknown.
    """

    median: np.ndarray
    draws: np.ndarray
    effective: np.ndarray
    spread: np.ndarray
    variance: np.ndarray
    silence: np.ndarray
    gap: np.ndarray


def read_posts(
    values: np.ndarray, ages: np.ndarray, hashed: np.ndarray, prior: Prior, formula: Formula
) -> OwnPosts:
    """:param values: log(1 + engagement), (k, n), n ≥ 1, oldest first.
    :param ages: days, (k, n), NaN unknown. :param hashed: (k, draws) of `chance.hashes`.
    """
    count = values.shape[1]
    weights = post_weights(ages, formula.half_life_days)
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    ordered_weights = np.take_along_axis(weights, order, axis=1)
    median = weighted_median(ordered, ordered_weights)
    total = np.cumsum(weights, axis=1)[:, -1]
    effective = total**2 / np.cumsum(weights**2, axis=1)[:, -1]
    spread = _spread(values, median, weights, prior, formula)
    silence, gap = _rhythm(ages, formula)
    return OwnPosts(
        median=median,
        draws=_resample(ordered, ordered_weights, order, hashed, count, prior),
        effective=effective,
        spread=spread,
        variance=median_variance(effective, spread, prior),
        silence=silence,
        gap=gap,
    )


def post_weights(ages: np.ndarray, half_life_days: float) -> np.ndarray:
    """2^(-(age - youngest age) / half-life), (k, n); without a date as the oldest dated."""
    known = np.isfinite(ages)
    youngest = np.min(np.where(known, ages, np.inf), axis=1, keepdims=True)
    oldest = np.max(np.where(known, ages, -np.inf), axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        older = np.where(known, ages, oldest) - youngest
    return np.asarray(np.exp2(-np.where(np.isfinite(older), older, 0.0) / half_life_days))


def weighted_median(ordered: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Of rising values (…, n) with their weights, some of which may be 0.

    The mean of the quantiles within 1 / (2 n) of the middle: with equal weights the usual
    median, and never a jump from one value to the next when a weight changes a little.
    """
    n = ordered.shape[-1]
    if n == 1:
        return np.asarray(np.broadcast_to(ordered, weights.shape)[..., 0]).copy()
    reached = np.cumsum(weights, axis=-1)
    total = reached[..., -1:]
    lowest, highest = total * (0.5 - 0.5 / n), total * (0.5 + 0.5 / n)
    inside = np.clip(reached[..., :-1], lowest, highest) - lowest
    # The sum of values × their share of the window, added up by parts.
    below = np.sum(inside * np.diff(ordered, axis=-1), axis=-1)
    return np.asarray(ordered[..., -1] - below / (total[..., 0] / n))


def median_variance(effective: np.ndarray, spread: np.ndarray, prior: Prior) -> np.ndarray:
    """Sampling variance of the median of correlated posts.

    The median needs π/2 as many posts as the mean, one post as many; AR(1) posts with the
    correlation r are worth (1 - r) / (1 + r) of independent ones.
    """
    several = 1.0 - 1.0 / effective
    rho = prior.correlation
    sampling = spread**2 / effective
    sampling = sampling * (1.0 + (np.pi / 2.0 - 1.0) * several)
    return np.asarray(sampling * (1.0 + 2.0 * rho / (1.0 - rho) * several))


def _spread(
    values: np.ndarray, median: np.ndarray, weights: np.ndarray, prior: Prior, formula: Formula
) -> np.ndarray:
    """How posts spread about the median, judged by the inner half, mixed with the platform's."""
    count = values.shape[1]
    off = np.abs(values - median[:, None])
    order = np.argsort(off, axis=1, kind="stable")
    middle = weighted_median(
        np.take_along_axis(off, order, axis=1), np.take_along_axis(weights, order, axis=1)
    )
    own = (1.4826 * prior.tail * middle) ** 2
    ahead = formula.spread_posts
    mixed = (ahead * prior.within_sd**2 + (count - 1) * own) / (ahead + count - 1)
    return np.asarray(np.sqrt(mixed))


def _rhythm(ages: np.ndarray, formula: Formula) -> tuple[np.ndarray, np.ndarray]:
    """Days since the newest post, and the median gap between dated posts."""
    silence = np.min(np.where(np.isfinite(ages), ages, np.inf), axis=1)
    if ages.shape[1] > 1:
        rising = np.sort(ages, axis=1)  # NaN last
        gaps = np.sort(np.diff(rising, axis=1), axis=1)
        known = np.isfinite(gaps).sum(axis=1)
        places = np.maximum((known - 1) // 2, 0)[:, None], np.maximum(known // 2, 0)[:, None]
        places = tuple(np.minimum(place, gaps.shape[1] - 1) for place in places)
        low, high = (np.take_along_axis(gaps, place, axis=1)[:, 0] for place in places)
        gap = np.where(known > 0, (low + high) / 2.0, np.nan)
    else:
        gap = np.full(len(ages), np.nan)
    gap = np.maximum(gap, formula.shortest_gap_days)
    return np.where(np.isfinite(silence), silence, np.nan), gap


def _resample(
    ordered: np.ndarray,
    weights: np.ndarray,
    order: np.ndarray,
    hashed: np.ndarray,
    count: int,
    prior: Prior,
) -> np.ndarray:
    """Medians of resampled posts, (k, draws)."""
    draws = hashed.shape[1]
    if count == 1:
        return np.repeat(ordered, draws, axis=1)
    table = chance.patterns(count, chance.block_length(count, prior.correlation))
    chosen = chance.field(hashed, chance.PATTERN) % chance.RESAMPLES
    result = np.empty((len(ordered), draws))
    step = max(1, _MOST_CELLS // (draws * count))
    for first in range(0, len(ordered), step):
        rows = slice(first, first + step)
        counts = np.take_along_axis(table[chosen[rows]], order[rows, None, :], axis=2)
        result[rows] = weighted_median(ordered[rows, None, :], counts * weights[rows, None, :])
    return result
