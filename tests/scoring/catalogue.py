"""A small catalogue with real texts, for tests of scores and rankings."""

from datetime import UTC, date, datetime

from accounts.models import AccountMetric, Creator, Provenance, SocialAccount
from scoring.catalogue import Quiet, refresh_catalogue

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 2, 28)

BIOS = {
    "vegan_cook": ("instagram", "Vegan recipes and plant based cooking every day", "Italy"),
    "weights": ("instagram", "Personal trainer. Strength training, gym and fitness", "Italy"),
    "skin": ("tiktok", "Skincare routines for sensitive skin, beauty and makeup tips", "Germany"),
    "streets": ("instagram", "Street photographer in black and white", "Germany"),
    "guitarist": ("tiktok", "I play guitar and write songs about the sea", "Brazil"),
    "runner": ("instagram", "Trail runner, mountains and marathon training", "Brazil"),
    "silent": ("tiktok", "", ""),
    "video_shop": ("douyin", "Makeup reviews and beauty", "China"),
}


def make_account(
    handle: str,
    *,
    bio: str = "",
    platform: str = "instagram",
    country: str = "",
    followers: int | None = 20_000,
    engagement: float | None = 0.04,
    recorded_at: datetime = NOW,
    extra: dict[str, object] | None = None,
) -> SocialAccount:
    """One creator with one account and one day of counts."""
    creator = Creator.objects.create(display_name=handle.replace("_", " ").title())
    account = SocialAccount.objects.create(
        creator=creator, platform=platform, handle=handle, bio=bio, country=country
    )
    AccountMetric.objects.create(
        account=account,
        day=DAY,
        followers=followers,
        engagement_rate=engagement,
        comments_to_likes=None if engagement is None else 0.03,
        provenance=Provenance.IMPORTED,
        recorded_at=recorded_at,
        extra=extra or {},
    )
    return account


def make_catalogue() -> dict[str, SocialAccount]:
    """Eight accounts, embedded and scored."""
    accounts = {
        handle: make_account(
            handle,
            bio=bio,
            platform=platform,
            country=country,
            followers=10_000 * place,
            engagement=0.02 * place,
            extra={"expected_views": 30_000} if platform == "douyin" else None,
        )
        for place, (handle, (platform, bio, country)) in enumerate(BIOS.items(), start=1)
    }
    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    return accounts
