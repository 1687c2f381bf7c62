"""What one piece of an account is expected to reach and to be engaged with.

From the account's own latest posts where there are enough, by their 10th, 50th and 90th
percentile. Else the median that came with the account's facts, which has no range. Else from
followers, by what the other candidates on the platform have for each follower. Counts of posts
that somebody estimated are not read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection

FEWEST_POSTS: Final = 5
FEWEST_OTHERS: Final = 10
LATEST_POSTS: Final = 30

OWN_POSTS = """
SELECT account_id, provenance,
       count(views), percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY views),
       count(engaged), percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY engaged)
FROM (
    SELECT post.account_id, metric.views, metric.provenance,
           metric.likes + metric.comments + coalesce(metric.shares, 0) + coalesce(metric.saves, 0)
               AS engaged,
           row_number() OVER (PARTITION BY post.account_id, metric.provenance
                              ORDER BY post.published_at DESC NULLS LAST, post.id DESC) AS place
    FROM accounts_post post
    JOIN LATERAL (
        SELECT views, likes, comments, shares, saves, provenance FROM accounts_postmetric
        WHERE post_id = post.id AND observed_at <= %(now)s AND recorded_at <= %(now)s
          AND provenance <> 'estimated'
        ORDER BY observed_at DESC, recorded_at DESC LIMIT 1
    ) metric ON true
    WHERE post.account_id = ANY(%(ids)s)
) latest
WHERE place <= %(latest)s
GROUP BY account_id, provenance
"""
# What is measured before what somebody says; one account's counts are of one provenance.
_BEST_FIRST: Final = ("measured", "imported", "creator", "simulated")


@dataclass(frozen=True)
class Expected:
    """Of one piece. ``low`` and ``high`` are None where only a middle figure is known."""

    low: float | None
    middle: float
    high: float | None
    basis: str


@dataclass(frozen=True)
class ExpectedCounts:
    reach: Expected | None
    engagements: Expected | None


def expect_counts(
    rows: Sequence[Mapping[str, Any]], facts: Sequence[Mapping[str, Any]], *, now: datetime
) -> list[ExpectedCounts]:
    """For each entry's row (account_id, platform, followers, engagement_rate). One query.

    :param facts: of each account, as `scoring.pricing.knowing.market_facts` gives them.
    """
    own = _own_posts([row["account_id"] for row in rows], now=now)
    found = []
    for row, told in zip(rows, facts, strict=True):
        counts = own.get(row["account_id"], ExpectedCounts(None, None))
        found.append(
            ExpectedCounts(
                counts.reach or _told(told["median_views"], "views"),
                counts.engagements or _told(told["median_interactions"], "engagements"),
            )
        )
    per_follower = _per_follower(rows, found)
    return [
        ExpectedCounts(
            reach=counts.reach or _scaled(row, per_follower.get(row["platform"])),
            engagements=counts.engagements or _from_rate(row),
        )
        for row, counts in zip(rows, found, strict=True)
    ]


def _own_posts(account_ids: list[int], *, now: datetime) -> dict[int, ExpectedCounts]:
    with connection.cursor() as cursor:
        cursor.execute(OWN_POSTS, {"ids": account_ids, "now": now, "latest": LATEST_POSTS})
        rows = cursor.fetchall()
    found: dict[int, ExpectedCounts] = {}
    for account_id, _, viewed, views, engaged, engagements in sorted(
        rows, key=lambda row: _BEST_FIRST.index(row[1])
    ):
        counts = ExpectedCounts(
            _own(viewed, views, "views"), _own(engaged, engagements, "engagements")
        )
        before = found.get(account_id)
        if before is None or (before.reach is None and before.engagements is None):
            found[account_id] = counts
    return found


def _own(known: int, percentiles: list[float] | None, what: str) -> Expected | None:
    if known < FEWEST_POSTS or percentiles is None:
        return None
    low, middle, high = percentiles
    return Expected(low, middle, high, f"{what} of the latest {known} posts")


def _told(median: float | None, what: str) -> Expected | None:
    if median is None:
        return None
    return Expected(None, median, None, f"median {what} of the account’s facts")


def _per_follower(
    rows: Sequence[Mapping[str, Any]], found: Sequence[ExpectedCounts]
) -> dict[str, tuple[float, float, float, int]]:
    """Platform → views of a post for each follower: percentiles over candidates, and how many."""
    ratios: dict[str, list[float]] = {}
    for row, counts in zip(rows, found, strict=True):
        if counts.reach and row["followers"]:
            ratio = counts.reach.middle / row["followers"]
            ratios.setdefault(row["platform"], []).append(ratio)
    return {
        platform: (*map(float, np.percentile(own, [10, 50, 90])), len(own))  # type: ignore[misc]
        for platform, own in ratios.items()
        if len(own) >= FEWEST_OTHERS
    }


def _scaled(
    row: Mapping[str, Any], usual: tuple[float, float, float, int] | None
) -> Expected | None:
    if usual is None or not row["followers"]:
        return None
    low, middle, high = (row["followers"] * ratio for ratio in usual[:3])
    return Expected(
        low, middle, high, f"followers × views for each follower of {usual[3]} other candidates"
    )


def _from_rate(row: Mapping[str, Any]) -> Expected | None:
    rate, followers = row["engagement_rate"], row["followers"]
    if rate is None or not followers:
        return None
    return Expected(None, followers * rate, None, "followers × engagement rate (likes, comments)")
