"""Creators with niches and dated counts, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from accounts.models import AccountMetric, Creator, Provenance, SocialAccount
from scoring.models import SearchEntry

FEBRUARY, MARCH = date(2026, 2, 27), date(2026, 3, 29)
"""Thirty days apart, so that growth per 30 days is the ratio itself."""


def moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def make_niche(
    niche: str,
    growths: Sequence[float | None],
    *,
    platform: str = "instagram",
    since: date = date(2026, 1, 1),
    followers: int = 10_000,
    rates: tuple[float, float] | None = (0.02, 0.03),
    is_simulated: bool = False,
) -> list[SocialAccount]:
    """One creator for each growth from February to March; None has no count in February."""
    made = len(Creator.objects.all())
    creators = Creator.objects.bulk_create(
        Creator(display_name=f"Creator {made + place}", is_simulated=is_simulated)
        for place in range(len(growths))
    )
    accounts = SocialAccount.objects.bulk_create(
        SocialAccount(
            creator=creator, platform=platform, handle=f"h{creator.pk}", created_at=moment(since)
        )
        for creator in creators
    )
    SearchEntry.objects.bulk_create(
        SearchEntry(account=account, creator=account.creator, platform=platform, niches=[niche])
        for account in accounts
    )
    for account, growth in zip(accounts, growths, strict=True):
        rate_before, rate = rates or (None, None)
        if growth is not None:
            count(account, FEBRUARY, followers, rate_before, posts=100)
        count(account, MARCH, round(followers * (1 + (growth or 0))), rate, posts=130)
    return accounts


def count(
    account: SocialAccount,
    day: date,
    followers: int | None,
    rate: float | None = None,
    *,
    posts: int | None = None,
    recorded_at: datetime | None = None,
) -> None:
    AccountMetric.objects.create(
        account=account,
        day=day,
        followers=followers,
        engagement_rate=rate,
        posts=posts,
        provenance=Provenance.IMPORTED,
        recorded_at=recorded_at or moment(day),
    )
