"""Does the engagement part of the value say what later posts do? Real posts, by time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.value import chance
from scoring.ml.value.engagement import predict_engagement, prior_means
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.files import CreatorPosts
from scoring.ml.value.fitting import measure_within, prior_from_posts
from scoring.ml.value.formula import OTHER, Coefficients, Formula

LATER_SHARE: Final = 0.3
FEWEST_LATER: Final = 3
PREDICTION_METRICS: Final = (
    "mae_log", "mae_log_past_median", "mae_log_past_mean", "mae_log_followers",
    "mae_log_few", "mae_log_past_median_few", "coverage_post", "coverage_usual",
    "nominal_coverage", "later_posts", "creators",
)  # fmt: skip
_FIELDS: Final = 3


@dataclass(frozen=True)
class Forecasts:
    """Of m later posts: what came (`actual`) and what was said before, as logs; (m,) each.

    `low` and `high` are for a single post. `usual_held` is one per creator with several later
    posts: whether their median lay in the range of the usual post, that range widened by the
    sampling error of this median; NaN for the others.
    """

    actual: np.ndarray
    model: np.ndarray
    past_median: np.ndarray
    past_mean: np.ndarray
    by_followers: np.ndarray
    low: np.ndarray
    high: np.ndarray
    usual_held: np.ndarray
    creators: int


def forecast(
    posts: CreatorPosts,
    rows: np.ndarray,
    coefficients: Coefficients,
    *,
    history: int | None = None,
) -> Forecasts:
    """Split each creator's posts by time: the last `LATER_SHARE` are predicted from the others.

    :param rows: the creators to judge, none of whom the coefficients were fitted on.
    :param history: only so many of the earlier posts are known; default: all of them.
    """
    split = [_split(posts, int(row), history) for row in rows]
    kept = [(int(row), part) for row, part in zip(rows, split, strict=True) if part is not None]
    evidence = _evidence(posts, kept)
    formula = coefficients.formula
    hashed = chance.hashes(evidence.keys, formula.draws)
    found = predict_engagement(evidence, hashed, coefficients)
    logs = np.log1p(found.draws)
    prior = coefficients.prior(posts.platform)
    expected, _ = prior_means(evidence.followers, prior)
    # One more post lies about the usual one as posts do; the fourth field is used by nothing else.
    fresh = chance.normals()[chance.field(hashed, _FIELDS)]
    single_low, single_high = chance.bounds(
        logs + found.spread[:, None] * fresh, formula.nominal_coverage
    )
    columns: dict[str, list[np.ndarray]] = {
        name: [] for name in ("actual", "model", "median", "mean", "size", "low", "high")
    }
    held = []
    for place, (row, (past, later)) in enumerate(kept):
        before, after = posts.logs[past], posts.logs[later]
        ones = np.ones(len(after))
        columns["actual"].append(after)
        columns["model"].append(ones * np.log1p(found.value[place]))
        columns["median"].append(ones * np.median(before))
        columns["mean"].append(ones * np.log1p(np.expm1(before).mean()))
        columns["size"].append(ones * expected[place])
        columns["low"].append(ones * single_low[place])
        columns["high"].append(ones * single_high[place])
        held.append(_usual_held(after, logs[place], found.spread[place], fresh[place], formula))
        assert row >= 0
    stacked = {name: np.concatenate(parts or [np.zeros(0)]) for name, parts in columns.items()}
    return Forecasts(
        actual=stacked["actual"],
        model=stacked["model"],
        past_median=stacked["median"],
        past_mean=stacked["mean"],
        by_followers=stacked["size"],
        low=stacked["low"],
        high=stacked["high"],
        usual_held=np.array(held, dtype=float),
        creators=len(kept),
    )


def cross_forecast(
    posts: CreatorPosts, formula: Formula, *, folds: int, random_state: int, history: int | None
) -> Forecasts | None:
    """`forecast` of every creator by priors fitted on the other creators' earlier posts only.

    None where the platform has too few creators to fit on.
    """
    rng = np.random.default_rng(random_state)
    fold = rng.permutation(len(posts)) % folds
    parts = []
    for number in range(folds):
        others = earlier(posts, np.flatnonzero(fold != number))
        within = measure_within(others)
        if within is None:
            return None
        prior = prior_from_posts(others, within, formula, source="")
        if prior is None:
            return None
        coefficients = Coefficients(formula, {posts.platform: prior, OTHER: prior})
        rows = np.flatnonzero(fold == number)
        parts.append(forecast(posts, rows, coefficients, history=history))
    names = [name for name in vars(parts[0]) if name != "creators"]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Forecasts(**joined, creators=sum(part.creators for part in parts))


def earlier(posts: CreatorPosts, rows: np.ndarray) -> CreatorPosts:
    """The earlier posts of some creators: what may be fitted on."""
    kept = [(row, split[0]) for row in rows if (split := _split(posts, int(row), None))]
    places = np.concatenate([np.arange(past.start, past.stop) for _, past in kept])
    chosen = np.array([row for row, _ in kept])
    return CreatorPosts(
        platform=posts.platform,
        names=posts.names[chosen],
        followers=posts.followers[chosen],
        starts=np.concatenate([[0], np.cumsum([past.stop - past.start for _, past in kept])]),
        logs=posts.logs[places],
        times=posts.times[places],
    )


def prediction_figures(
    found: Forecasts, few: Forecasts | None, nominal: float
) -> Mapping[str, float | int | None]:
    """:param few: the same creators with two earlier posts each."""

    def error(forecasts: Forecasts | None, name: str) -> float | None:
        if forecasts is None or not len(forecasts.actual):
            return None
        return float(np.mean(np.abs(getattr(forecasts, name) - forecasts.actual)))

    known = np.isfinite(found.usual_held)
    inside = (found.actual >= found.low) & (found.actual <= found.high)
    return {
        "mae_log": error(found, "model"),
        "mae_log_past_median": error(found, "past_median"),
        "mae_log_past_mean": error(found, "past_mean"),
        "mae_log_followers": error(found, "by_followers"),
        "mae_log_few": error(few, "model"),
        "mae_log_past_median_few": error(few, "past_median"),
        "coverage_post": float(inside.mean()) if len(inside) else None,
        "coverage_usual": float(found.usual_held[known].mean()) if known.any() else None,
        "nominal_coverage": nominal,
        "later_posts": len(found.actual),
        "creators": found.creators,
    }


def _split(posts: CreatorPosts, creator: int, history: int | None) -> tuple[slice, slice] | None:
    part = posts.of(creator)
    n = part.stop - part.start
    later = round(n * LATER_SHARE)
    cut = part.stop - later
    if later < 1 or cut <= part.start or posts.times[cut] <= posts.times[cut - 1]:
        return None
    first = part.start if history is None else max(part.start, cut - history)
    return slice(first, cut), slice(cut, part.stop)


def _evidence(posts: CreatorPosts, kept: list[tuple[int, tuple[slice, slice]]]) -> Evidence:
    """What was known at the moment of the first later post."""
    rows = np.array([row for row, _ in kept], dtype=int)
    n = len(rows)
    unknown = np.full(n, np.nan)
    logs, ages = [np.zeros(0)], [np.zeros(0)]
    for _, (past, later) in kept:
        logs.append(posts.logs[past])
        ages.append(posts.times[later.start] - posts.times[past])
    counts = [past.stop - past.start for _, (past, _) in kept]
    return Evidence(
        keys=rows.astype(np.uint64),
        platforms=np.full(n, posts.platform, dtype=object),
        markets=np.full(n, "", dtype=object),
        followers=posts.followers[rows],
        engagement_rate=unknown,
        average_engagement=unknown,
        risk=unknown,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(int),
        engagement=np.expm1(np.concatenate(logs)),
        ages=np.concatenate(ages),
    )


def _usual_held(
    after: np.ndarray, draws: np.ndarray, spread: float, fresh: np.ndarray, formula: Formula
) -> float:
    n = len(after)
    if n < FEWEST_LATER:
        return np.nan
    sampling = spread * np.sqrt((1.0 + (np.pi / 2.0 - 1.0) * (1.0 - 1.0 / n)) / n)
    low, high = chance.bounds((draws + sampling * fresh)[None, :], formula.nominal_coverage)
    return float(low[0] <= np.median(after) <= high[0])
