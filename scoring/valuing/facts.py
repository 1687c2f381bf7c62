"""Facts of accounts as evidence of their value, as they were known at one moment.

Everything read is dated and recorded up to ``as_of``. Profiles have no history: which
platform an account is on and whether it is simulated do not change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from scoring.features.newest import newest_known
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.formula import Formula

ACCOUNTS = """
SELECT account.id, account.platform, creator.is_simulated
FROM accounts_socialaccount account JOIN accounts_creator creator ON creator.id = account.creator_id
WHERE account.id > %(after)s AND account.created_at <= %(as_of)s AND creator.status <> 'closed'
ORDER BY account.id LIMIT %(most)s
"""
_KNOWN = ", ".join(
    newest_known(name) for name in ("followers", "engagement_rate", "avg_likes", "avg_comments")
)
METRICS = f"""
SELECT account_id, {_KNOWN} FROM accounts_accountmetric
WHERE account_id = ANY(%(ids)s) AND day <= %(day)s AND recorded_at <= %(as_of)s
GROUP BY account_id
"""  # noqa: S608 (the columns are named right above)
RISKS = """
SELECT DISTINCT ON (account_id) account_id, CASE WHEN abstained THEN NULL ELSE value END
FROM scoring_score
WHERE account_id = ANY(%(ids)s) AND task = 'authenticity' AND created_at <= %(as_of)s
ORDER BY account_id, created_at DESC, id DESC
"""
# The newest counts of each post that had settled when they were taken, the newest posts.
POSTS = """
SELECT account_id, age, likes, comments, shares, engagement_rate FROM (
    SELECT post.account_id, post.id, metric.likes, metric.comments, metric.shares,
           metric.engagement_rate,
           extract(epoch FROM %(as_of)s - post.published_at) / 86400 AS age,
           row_number() OVER (PARTITION BY post.account_id
                              ORDER BY post.published_at DESC NULLS LAST, post.id DESC) AS place
    FROM accounts_post post
    CROSS JOIN LATERAL (
        SELECT likes, comments, shares, engagement_rate, observed_at FROM accounts_postmetric
        WHERE post_id = post.id AND observed_at <= %(as_of)s AND recorded_at <= %(as_of)s
        ORDER BY observed_at DESC, recorded_at DESC LIMIT 1
    ) metric
    WHERE post.account_id = ANY(%(ids)s)
      AND (post.published_at IS NULL
           OR metric.observed_at >= post.published_at + %(settled)s * interval '1 day')
) newest
WHERE place <= %(most)s
ORDER BY account_id, age DESC NULLS FIRST, id
"""


@dataclass(frozen=True)
class Valued:
    """One account to value: what it is, beside what is known of it."""

    account_id: int
    platform: str
    is_simulated: bool

    @property
    def market(self) -> str:
        """The going rate that may apply: those of simulated accounts are apart."""
        return market_name(platform=self.platform, simulated=self.is_simulated)


def market_name(*, platform: str, simulated: bool) -> str:
    return f"{'simulated' if simulated else 'real'}:{platform}"


def list_accounts(*, after: int, most: int, as_of: datetime) -> list[Valued]:
    """The next accounts by rising id. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, {"after": after, "most": most, "as_of": as_of})
        return [Valued(*row) for row in cursor.fetchall()]


def read_evidence(accounts: Sequence[Valued], *, as_of: datetime, formula: Formula) -> Evidence:
    """What is known of them, in their order. Three queries."""
    arguments = {
        "ids": [account.account_id for account in accounts],
        "as_of": as_of,
        "day": as_of.date(),
        "most": formula.most_posts,
        "settled": formula.settle_days,
    }
    place = {account.account_id: row for row, account in enumerate(accounts)}
    metrics = np.full((len(accounts), 4), np.nan)
    for account_id, *known in _rows(METRICS, arguments):
        metrics[place[account_id]] = [np.nan if one is None else one for one in known]
    risks = np.full(len(accounts), np.nan)
    for account_id, value in _rows(RISKS, arguments):
        risks[place[account_id]] = np.nan if value is None else value / 100.0
    followers, rate, likes, comments = metrics.T
    starts, engagement, ages = _posts(arguments, place, followers)
    return Evidence(
        keys=np.array(arguments["ids"], dtype=np.uint64),
        platforms=np.array([account.platform for account in accounts], dtype=object),
        markets=np.array([account.market for account in accounts], dtype=object),
        followers=followers,
        engagement_rate=rate,
        average_engagement=likes + np.where(np.isnan(comments), 0.0, comments),
        risk=risks,
        starts=starts,
        engagement=engagement,
        ages=ages,
    )


def _posts(
    arguments: dict[str, Any], place: dict[int, int], followers: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Engagement is likes, comments and shares, as far as a platform shows them; where even
    likes are unknown, the post's own rate of the followers."""
    found = _rows(POSTS, arguments)
    owners = np.array([place[row[0]] for row in found], dtype=int)
    columns = np.array(
        [[np.nan if one is None else float(one) for one in row[1:]] for row in found]
    ).reshape(len(found), 5)
    ages, likes, comments, shares, rates = columns.T
    # A count below zero is a mistake of its source; it must not lessen the others.
    counted = likes + np.where(comments > 0, comments, 0.0) + np.where(shares > 0, shares, 0.0)
    counted = np.where(likes < 0, np.nan, counted)
    engagement = np.where(np.isnan(likes), rates * followers[owners], counted)
    order = np.argsort(owners, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(followers)))])
    return starts.astype(int), engagement[order], ages[order]


def _rows(sql: str, arguments: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return list(cursor.fetchall())
