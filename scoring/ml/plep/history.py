"""What a creator's earlier posts say, as known at one moment.

Engagement enters as log1p of its count. Nothing at or after the moment is looked at.
"""

from __future__ import annotations

from typing import Final

import numpy as np

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
    earlier = np.flatnonzero((times < at) & np.isfinite(log_engagement))
    facts[0] = np.log1p(len(earlier))
    if not len(earlier):
        return facts
    earlier = earlier[np.argsort(times[earlier], kind="stable")][-LONGEST:]
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
    creators: np.ndarray, times: np.ndarray, log_engagement: np.ndarray, log_views: np.ndarray
) -> np.ndarray:
    """`history_facts` of every row of a file from the rows before it, shape (n, 12).

    :param creators: whole numbers, shape (n,); -1: unknown, such a row has no history.
    """
    result = np.full((len(times), len(HISTORY_FEATURES)), np.nan)
    result[:, 0] = 0.0
    order = np.argsort(creators, kind="stable")
    edges = np.flatnonzero(np.diff(creators[order])) + 1
    for rows in np.split(order, edges):
        if not len(rows) or creators[rows[0]] < 0:
            continue
        posted, values, views = times[rows], log_engagement[rows], log_views[rows]
        for row in rows:
            result[row] = history_facts(posted, values, views, times[row])
    return result
