"""What a price can be asked for, by platform; the market may know prices of some of it only."""

from typing import Final

from accounts.models import Platform, SocialAccount

OFFERED: Final[dict[str, tuple[str, ...]]] = {
    Platform.INSTAGRAM: ("static_post", "carousel", "reel", "story"),
    Platform.TIKTOK: ("tiktok_video", "tiktok_story"),
    Platform.YOUTUBE: ("dedicated_video", "integration", "short"),
    Platform.TWITTER: ("tweet", "thread"),
    Platform.DOUYIN: ("video_1_20s", "video_21_60s", "video_over_60s"),
}


def is_offered(account: SocialAccount, deliverable: str) -> bool:
    return deliverable in OFFERED[account.platform]
