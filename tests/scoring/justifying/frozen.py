"""An account with posts, and justifications of its prices."""

from datetime import timedelta
from typing import Any

from accounts.models import AccountMetric, Post, PostMetric, Provenance, SocialAccount
from scoring.justifying.making import make_justification
from scoring.models import PriceJustification
from tests.cast import NOW, Cast

DAY = timedelta(days=1)


def own_account(cast: Cast, *, posts: int = 8, handle: str = "carla_cooks") -> SocialAccount:
    """Two counts of followers thirty days apart, and posts of 1,000, 2,000 … views, each counted
    a week after it; a tenth of the views are likes."""
    account = SocialAccount.objects.create(
        creator=cast.creator, platform="instagram", handle=handle, country="Italy"
    )
    for days, followers in ((31, 18_000), (1, 20_000)):
        AccountMetric.objects.create(
            account=account, day=(NOW - days * DAY).date(), followers=followers,
            provenance=Provenance.IMPORTED, recorded_at=NOW - days * DAY,
        )  # fmt: skip
    for number in range(1, posts + 1):
        add_post(account, views=1_000 * number, days_ago=7 + number)
    return account


def add_post(
    account: SocialAccount,
    *,
    views: int,
    days_ago: int,
    counted_after: int = 7,
    provenance: str = Provenance.IMPORTED,
) -> Post:
    at = NOW - days_ago * DAY
    post = Post.objects.create(
        account=account, external_id=f"{provenance}-{days_ago}-{views}", published_at=at
    )
    counted_at = min(at + counted_after * DAY, NOW)
    PostMetric.objects.create(
        post=post, observed_at=counted_at, recorded_at=counted_at, views=views,
        likes=views // 10, comments=0, provenance=provenance,
    )  # fmt: skip
    return post


def justify(cast: Cast, account: SocialAccount, **more: Any) -> PriceJustification:
    asked: dict[str, Any] = {
        "deliverable": "reel", "asked_minor": 120_000, "currency": "EUR", "now": NOW,
        "actor": cast.creator_user,
    }  # fmt: skip
    return make_justification(account=account, **(asked | more))
