"""Accounts with posts, for tests of market values."""

from datetime import UTC, datetime, timedelta

from accounts.models import AccountMetric, Creator, Post, PostMetric, Provenance, SocialAccount
from scoring.catalogue import Quiet
from scoring.valuing.running import rank_values

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def make_valued(
    handle: str,
    *,
    likes: list[int | None] = (),  # type: ignore[assignment]
    platform: str = "instagram",
    followers: int | None = 20_000,
    engagement_rate: float | None = None,
    simulated: bool = False,
    every_days: float = 4.0,
    dated: bool = True,
) -> SocialAccount:
    """An account whose posts, the oldest first, have these likes; the last 3 days ago."""
    creator = Creator.objects.create(
        display_name=handle.title(), is_simulated=simulated, created_at=BEFORE
    )
    account = SocialAccount.objects.create(
        creator=creator, platform=platform, handle=handle, created_at=BEFORE
    )
    if followers is not None or engagement_rate is not None:
        AccountMetric.objects.create(
            account=account,
            day=BEFORE.date(),
            followers=followers,
            engagement_rate=engagement_rate,
            provenance=Provenance.IMPORTED,
            recorded_at=BEFORE,
        )
    for place, count in enumerate(reversed(likes)):
        published = NOW - timedelta(days=3 + every_days * place)
        post = Post.objects.create(
            account=account,
            external_id=f"{handle}-{place}",
            published_at=published if dated else None,
            created_at=published,
        )
        counted = published + timedelta(days=2.5)
        PostMetric.objects.create(
            post=post,
            observed_at=counted,
            likes=count,
            provenance=Provenance.IMPORTED,
            recorded_at=counted,
        )
    return account


def rank(*, as_of: str | None = None, now: datetime = NOW) -> dict[str, object]:
    return rank_values(params={"as_of": as_of} if as_of else {}, progress=Quiet(), now=now)
