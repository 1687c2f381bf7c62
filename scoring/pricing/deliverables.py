"""The kinds of work that are priced, by platform, and the words people use for them."""

import re
from collections.abc import Mapping
from typing import Final

from accounts.models import Platform

DELIVERABLES: Final[Mapping[str, Mapping[str, str]]] = {
    Platform.INSTAGRAM: {
        "static_post": "a static post",
        "carousel": "a carousel",
        "reel": "a reel",
        "story": "a story",
    },
    Platform.TIKTOK: {"tiktok_video": "a TikTok video", "tiktok_story": "a TikTok story"},
    Platform.YOUTUBE: {
        "dedicated_video": "a dedicated video",
        "integration": "an integration in a video",
        "short": "a short",
    },
    Platform.TWITTER: {"static_post": "a post", "thread": "a thread"},
    Platform.DOUYIN: {
        "video_1_20s": "a video of 1–20 s",
        "video_21_60s": "a video of 21–60 s",
        "video_over_60s": "a video over 60 s",
    },
}
LABELS: Final[Mapping[str, str]] = {
    **{name: label for own in DELIVERABLES.values() for name, label in own.items()},
    "static_post": "a static post",
}

# Words of offers, where kinds of work are free text, in the names that are priced.
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    Platform.INSTAGRAM: {
        "post": "static_post", "photo": "static_post", "picture": "static_post",
        "feed post": "static_post", "image": "static_post", "reels": "reel", "video": "reel",
        "stories": "story",
    },
    Platform.TIKTOK: {
        "video": "tiktok_video", "post": "tiktok_video", "short video": "tiktok_video",
        "story": "tiktok_story", "stories": "tiktok_story",
    },
    Platform.YOUTUBE: {
        "video": "dedicated_video", "long video": "dedicated_video", "shorts": "short",
        "mention": "integration", "integrated mention": "integration",
    },
    Platform.TWITTER: {"post": "static_post", "tweet": "static_post"},
}  # fmt: skip


def deliverables_on(platform: str) -> tuple[str, ...]:
    """Names of what is usually priced on a platform, the plainest first."""
    return tuple(DELIVERABLES.get(platform, ()))


def label_of(deliverable: str, platform: str = "") -> str:
    """``a reel``; a name nobody wrote a label for in plain letters."""
    own = DELIVERABLES.get(platform, {})
    return own.get(deliverable) or LABELS.get(deliverable) or deliverable.replace("_", " ")


def named_in(kind: str, platform: str) -> str:
    """The deliverable an offer's free text means, or the text itself in one spelling.

    >>> named_in("Reel", "instagram")
    'reel'
    >>> named_in("feed-post", "instagram")
    'static_post'
    """
    words = re.sub(r"[\s_-]+", " ", kind.strip().lower())
    name = words.replace(" ", "_")
    if name in DELIVERABLES.get(platform, {}):
        return name
    return _WORDS.get(platform, {}).get(words, name)
