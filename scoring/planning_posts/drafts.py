"""What somebody says about a post they plan, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Final

from accounts.errors import DomainError
from scoring.ml.plep.images import ImageFacts

LONGEST_CAPTION: Final = 5_000
MOST_TAGS: Final = 100
LONGEST_TAG: Final = 100
LONGEST_KIND: Final = 20
LONGEST_DURATION_S: Final = 12 * 3_600.0
FARTHEST: Final = timedelta(days=366)

_BETWEEN_TAGS: Final = re.compile(r"[\s,;#＃、，]+")


class DraftFieldRefused(DomainError):
    """One field of a draft cannot be used; ``details["field"]`` names it."""

    code = "draft_refused"

    def __init__(self, field: str, message: str, *, code: str = "") -> None:
        super().__init__(message, code=code, details={"field": field})
        self.field = field


@dataclass(frozen=True)
class PlannedPost:
    """A draft. ``planned_at`` carries its time zone; what is not said is empty or None.

    ``picture`` are figures of an image: the image itself is not kept anywhere.
    """

    caption: str = ""
    hashtags: tuple[str, ...] = ()
    kind: str = ""
    planned_at: datetime | None = None
    duration_s: float | None = None
    picture: ImageFacts | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; the hash of a picture as text, being too long a number for some readers."""
        return {
            "caption": self.caption,
            "hashtags": list(self.hashtags),
            "kind": self.kind,
            "planned_at": self.planned_at.isoformat() if self.planned_at else None,
            "duration_s": self.duration_s,
            "picture": picture_as_json(self.picture),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> PlannedPost:
        """The reverse of `to_json`. :raises KeyError, ValueError, TypeError: if it is not one."""
        at, picture = document["planned_at"], document["picture"]
        return cls(
            caption=str(document["caption"]),
            hashtags=tuple(map(str, document["hashtags"])),
            kind=str(document["kind"]),
            planned_at=datetime.fromisoformat(at) if at else None,
            duration_s=None if document["duration_s"] is None else float(document["duration_s"]),
            picture=picture_of(picture) if picture else None,
        )

    def changed_from(self, other: PlannedPost) -> dict[str, Any]:
        """The fields in which this draft differs, with their values here; pictures apart."""
        return {
            name: getattr(self, name)
            for name in ("caption", "hashtags", "kind", "planned_at", "duration_s")
            if getattr(self, name) != getattr(other, name)
        }


def check_post(post: PlannedPost, *, now: datetime, prefix: str = "") -> None:
    """Refuse a draft that nothing can be said about.

    :param prefix: put before the name of a field, such as ``what_if.2.``.
    :raises DraftFieldRefused: naming the field: too long, too many, unusable characters, a moment
        without a time zone, past or more than a year ahead, an impossible duration.
    """
    try:
        _check_texts(post)
        _check_numbers(post, now)
    except DraftFieldRefused as refused:
        if not prefix:
            raise
        raise DraftFieldRefused(
            f"{prefix}{refused.field}", refused.message, code=refused.code
        ) from refused


def split_tags(text: str) -> tuple[str, ...]:
    """Hashtags from "#soup #food", "soup, food" or one a line; each once, in order."""
    return tuple(dict.fromkeys(tag for tag in _BETWEEN_TAGS.split(text.strip()) if tag))


def change_post(post: PlannedPost, change: Mapping[str, Any]) -> PlannedPost:
    return replace(post, **change)


def picture_as_json(picture: ImageFacts | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "width": picture.width,
        "height": picture.height,
        "brightness": round(picture.brightness, 4),
        "colourfulness": round(picture.colourfulness, 2),
        "perceptual_hash": f"{picture.perceptual_hash:016x}",
        "distance_to_past": picture.distance_to_past,
    }


def picture_of(document: Mapping[str, Any]) -> ImageFacts:
    """The reverse of `picture_as_json`."""
    return ImageFacts(
        width=int(document["width"]),
        height=int(document["height"]),
        brightness=float(document["brightness"]),
        colourfulness=float(document["colourfulness"]),
        perceptual_hash=int(document["perceptual_hash"], 16),
        distance_to_past=document["distance_to_past"],
    )


def _check_texts(post: PlannedPost) -> None:
    for field, texts in (
        ("caption", (post.caption,)),
        ("hashtags", post.hashtags),
        ("kind", (post.kind,)),
    ):
        check_text(field, texts)
    if len(post.caption) > LONGEST_CAPTION:
        raise DraftFieldRefused(
            "caption",
            f"The caption has {len(post.caption):,} characters; platforms take at most a few "
            f"thousand, and here {LONGEST_CAPTION:,} are read.",
            code="caption_too_long",
        )
    if len(post.hashtags) > MOST_TAGS:
        raise DraftFieldRefused(
            "hashtags",
            f"There are {len(post.hashtags):,} hashtags; at most {MOST_TAGS} are read.",
            code="too_many_hashtags",
        )
    if any(len(tag) > LONGEST_TAG for tag in post.hashtags):
        raise DraftFieldRefused(
            "hashtags",
            f"A hashtag has at most {LONGEST_TAG} characters.",
            code="hashtag_too_long",
        )
    if len(post.kind) > LONGEST_KIND:
        raise DraftFieldRefused(
            "kind", f"The format is a word of at most {LONGEST_KIND} characters."
        )


def check_text(field: str, texts: Iterable[str]) -> None:
    """:raises DraftFieldRefused: on characters that no database can hold."""
    for text in texts:
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise DraftFieldRefused(
                field,
                "There is a character in it that cannot be stored. Type the text again.",
                code="text_unusable",
            )


def _check_numbers(post: PlannedPost, now: datetime) -> None:
    at, seconds = post.planned_at, post.duration_s
    if at is not None:
        if at.tzinfo is None:
            raise DraftFieldRefused(
                "planned_at", "Say in which time zone this time is.", code="time_zone_missing"
            )
        # forms name minutes, so the present one has not passed
        if at < now.replace(second=0, microsecond=0):
            raise DraftFieldRefused(
                "planned_at",
                f"{at:%Y-%m-%d %H:%M %Z} has passed; choose a time to come.",
                code="planned_in_the_past",
            )
        if at > now + FARTHEST:
            raise DraftFieldRefused(
                "planned_at",
                "This is more than a year ahead; what is known now says nothing about then.",
                code="planned_too_far_ahead",
            )
    if seconds is not None and not (isfinite(seconds) and 0 < seconds <= LONGEST_DURATION_S):
        raise DraftFieldRefused(
            "duration_s",
            f"A duration lies above 0 and at most at {LONGEST_DURATION_S:,.0f} seconds.",
            code="duration_out_of_range",
        )
