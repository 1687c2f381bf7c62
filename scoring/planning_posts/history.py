"""What is known of an account when a post is planned: its size, and how earlier posts fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any, Final

from django.db import connection

from accounts.models import SocialAccount
from scoring.features.newest import newest_known
from scoring.ml.plep.drafts import PastPost, is_known
from scoring.ml.plep.history import LONGEST

SIZE: Final = f"""
SELECT {newest_known("followers")}, {newest_known("following")}
FROM accounts_accountmetric
WHERE account_id = %(account)s AND day <= %(day)s AND recorded_at <= %(as_of)s
"""  # noqa: S608 (the columns are named right above)

# The latest counts of each post of which some are known; engagement is reckoned below.
EARLIER_POSTS: Final = """
SELECT post.published_at, post.caption, post.hashtags,
       metric.views, metric.likes, metric.comments, metric.shares, metric.engagement_rate
FROM accounts_post post
CROSS JOIN LATERAL (
    SELECT views, likes, comments, shares, engagement_rate FROM accounts_postmetric
    WHERE post_id = post.id AND observed_at <= %(as_of)s AND recorded_at <= %(as_of)s
      AND (likes IS NOT NULL AND comments IS NOT NULL AND (shares IS NOT NULL OR NOT %(shares)s)
           OR engagement_rate IS NOT NULL AND %(rates)s)
    ORDER BY observed_at DESC, recorded_at DESC LIMIT 1
) metric
WHERE post.account_id = %(account)s AND post.published_at <= %(as_of)s
ORDER BY post.published_at DESC, post.id DESC LIMIT %(most)s
"""

BY_RATE: Final = "instagram"
"""Where likes + comments are counted, and a rate of followers stands in for them."""


@dataclass(frozen=True)
class Planner:
    """Whoever plans a post, as known at one moment; nothing here is later than that.

    ``history`` is the latest `LONGEST` posts of known engagement, oldest first.
    """

    platform: str
    followers: float | None = None
    following: float | None = None
    history: tuple[PastPost, ...] = ()
    is_simulated: bool = False
    account: SocialAccount | None = None

    def posts_before(self, moment: datetime) -> list[PastPost]:
        return [p for p in self.history if p.published_at < moment and is_known(p.engagement)]

    def usual(self, moment: datetime) -> float | None:
        """The median engagement of the posts before a moment."""
        known = [post.engagement for post in self.posts_before(moment)]
        return median(value for value in known if value is not None) if known else None

    def to_json(self) -> dict[str, Any]:
        return {
            "platform": self.platform,
            "followers": self.followers,
            "following": self.following,
            "is_simulated": self.is_simulated,
            "history": [
                {
                    "published_at": post.published_at.isoformat(),
                    "engagement": post.engagement,
                    "views": post.views,
                    "caption": post.caption,
                    "hashtags": list(post.hashtags),
                }
                for post in self.history
            ],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Planner:
        """The reverse of `to_json`, without the account."""
        return cls(
            platform=document["platform"],
            followers=document["followers"],
            following=document["following"],
            is_simulated=document["is_simulated"],
            history=tuple(
                PastPost(
                    published_at=datetime.fromisoformat(post["published_at"]),
                    engagement=post["engagement"],
                    views=post["views"],
                    caption=post["caption"],
                    hashtags=tuple(post["hashtags"]),
                )
                for post in document["history"]
            ),
        )


def read_planner(account: SocialAccount, *, as_of: datetime) -> Planner:
    """The account with its size and earlier posts as recorded up to ``as_of``.

    Two queries, and one more if its creator is not loaded.
    """
    by_rate = account.platform == BY_RATE
    arguments: dict[str, int | bool | date | datetime] = {
        "account": account.pk,
        "as_of": as_of,
        "day": as_of.date(),
        "most": LONGEST,
        "shares": not by_rate,
        "rates": by_rate,
    }
    with connection.cursor() as cursor:
        cursor.execute(SIZE, arguments)
        [followers, following] = cursor.fetchone() or (None, None)
        cursor.execute(EARLIER_POSTS, arguments)
        rows = cursor.fetchall()
    posts = [_past_post(row, by_rate=by_rate, followers=followers) for row in reversed(rows)]
    return Planner(
        platform=account.platform,
        followers=followers,
        following=following,
        history=tuple(post for post in posts if post.engagement is not None),
        is_simulated=account.creator.is_simulated,
        account=account,
    )


def engagement_of(counts: Mapping[str, float | None], platform: str) -> float | None:
    """The count a prediction is about, None if one of its parts is unknown.

    Likes + comments + shares; on Instagram, whose rates do not count shares, likes + comments.
    """
    parts = ("likes", "comments") if platform == BY_RATE else ("likes", "comments", "shares")
    known = [value for part in parts if (value := counts.get(part)) is not None]
    return sum(known) if len(known) == len(parts) else None


def _past_post(row: Sequence[Any], *, by_rate: bool, followers: int | None) -> PastPost:
    published_at, caption, hashtags, views, likes, comments, shares, rate = row
    counts = {"likes": likes, "comments": comments, "shares": shares}
    engagement = engagement_of(counts, BY_RATE if by_rate else "")
    if engagement is None and by_rate and rate is not None and followers is not None:
        engagement = rate * followers
    return PastPost(
        published_at=published_at,
        engagement=engagement,
        views=views,
        caption=caption or None,
        hashtags=tuple(hashtags),
    )
