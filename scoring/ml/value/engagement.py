"""Predicted engagement per post: the account's own usual post, drawn towards its size's.

An empirical Bayes estimate (Efron & Morris 1975) of the log engagement of an ordinary post, which
draws exceptions in less (limited translation, Efron & Morris 1972).
A draw mixes a resampled median with a draw of the prior by the same weights as the estimate,
which gives the posterior variance exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.value import chance
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.formula import Coefficients, Formula, Prior
from scoring.ml.value.posts import OwnPosts, read_posts

POSTS: Final = "posts"
AVERAGES: Final = "averages"
RATE: Final = "rate"
NONE: Final = ""


@dataclass(frozen=True)
class Engagement:
    """All (n,) but `draws` (n, draws); counts, not logs. NaN where nothing is known.

    `basis` says what `own` was read from: the account's posts, the averages of its profile or
    followers × engagement rate. `weight` is the share of `own` in the value, against
    `expected`, what accounts of this size usually have; both enter as logs.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    draws: np.ndarray
    basis: np.ndarray
    posts: np.ndarray
    effective: np.ndarray
    own: np.ndarray
    expected: np.ndarray
    weight: np.ndarray
    spread: np.ndarray
    usual_spread: np.ndarray
    silence: np.ndarray
    gap: np.ndarray


def predict_engagement(
    evidence: Evidence, hashed: np.ndarray, coefficients: Coefficients
) -> Engagement:
    """:param hashed: (n, draws) of `chance.hashes`."""
    n, draws = hashed.shape
    columns = {name: np.full(n, np.nan) for name in _COLUMNS}
    drawn = np.full((n, draws), np.nan)
    basis = np.full(n, NONE, dtype=object)
    counts = np.minimum(np.diff(evidence.starts), coefficients.formula.most_posts)
    groups: dict[tuple[str, int], list[int]] = {}
    for row, (platform, count) in enumerate(
        zip(evidence.platforms.tolist(), counts.tolist(), strict=True)
    ):
        groups.setdefault((platform, count), []).append(row)
    for (platform, count), members in groups.items():
        rows = np.array(members)
        prior, formula = coefficients.prior(platform), coefficients.formula
        if count:
            own = _own_posts(evidence, rows, count, hashed[rows], prior, formula)
            basis[rows] = POSTS
        else:
            own, basis[rows] = _profile(evidence, rows, draws, prior, formula)
        expected, between = prior_means(evidence.followers[rows], prior)
        between = _of_exceptions(between, own, expected, formula)
        weight = between**2 / (between**2 + own.variance)
        middle = weight * own.median + (1.0 - weight) * expected
        drawn[rows] = _mixed_draws(own, expected, between, weight, hashed[rows])
        for name, values in {
            "middle": middle, "effective": own.effective, "own": own.median,
            "expected": expected, "weight": weight, "spread": own.spread,
            "silence": own.silence, "gap": own.gap,
        }.items():  # fmt: skip
            columns[name][rows] = values
        columns["usual_spread"][rows] = prior.within_sd
    return _as_counts(columns, drawn, basis, counts, coefficients.formula)


def prior_means(followers: np.ndarray, prior: Prior) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of a creator's log engagement by size, (k,) each."""
    size = np.log10(np.maximum(followers, prior.smallest))
    known = np.isfinite(size)
    mean = prior.level + prior.slope * np.where(known, size - prior.centre, 0.0)
    return mean, np.where(known, prior.between_sd, prior.total_sd)


def _of_exceptions(
    between: np.ndarray, own: OwnPosts, expected: np.ndarray, formula: Formula
) -> np.ndarray:
    """How far creators like this one differ, (k,): as far as it does, if others differ less.

    A prior of ordinary creators says little of one whose posts are far from it; so the pull
    grows with the distance only as long as chance may explain it, and then falls.
    """
    unexplained = (own.median - expected) ** 2 - own.variance
    unexplained = np.where(np.isfinite(unexplained), unexplained, 0.0)
    return np.sqrt(np.maximum(between**2, formula.exception_weight * unexplained))


