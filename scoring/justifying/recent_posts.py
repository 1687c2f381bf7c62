"""The counts of an account's recent posts, as a price is justified with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection

from accounts.models import Provenance, SocialAccount

MOST: Final = 30
SETTLED_DAYS: Final = 3
"""A post is counted from then on: younger ones have not yet reached most of their audience."""

# Per post the newest counts that are no estimate. Real counts outrank simulated ones, and where
# an account has both, only posts with real ones are looked at.
RECENT: Final = """
WITH counted AS (
    SELECT post.id, post.published_at, metric.*
    FROM accounts_post post
    JOIN LATERAL (
        SELECT observed_at, views, likes, comments, provenance FROM accounts_postmetric
        WHERE post_id = post.id AND observed_at <= %(as_of)s AND recorded_at <= %(as_of)s
            AND provenance <> 'estimated'
        ORDER BY provenance = 'simulated', observed_at DESC, recorded_at DESC LIMIT 1
    ) metric ON true
    WHERE post.account_id = %(account)s
        AND (post.published_at IS NULL
            OR post.published_at <= metric.observed_at - %(days)s * interval '1 day')
)
SELECT published_at, observed_at, views, likes, comments, provenance FROM counted
WHERE (provenance = 'simulated') = (SELECT bool_and(provenance = 'simulated') FROM counted)
ORDER BY published_at DESC NULLS LAST, id DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class CountedPost:
    """Unknown counts are None."""

    published_at: datetime | None
    observed_at: datetime
    views: int | None
    likes: int | None
    comments: int | None
    provenance: str

    @property
    def interactions(self) -> int | None:
        """Likes and comments; comments that are not known are left out."""
        return None if self.likes is None else self.likes + (self.comments or 0)


@dataclass(frozen=True)
class RecentPosts:
    """The newest first, at most `MOST`, all real or all simulated."""

    posts: list[CountedPost]

    @property
    def is_simulated(self) -> bool:
        return any(post.provenance == Provenance.SIMULATED for post in self.posts)

    @property
    def counted_on(self) -> date | None:
        """The day of the newest count."""
        return max((post.observed_at.date() for post in self.posts), default=None)

    def views(self) -> list[float]:
        return [post.views for post in self.posts if post.views is not None]

    def interactions(self) -> list[float]:
        return [known for post in self.posts if (known := post.interactions) is not None]

    def interactions_per_view(self) -> list[float]:
        return [
            known / post.views
            for post in self.posts
            if post.views and (known := post.interactions) is not None
        ]

    def source(self) -> str:
        """``20 posts of 3 Sep 2026 to 1 Nov 2026; counts imported (18), given by the creator (2)``,
        which is what a reader needs in order to weigh them."""
        by = [
            (provenance.label.lower(), sum(post.provenance == provenance for post in self.posts))
            for provenance in Provenance
        ]
        said = ", ".join(f"{label} ({number})" for label, number in by if number)
        days = sorted(post.published_at.date() for post in self.posts if post.published_at)
        span = f" of {days[0]:%-d %b %Y} to {days[-1]:%-d %b %Y}" if days else ""
        number = len(self.posts)
        return f"{number} post{'' if number == 1 else 's'}{span}; counts {said}"


def read_recent_posts(account: SocialAccount, *, as_of: datetime) -> RecentPosts:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            RECENT,
            {"account": account.pk, "as_of": as_of, "days": SETTLED_DAYS, "most": MOST},
        )
        return RecentPosts([CountedPost(*row) for row in cursor.fetchall()])
