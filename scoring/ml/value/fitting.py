"""Fitting the priors of engagement on real creators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from scoring.ml.value.files import CreatorPosts
from scoring.ml.value.formula import Formula, Prior
from scoring.ml.value.posts import median_variance
from scoring.ml.value.rates import fit_line

FEWEST_POSTS: Final = 4
FEWEST_CREATORS: Final = 40
LEAST_BETWEEN: Final = 0.3
_MAD: Final = 1.4826
_OUTER: Final = 1.6449


@dataclass(frozen=True)
class Within:
    """How the posts of one creator differ; see `Prior`."""

    sd: float
    tail: float
    correlation: float
    creators: int
    posts: int


def measure_within(posts: CreatorPosts) -> Within | None:
    """From creators with at least `FEWEST_POSTS` posts; None where too few have."""
    off, pairs = [], []
    creators = 0
    for creator in range(len(posts)):
        part = posts.of(creator)
        values = posts.logs[part]
        n = len(values)
        if n < FEWEST_POSTS:
            continue
        creators += 1
        residuals = (values - np.median(values)) * np.sqrt(n / (n - 1))
        off.append(np.abs(residuals))
        centred = values - values.mean()
        if centred.any():
            pairs.append((centred[:-1] @ centred[1:], centred @ centred, n))
    if creators < FEWEST_CREATORS:
        return None
    inner = _MAD * float(np.median(np.concatenate(off)))
    sd = float(np.quantile(np.concatenate(off), 0.9)) / _OUTER
    products, squares, counts = np.array(pairs, dtype=float).T
    # The lag-one correlation of n values about their own mean is too low by about 1 / n.
    correlation = float(np.clip(products.sum() / squares.sum() + 1 / np.mean(counts), 0.0, 0.8))
    return Within(
        sd=sd,
        tail=sd / inner,
        correlation=correlation,
        creators=creators,
        posts=int(sum(map(len, off))),
    )


def prior_from_posts(
    posts: CreatorPosts, within: Within, formula: Formula, *, source: str
) -> Prior | None:
    """The line through creators' medians by size; None with too few creators of known size."""
    counts = np.diff(posts.starts)
    rows = np.flatnonzero((posts.followers > 0) & (counts >= FEWEST_POSTS))
    if len(rows) < FEWEST_CREATORS:
        return None
    medians = np.array([np.median(posts.logs[posts.of(int(row))]) for row in rows])
    blank = _blank(within)
    noise = median_variance(counts[rows].astype(float), np.full(len(rows), within.sd), blank)
    return _prior(
        posts.followers[rows], medians, float(noise.mean()), within,
        source=source, posts=int(counts[rows].sum()),
    )  # fmt: skip


def prior_from_rates(
    followers: np.ndarray, rates: np.ndarray, within: Within, formula: Formula, *, source: str
) -> Prior | None:
    """The same from followers and engagement rates, whose mean posts are made usual ones."""
    known = (followers > 0) & (rates > 0) & (rates <= formula.largest_rate)
    if known.sum() < FEWEST_CREATORS:
        return None
    usual = np.log1p(followers[known] * rates[known] * np.exp(-(within.sd**2) / 2.0))
    noise = within.sd**2 / formula.average_posts + formula.average_sd**2 + formula.rate_sd**2
    return _prior(followers[known], usual, noise, within, source=source, posts=0)


def prior_of_others(priors: list[Prior]) -> Prior:
    """For a platform without data: the mean of the lines, as wide as they lie apart."""
    centre = float(np.mean([prior.centre for prior in priors]))
    levels = [prior.level + prior.slope * (centre - prior.centre) for prior in priors]
    apart = float(np.var(levels, ddof=1)) if len(levels) > 1 else 1.0
    mean = {
        name: round(float(np.mean([getattr(prior, name) for prior in priors])), 5)
        for name in ("slope", "within_sd", "tail", "correlation")
    }
    return replace(
        priors[0],
        **mean,
        level=round(float(np.mean(levels)), 5),
        centre=round(centre, 4),
        smallest=max(prior.smallest for prior in priors),
        largest=min(prior.largest for prior in priors),
        between_sd=round(_spread_out([p.between_sd for p in priors], apart), 5),
        total_sd=round(_spread_out([p.total_sd for p in priors], apart), 5),
        creators=sum(prior.creators for prior in priors),
        posts=sum(prior.posts for prior in priors),
        source="the other platforms together",
    )


def _spread_out(values: list[float], apart: float) -> float:
    return float(np.sqrt(np.mean(np.square(values)) + apart))


def _blank(within: Within) -> Prior:
    return Prior(
        0, 0, 0, 1, 1, 1, 1, within.sd, within.tail, within.correlation, 0, 0, ""
    )  # fmt: skip


def _prior(
    followers: np.ndarray,
    usual: np.ndarray,
    noise: float,
    within: Within,
    *,
    source: str,
    posts: int,
) -> Prior:
    size = np.log10(followers)
    centre = float(np.median(size))
    level, slope = fit_line(size - centre, usual)
    off = usual - level - slope * (size - centre)
    spread = _MAD * float(np.median(np.abs(off)))
    smallest, largest = np.quantile(followers, [0.01, 0.99])
    return Prior(
        level=round(level, 5),
        slope=round(slope, 5),
        centre=round(centre, 4),
        smallest=float(round(smallest)),
        largest=float(round(largest)),
        between_sd=round(float(np.sqrt(max(spread**2 - noise, LEAST_BETWEEN**2))), 5),
        total_sd=round(float(np.std(usual)), 5),
        within_sd=round(within.sd, 5),
        tail=round(within.tail, 4),
        correlation=round(within.correlation, 4),
        creators=len(followers),
        posts=posts,
        source=source,
    )
