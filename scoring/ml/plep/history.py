"""What a creator's earlier posts say, as known at one moment.

Engagement enters as log1p of its count. Nothing at or after the moment is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from scoring.ml.plep.likeness import LIKENESS_FEATURES, Wording, likeness_facts

LONGEST: Final = 40
"""Only the latest posts before the moment are read."""

HISTORY_FEATURES: Final = (
    "own_posts",
    "own_level",
    "own_median_off",
    "own_last_off",
    "own_highest_off",
    "own_lowest_off",
    "own_spread",
    "own_trend",
    "own_recent_off",
    "own_views_off",
    "days_since_last",
    "typical_gap_days",
)
"""`own_level` is the mean of earlier log engagement, each older post weighing `DECAY` of the
next; `_off` are differences from it. `own_posts` and days are log1p."""

DECAY: Final = 0.8
RECENT_DAYS: Final = 60.0
_DAY: Final = 86_400.0


OWN_FEATURES: Final = (*HISTORY_FEATURES, *LIKENESS_FEATURES)


def own_facts(
    times: np.ndarray,
    log_engagement: np.ndarray,
    log_views: np.ndarray,
    wordings: Sequence[Wording],
    *,
    at: float,
    own: Wording,
) -> np.ndarray:
    """`OWN_FEATURES` of a post at the moment `at`, shape (17,); see `history_facts`."""
    earlier = _earlier(times, log_engagement, at)
    return np.concatenate(
        [
            history_facts(times, log_engagement, log_views, at),
            likeness_facts(own, [wordings[row] for row in earlier], log_engagement[earlier]),
        ]
    )


def history_facts(
    times: np.ndarray, log_engagement: np.ndarray, log_views: np.ndarray, at: float
) -> np.ndarray:
    """`HISTORY_FEATURES` at the moment `at`, shape (12,); NaN where unknown.

    :param times: seconds since 1970 of one creator's posts, shape (n,), any order.
    :param log_engagement: log1p counts, shape (n,); posts of unknown engagement are left out.
    :param log_views: log1p counts, shape (n,), NaN where unknown.
    :param at: the planned moment; NaN: no post is known to be earlier.
    """
    facts = np.full(len(HISTORY_FEATURES), np.nan)
    earlier = _earlier(times, log_engagement, at)
    facts[0] = np.log1p(len(earlier))
    if not len(earlier):
        return facts
    when, values, views = times[earlier], log_engagement[earlier], log_views[earlier]
    weights = DECAY ** np.arange(len(values) - 1, -1, -1)
    level = float(values @ weights / weights.sum())
    facts[1] = level
    facts[2] = np.median(values) - level
    facts[3] = values[-1] - level
    facts[4] = values.max() - level
    facts[5] = values.min() - level
    if len(values) > 1:
        facts[6] = values.std()
        facts[11] = np.log1p(np.median(np.diff(when)) / _DAY)
    if len(values) > 3:
        half = len(values) // 2
        facts[7] = values[half:].mean() - values[:half].mean()
    recent = values[when >= at - RECENT_DAYS * _DAY]
    if len(recent):
        facts[8] = np.median(recent) - level
    known = views[np.isfinite(views)]
    if len(known):
        facts[9] = np.median(known) - level
    facts[10] = np.log1p((at - when[-1]) / _DAY)
    return facts


def histories(
    creators: np.ndarray,
    times: np.ndarray,
    log_engagement: np.ndarray,
    log_views: np.ndarray,
    wordings: Sequence[Wording],
) -> np.ndarray:
    """`own_facts` of every row of a file from the rows before it, shape (n, 17).

    :param creators: whole numbers, shape (n,); -1: unknown, such a row has no history.
    """
    result = np.full((len(times), len(OWN_FEATURES)), np.nan)
    result[:, 0] = 0.0
    order = np.argsort(creators, kind="stable")
    edges = np.flatnonzero(np.diff(creators[order])) + 1
    for rows in np.split(order, edges):
        if not len(rows) or creators[rows[0]] < 0:
            continue
        posted, values, views = times[rows], log_engagement[rows], log_views[rows]
        texts = [wordings[row] for row in rows]
        for row in rows:
            result[row] = own_facts(posted, values, views, texts, at=times[row], own=wordings[row])
    return result


def _earlier(times: np.ndarray, log_engagement: np.ndarray, at: float) -> np.ndarray:
    """The latest `LONGEST` posts of known engagement before a moment, oldest first."""
    earlier = np.flatnonzero((times < at) & np.isfinite(log_engagement))
    return np.asarray(earlier[np.argsort(times[earlier], kind="stable")][-LONGEST:])
