"""Facts of accounts as arrays, as they were known at one moment.

Every reader takes ``as_of`` and uses nothing recorded later. Profile fields (bio, flags)
have no history; the snapshot kept with each score says what they were.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from accounts.models import AccountMetric, SocialAccount
from scoring.features.newest import newest_known
from scoring.ml.authenticity_features import columns_from_catalogue
from scoring.ml.pricing_features import RAW_NUMBERS, RAW_TEXTS

Facts = dict[str, Any]

LATEST_METRICS = f"""
SELECT account_id, {", ".join(map(newest_known, AccountMetric.MEASURED))},
       {newest_known("extra", known="extra <> '{}'")}
FROM accounts_accountmetric
WHERE account_id = ANY(%(ids)s) AND day <= %(day)s AND recorded_at <= %(as_of)s
GROUP BY account_id
"""  # noqa: S608 (the columns are named right above)

# Posting habits over at most the last 30 posts, the latest recorded counts of each.
POSTING = """
SELECT account_id, count(*) AS known_posts,
       CASE WHEN count(published_at) > 1 THEN
         extract(epoch FROM max(published_at) - min(published_at)) / 3600
           / (count(published_at) - 1) END AS post_interval_hours,
       avg(coalesce(array_length(hashtags, 1), 0)) AS hashtags_per_post,
       avg(length(caption)) AS avg_caption_length,
       avg(likes) AS avg_likes, avg(comments) AS avg_comments
FROM (
    SELECT post.*, metric.likes, metric.comments,
           row_number() OVER (PARTITION BY post.account_id
                              ORDER BY post.published_at DESC NULLS LAST, post.id DESC) AS place
    FROM accounts_post post
    LEFT JOIN LATERAL (
        SELECT likes, comments FROM accounts_postmetric
        WHERE post_id = post.id AND observed_at <= %(as_of)s AND recorded_at <= %(as_of)s
        ORDER BY observed_at DESC, recorded_at DESC LIMIT 1
    ) metric ON true
    WHERE post.account_id = ANY(%(ids)s)
      AND (post.published_at IS NULL OR post.published_at <= %(as_of)s)
) recent
WHERE place <= 30
GROUP BY account_id
"""

# Facts that are inputs as they stand; the others come from rates of the catalogue.
DIRECT_COLUMNS = (
    "following",
    "posts",
    "full_name_words",
    "username_length",
    "username_digit_ratio",
    "has_picture",
    "has_link",
    "is_private",
    "is_business",
    "post_interval_hours",
    "hashtags_per_post",
    "avg_caption_length",
)
LINK = re.compile(r"<link>|https?://|\bwww\.", re.IGNORECASE)


def read_facts(accounts: Sequence[SocialAccount], *, as_of: datetime) -> list[Facts]:
    """One dictionary of raw facts per account, in order; unknown is None. Two queries."""
    arguments = {"ids": [account.pk for account in accounts], "as_of": as_of, "day": as_of.date()}
    metrics = _rows_by_account(LATEST_METRICS, arguments)
    posting = _rows_by_account(POSTING, arguments)
    return [
        {
            **_profile_facts(account),
            **_metric_facts(metrics.get(account.pk, {}), posting.get(account.pk, {})),
        }
        for account in accounts
    ]


def authenticity_columns(facts: Sequence[Facts]) -> dict[str, NDArray[np.float64]]:
    """The raw columns of the labelled account collections, (n,) each, NaN unknown."""

    def column(name: str) -> NDArray[np.float64]:
        return np.array([_number(row.get(name)) for row in facts])

    catalogue = columns_from_catalogue(
        followers=column("followers"),
        engagement_rate=column("engagement_rate"),
        comments_to_likes=column("comments_to_likes"),
        bio_length=column("bio_length"),
        is_verified=column("is_verified"),
    )
    return {**catalogue, **{name: column(name) for name in DIRECT_COLUMNS}}


def price_columns(facts: Sequence[Facts]) -> dict[str, NDArray[Any]]:
    """The columns of the creator marketplace's price list, (n,) each, NaN unknown."""
    columns: dict[str, NDArray[Any]] = {
        name: np.array([_number(row["extra"].get(name)) for row in facts]) for name in RAW_NUMBERS
    }
    columns["followers"] = np.array([_number(row["followers"]) for row in facts])
    engagement = np.array([_number(row["engagement_rate"]) for row in facts])
    stated = columns["engagement_rate_30d"]
    columns["engagement_rate_30d"] = np.where(np.isnan(stated), engagement, stated)
    for name in RAW_TEXTS:
        columns[name] = np.array([row["extra"].get(name) or "" for row in facts], dtype=object)
    return columns


def _profile_facts(account: SocialAccount) -> Facts:
    masked = account.handle_is_hash
    return {
        "platform": account.platform,
        "bio_length": len(account.bio),
        "full_name_words": len(account.full_name.split()) if account.full_name else None,
        "username_length": None if masked else len(account.handle),
        "username_digit_ratio": None if masked else _digit_ratio(account.handle),
        "has_picture": account.has_picture,
        "has_link": True
        if account.has_link is None and LINK.search(account.bio)
        else account.has_link,
        "is_private": account.is_private,
        "is_verified": account.is_verified,
        "is_business": account.is_business,
    }


def _metric_facts(metric: Facts, posting: Facts) -> Facts:
    followers = metric.get("followers")
    likes = _first_known(metric.get("avg_likes"), posting.get("avg_likes"))
    comments = _first_known(metric.get("avg_comments"), posting.get("avg_comments"))
    engagement = metric.get("engagement_rate")
    if engagement is None and followers and likes is not None:
        engagement = float(likes + (comments or 0)) / followers
    ratio = metric.get("comments_to_likes")
    if ratio is None and likes and comments is not None:
        ratio = float(comments) / float(likes)
    return {
        "followers": followers,
        "following": metric.get("following"),
        "posts": metric.get("posts"),
        "engagement_rate": engagement,
        "comments_to_likes": ratio,
        "post_interval_hours": posting.get("post_interval_hours"),
        "hashtags_per_post": posting.get("hashtags_per_post"),
        "avg_caption_length": posting.get("avg_caption_length"),
        # A cursor gives jsonb as text.
        "extra": json.loads(metric.get("extra") or "{}"),
    }


def _rows_by_account(sql: str, arguments: dict[str, Any]) -> dict[int, Facts]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        names = [column[0] for column in cursor.description]
        return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in cursor.fetchall()}


def _first_known(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _digit_ratio(handle: str) -> float:
    return sum(char.isdigit() for char in handle) / max(1, len(handle))


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