_COLUMNS: Final = (
    "middle", "effective", "own", "expected", "weight", "spread", "silence", "gap",
    "usual_spread",
)  # fmt: skip


def _own_posts(
    evidence: Evidence,
    rows: np.ndarray,
    count: int,
    hashed: np.ndarray,
    prior: Prior,
    formula: Formula,
) -> OwnPosts:
    """The newest `count` posts of each row."""
    places = evidence.starts[rows + 1][:, None] - count + np.arange(count)[None, :]
    values = np.log1p(evidence.engagement[places])
    return read_posts(values, evidence.ages[places], hashed, prior, formula)


def _profile(
    evidence: Evidence, rows: np.ndarray, draws: int, prior: Prior, formula: Formula
) -> tuple[OwnPosts, np.ndarray]:
    """Of accounts without posts: what averages, or followers × rate, say of a usual post.

    The mean of counts lies above the usual post by half the variance of their logs.
    """
    average = evidence.average_engagement[rows]
    followers = evidence.followers[rows]
    implied = followers * evidence.engagement_rate[rows]
    implied = np.where(followers > 0, implied, np.nan)
    by_average = np.isfinite(average)
    mean = np.where(by_average, average, implied)
    lowered = mean * np.exp(-(prior.within_sd**2) / 2.0)
    known = np.isfinite(mean)
    basis = np.where(known, np.where(by_average, AVERAGES, RATE), NONE).astype(object)
    effective = np.full(len(rows), formula.average_posts)
    variance = prior.within_sd**2 / formula.average_posts + formula.average_sd**2
    variances = variance + np.where(by_average, 0.0, formula.rate_sd**2)
    median = np.log1p(lowered)
    unknown = np.full(len(rows), np.nan)
    return OwnPosts(
        median=median,
        draws=np.repeat(median[:, None], draws, axis=1),
        effective=np.where(known, effective, np.nan),
        spread=np.where(known, prior.within_sd, np.nan),
        variance=np.where(known, variances, np.nan),
        silence=unknown,
        gap=unknown,
    ), basis


def _mixed_draws(
    own: OwnPosts,
    expected: np.ndarray,
    between: np.ndarray,
    weight: np.ndarray,
    hashed: np.ndarray,
) -> np.ndarray:
    """Log engagement, (k, draws).

    Resampling n posts shows (n - 1) / n of the variance of their median, and less of it where
    few posts agree by chance. What is missing to the variance that posts of this spread have
    comes, with that of the prior, from a normal variable.
    """
    missing = np.maximum(own.variance - own.draws.var(axis=1), own.variance / own.effective)
    left = weight**2 * missing + (1.0 - weight) ** 2 * between**2
    normal = chance.normals()[chance.field(hashed, chance.LOCATION)]
    centre = weight[:, None] * own.draws + ((1.0 - weight) * expected)[:, None]
    return np.asarray(centre + np.sqrt(left)[:, None] * normal)


def _as_counts(
    columns: dict[str, np.ndarray],
    drawn: np.ndarray,
    basis: np.ndarray,
    counts: np.ndarray,
    formula: Formula,
) -> Engagement:
    least = formula.least_engagement
    value = np.maximum(np.expm1(columns["middle"]), least)
    draws = np.maximum(np.expm1(drawn), least)
    low, high = chance.bounds(draws, formula.nominal_coverage)
    return Engagement(
        value=value,
        low=np.minimum(low, value),
        high=np.maximum(high, value),
        draws=draws,
        basis=basis,
        posts=counts,
        effective=columns["effective"],
        own=np.expm1(columns["own"]),
        expected=np.expm1(columns["expected"]),
        weight=columns["weight"],
        spread=columns["spread"],
        usual_spread=columns["usual_spread"],
        silence=columns["silence"],
        gap=columns["gap"],
    )
