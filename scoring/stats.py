"""Facts about an account that somebody sends, checked and made into model columns.

Names are those of the labelled account collections and those of document 000, which
states rates in per cent.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.errors import DomainError
from scoring.ml.authenticity_features import RAW_COLUMNS, columns_from_catalogue

# Rates and ratios that the model's own columns are made from.
DERIVED_STATS = (
    "engagement_rate",  # (likes + comments) / followers, per cent
    "comments_to_likes",
    "comment_engagement_ratio",  # document 000's name for the same
    "follower_following_ratio",
    "posting_frequency",  # posts per week
)
# Document 000 names them; no labelled collection has them, so no model reads them yet.
UNREAD_STATS = (
    "follower_growth_rate",
    "follower_growth_consistency",
    "comment_quality",
    "audience_location_entropy",
    "account_age",
)
KNOWN_STATS = (*RAW_COLUMNS, *DERIVED_STATS, *UNREAD_STATS)
SIGNED_STATS = ("follower_growth_rate", "comment_quality")
LARGEST_STAT = 1e11
HOURS_PER_WEEK = 168.0


class StatsRejected(DomainError):
    """``attr`` names the entry of ``stats`` that cannot be used."""

    code = "invalid_stats"

    def __init__(self, message: str, *, attr: str) -> None:
        super().__init__(message, details={"field": attr})
        self.attr = attr


@dataclass(frozen=True)
class ReadStats:
    """One account as model columns, (1,) each, NaN unknown; and what nothing reads yet."""

    columns: dict[str, NDArray[np.float64]]
    unused: list[str]


def read_stats(stats: Mapping[str, Any]) -> ReadStats:
    """Check what was sent and derive the model's columns; null and missing are unknown.

    :raises StatsRejected: on an unknown name or an impossible value.
    """
    known = {name: _checked(name, value) for name, value in stats.items()}

    def sent(name: str) -> float:
        return known.get(name, math.nan)

    columns = {name: np.array([sent(name)]) for name in RAW_COLUMNS}
    comments_to_likes = _first(sent("comments_to_likes"), sent("comment_engagement_ratio"))
    derived = columns_from_catalogue(
        followers=columns["followers"],
        engagement_rate=np.array([sent("engagement_rate") / 100]),
        comments_to_likes=np.array([comments_to_likes]),
        bio_length=columns["bio_length"],
        is_verified=columns["is_verified"],
    )
    derived["following"] = np.array([_divided(sent("followers"), sent("follower_following_ratio"))])
    derived["post_interval_hours"] = np.array([_divided(HOURS_PER_WEEK, sent("posting_frequency"))])
    for name, values in derived.items():
        columns[name] = np.where(np.isnan(columns[name]), values, columns[name])
    return ReadStats(columns=columns, unused=[name for name in UNREAD_STATS if name in known])


def _checked(name: str, value: Any) -> float:
    if name not in KNOWN_STATS:
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
