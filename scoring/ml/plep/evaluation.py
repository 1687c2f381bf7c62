"""Figures of predictions on published posts."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.stats import spearmanr

from scoring.ml import metrics
from scoring.ml.plep.features import COLUMN, Facts, gather_facts
from scoring.ml.plep.line import is_warm
from scoring.ml.plep.model import PlepModel
from scoring.ml.plep.platform_model import LogRange
from scoring.ml.plep.posts import PLATFORMS, PostFile, log_engagement
from scoring.ml.plep.settings import NOMINAL_COVERAGE
from scoring.ml.plep.vectors import Encode, encode_texts

FEWEST_FOR_RANKS: Final = 10
SLICE_METRICS: Final = (
    "spearman",
    "mae_log",
    "coverage",
    "nominal_coverage",
    "mean_width",
    "posts",
)
OWN_METRICS: Final = (
    "spearman_with_history",
    "mae_log_with_history",
    "spearman_own_median",
    "mae_log_own_median",
    "spearman_cold_start",
    "mae_log_cold_start",
    "coverage_cold_start",
    "spearman_caption_free",
    "mae_log_caption_free",
    "posts_with_history",
    "abstained",
    "duplicates",
)


def evaluate_file(
    model: PlepModel, file: PostFile, encode: Encode = encode_texts
) -> dict[str, float | int | None]:
    """Figures on a file, each post predicted from the file's earlier posts alone.

    A file of several platforms gets the mean of their figures weighted by posts, since ranks
    over platforms of other sizes would flatter.
    """
    posts = file.posts
    facts = gather_facts(
        posts, model.vectors_of(list(posts.platforms), list(posts.captions), encode)
    )
    found, known = model.log_ranges(posts.platforms, facts)
    free = model.caption_free_middles(posts.platforms, facts)
    actual = log_engagement(posts)
    usable = known & np.isfinite(actual)
    parts = []
    for name in PLATFORMS:
        rows = np.flatnonzero(usable & (posts.platforms == name))
        if len(rows):
            parts.append(
                platform_figures(actual[rows], _take(found, rows), facts.take(rows), free[rows])
            )
    return {
        **_merge(parts),
        "nominal_coverage": NOMINAL_COVERAGE,
        "abstained": int((~known).sum()),
        "duplicates": file.duplicates,
    }


def platform_figures(
    actual: np.ndarray, found: LogRange, facts: Facts, caption_free: np.ndarray
) -> dict[str, float | int | None]:
    """Figures of one platform: all posts, those with earlier posts of the creator, the others.

    The creator's own past median is judged on the posts that have one, the model without
    captions on all.
    """
    warm = is_warm(facts.plain)
    own = own_median(facts.plain)
    result: dict[str, float | int | None] = dict(figures(actual, found))
    with_history = figures(actual[warm], _take(found, warm))
    cold = figures(actual[~warm], _take(found, ~warm))
    result |= {
        "spearman_with_history": with_history["spearman"],
        "mae_log_with_history": with_history["mae_log"],
        "spearman_own_median": spearman(actual[warm], own[warm]),
        "mae_log_own_median": mean_error(actual[warm], own[warm]),
        "spearman_cold_start": cold["spearman"],
        "mae_log_cold_start": cold["mae_log"],
        "coverage_cold_start": cold["coverage"],
        "spearman_caption_free": spearman(actual, caption_free),
        "mae_log_caption_free": mean_error(actual, caption_free),
        "posts_with_history": int(warm.sum()),
    }
    return result


def figures(actual: np.ndarray, found: LogRange) -> dict[str, float | int | None]:
    """`SLICE_METRICS`; logs of shape (n,). `mean_width` is the mean of high - low in logs."""
    return {
        "spearman": spearman(actual, found.middle),
        "mae_log": mean_error(actual, found.middle),
        "coverage": metrics.coverage(actual, found.low, found.high),
        "nominal_coverage": NOMINAL_COVERAGE,
        "mean_width": float(np.mean(found.high - found.low)) if len(actual) else None,
        "posts": len(actual),
    }


def own_median(plain: np.ndarray) -> np.ndarray:
    """Median of the creator's earlier log engagement, NaN without; shape (n,)."""
    return np.asarray(plain[:, COLUMN["own_level"]] + plain[:, COLUMN["own_median_off"]])


def spearman(actual: np.ndarray, predicted: np.ndarray) -> float | None:
    """Rank correlation; None with fewer than `FEWEST_FOR_RANKS` posts or all alike.

    None too where a prediction is unknown: ranks of some posts are no figure for all.
    """
    if not np.isfinite(predicted).all():
        return None
    if len(actual) < FEWEST_FOR_RANKS or np.ptp(actual) == 0 or np.ptp(predicted) == 0:
        return None
    return float(spearmanr(actual, predicted).statistic)


def mean_error(actual: np.ndarray, predicted: np.ndarray) -> float | None:
    """Mean absolute error of the logs; None where a prediction is unknown."""
    if not len(actual) or not np.isfinite(predicted).all():
        return None
    return float(np.mean(np.abs(actual - predicted)))


def _take(found: LogRange, rows: np.ndarray) -> LogRange:
    return LogRange(found.low[rows], found.middle[rows], found.high[rows])


def _merge(parts: list[dict[str, float | int | None]]) -> dict[str, float | int | None]:
    merged: dict[str, float | int | None] = {}
    for name in (*SLICE_METRICS, *OWN_METRICS):
        known = [(part[name], part["posts"]) for part in parts if part.get(name) is not None]
        values = np.array([value for value, _ in known], dtype=float)
        if name in ("posts", "posts_with_history"):
            merged[name] = int(values.sum())
        else:
            weights = np.array([posts for _, posts in known], dtype=float)
            merged[name] = float(np.average(values, weights=weights)) if known else None
    return merged
