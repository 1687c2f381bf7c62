"""Facts about an account that somebody sends, checked and made into model columns.

Names are those of the labelled account collections and those of document 000, which
states rates in per cent. Lists and texts are read in `scoring.stat_lists`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.features.risk_facts import YOUNG_DAYS, comment_facts, profile_facts
from scoring.ml.authenticity_features import RAW_COLUMNS, columns_from_catalogue
from scoring.ml.growth_series import make_series, to_inputs
from scoring.stat_lists import (
    LARGEST_STAT,
    LIST_STATS,
    StatsRejected,
    read_bio,
    read_comments,
    read_counts,
    read_events,
)

# Rates and ratios that the model's own columns are made from.
DERIVED_STATS = (
    "engagement_rate",  # (likes + comments) / followers, per cent
    "comments_to_likes",
    "comment_engagement_ratio",  # document 000's name for the same
    "follower_following_ratio",
    "posting_frequency",  # posts per week
    "avg_comments",
)
# Facts that are evidence beside the model's.
EVIDENCE_STATS = (
    "follower_growth_rate",  # per cent a month; daily counts outrank it
    "account_age",  # days
)
# Document 000 names them; which way they speak is not certain, or their scale is not stated.
UNREAD_STATS = (
    "follower_growth_consistency",
    "comment_quality",
    "audience_location_entropy",
)
NUMBER_STATS = (*RAW_COLUMNS, *DERIVED_STATS, *EVIDENCE_STATS, *UNREAD_STATS)
KNOWN_STATS = (*NUMBER_STATS, *LIST_STATS)
SIGNED_STATS = ("follower_growth_rate", "comment_quality")
HOURS_PER_WEEK = 168.0


@dataclass(frozen=True)
class ReadStats:
    """One account as model columns, (1,) each, NaN unknown; what else is known of it, as
    `risk_facts` has it; and the entries that nothing reads."""

    columns: dict[str, NDArray[np.float64]]
    facts: dict[str, Any]
    unused: list[str]


def read_stats(stats: Mapping[str, Any], *, today: date) -> ReadStats:
    """Check what was sent and derive the model's columns; null and missing are unknown.

    :param today: the day of the last of ``follower_counts``.
    :raises StatsRejected: on an unknown name or an impossible value.
    """
    known = {name: _checked(name, value) for name, value in stats.items() if name not in LIST_STATS}
    counts = read_counts(stats)
    bio = read_bio(stats)

    def sent(name: str) -> float:
        return known.get(name, math.nan)

    columns = {name: np.array([sent(name)]) for name in RAW_COLUMNS}
    comments_to_likes = _first(sent("comments_to_likes"), sent("comment_engagement_ratio"))
    followers = _first(sent("followers"), *reversed(counts))
    derived = columns_from_catalogue(
        followers=np.array([followers]),
        engagement_rate=np.array([sent("engagement_rate") / 100]),
        comments_to_likes=np.array([comments_to_likes]),
        bio_length=np.array([math.nan if bio is None else float(len(bio))]),
        is_verified=columns["is_verified"],
    )
    derived["following"] = np.array([_divided(followers, sent("follower_following_ratio"))])
    derived["post_interval_hours"] = np.array([_divided(HOURS_PER_WEEK, sent("posting_frequency"))])
    likes, comments = sent("avg_likes"), sent("avg_comments")
    columns["like_rate"] = _either(columns["like_rate"], 100 * _divided(likes, followers))
    columns["comment_rate"] = _either(columns["comment_rate"], 100 * _divided(comments, followers))
    for name, values in derived.items():
        columns[name] = np.where(np.isnan(columns[name]), values, columns[name])
    facts, unused = _facts(stats, known, counts=counts, bio=bio or "", today=today)
    unused += [name for name in UNREAD_STATS if name in known]
    return ReadStats(columns=columns, facts=facts, unused=unused)


def _facts(
    stats: Mapping[str, Any],
    known: Mapping[str, float],
    *,
    counts: list[float],
    bio: str,
    today: date,
) -> tuple[dict[str, Any], list[str]]:
    """The evidence beside the model's columns, and what of it had nothing to stand on."""
    facts, unused = profile_facts(bio=bio, opened_on=None, today=today), []
    if not math.isnan(age := known.get("account_age", math.nan)):
        facts["is_young"] = age < YOUNG_DAYS
    events = read_events(stats, today=today)
    if counts:
        days = np.datetime64(today, "D") - np.arange(len(counts))[::-1]
        facts["growth"] = to_inputs(make_series(days, counts), events)
    elif events:
        unused.append("declared_events")
    growth = known.get("follower_growth_rate", math.nan)
    if counts and "follower_growth_rate" in known:
        unused.append("follower_growth_rate")
    elif not math.isnan(growth):
        facts["stated_growth_pct"] = growth
    if (comments := comment_facts(read_comments(stats))) is not None:
        facts["comments"] = comments
    return facts, unused


def _checked(name: str, value: Any) -> float:
    if name not in NUMBER_STATS:
        raise StatsRejected(
            f"stats has no entry “{name}”. Known entries: {', '.join(sorted(KNOWN_STATS))}.",
            attr=f"stats.{name}",
        )
    if value is None:
        return math.nan
    if not isinstance(value, bool | int | float):
        raise StatsRejected(f"stats.{name} is {value!r:.60}; send a number.", attr=f"stats.{name}")
    lowest = -LARGEST_STAT if name in SIGNED_STATS else 0
    # Compared before float(): an integer of a thousand digits has no float.
    if not lowest <= value <= LARGEST_STAT:
        raise StatsRejected(
            f"stats.{name} must lie between {lowest:.0e} and {LARGEST_STAT:.0e}.",
            attr=f"stats.{name}",
        )
    return float(value)


def _first(*values: float) -> float:
    return next((value for value in values if not math.isnan(value)), math.nan)


def _divided(value: float, by: float) -> float:
    return value / by if by > 0 else math.nan


def _either(values: NDArray[np.float64], other: float) -> NDArray[np.float64]:
    return np.where(np.isnan(values), other, values)
