"""An account with a past, to plan posts for."""

from datetime import timedelta

from accounts.models import AccountMetric, Post, PostMetric, Provenance, SocialAccount, User
from tests.cast import NOW


def give_account(
    user: User, *, platform: str = "tiktok", handle: str = "soup_daily", posts: int = 6
) -> SocialAccount:
    """An account of the user's creator, with followers and counted posts, the last a day ago."""
    account = SocialAccount.objects.create(creator=user.creator, platform=platform, handle=handle)
    AccountMetric.objects.create(
        account=account,
        day=(NOW - timedelta(days=1)).date(),
        followers=20_000,
        provenance=Provenance.IMPORTED,
        recorded_at=NOW - timedelta(days=1),
    )
    for number in range(posts):
        give_post(account, days_ago=1 + 3 * number, likes=700 + 50 * number)
    return account


def give_post(
    account: SocialAccount, *, days_ago: float, likes: int | None, **counts: int | None
) -> Post:
    """A post with one row of counts, taken half a day after it came out."""
    at = NOW - timedelta(days=days_ago)
    post = Post.objects.create(
        account=account,
        external_id=f"p{days_ago}",
        caption=f"soup number {days_ago}",
        hashtags=["soup"],
        published_at=at,
    )
    known = {"views": 9_000, "comments": 40, "shares": 10} | counts
    PostMetric.objects.create(
        post=post,
        observed_at=at + timedelta(hours=12),
        recorded_at=at + timedelta(hours=12),
        likes=likes,
        provenance=Provenance.IMPORTED,
        **known,
    )
    return post
