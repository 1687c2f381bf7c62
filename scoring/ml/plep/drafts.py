"""A post that is planned, and what is refused about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from typing import Any, Final

import numpy as np

from scoring.ml.plep.captions import CaptionFacts, caption_facts, cut_caption
from scoring.ml.plep.features import Facts, log_counts, plain_features
from scoring.ml.plep.history import LONGEST, own_facts
from scoring.ml.plep.images import ImageFacts
from scoring.ml.plep.likeness import wording

CHANGEABLE: Final = ("caption", "hashtags", "planned_at", "duration_s", "kind", "image")


class DraftRefused(ValueError):
    """A draft that no prediction can be made for; the message says why."""


class PlannedInThePast(DraftRefused):
    """The planned moment is before now."""


@dataclass(frozen=True)
class PastPost:
    """A published post of the creator; counts are None or NaN where unknown."""

    published_at: datetime
    engagement: float | None
    views: float | None = None
    caption: str | None = None
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """What is known of a post before it is published.

    `hashtags` are those kept beside the caption; those in it are found. `planned_at` carries
    a time zone and counts in UTC. `kind` and `image` are described, not learned from.
    """

    platform: str
    planned_at: datetime | None = None
    caption: str | None = None
    hashtags: tuple[str, ...] = ()
    duration_s: float | None = None
    kind: str | None = None
    image: ImageFacts | None = None
    followers: float | None = None
    following: float | None = None
    history: tuple[PastPost, ...] = ()


def check_draft(draft: Draft, *, now: datetime) -> None:
    """:raises PlannedInThePast: planned before `now`.
    :raises DraftRefused: a moment without a time zone.
    """
    moments = [draft.planned_at, *(post.published_at for post in draft.history)]
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise DraftRefused("Every time of a draft and of earlier posts needs its time zone.")
    if draft.planned_at is not None and draft.planned_at < now:
        raise PlannedInThePast(
            f"The post is planned for {draft.planned_at:%Y-%m-%d %H:%M %Z}, which has passed; "
            "choose a time to come."
        )


def change_draft(draft: Draft, change: Mapping[str, Any]) -> Draft:
    """The draft with some of `CHANGEABLE` replaced.

    :raises DraftRefused: another field, or nothing to change.
    """
    unknown = sorted(set(change) - set(CHANGEABLE))
    if unknown or not change:
        raise DraftRefused(
            f"A draft changes in {', '.join(CHANGEABLE)}; not in {', '.join(unknown) or 'nothing'}."
        )
    return replace(draft, **change)


def draft_facts(drafts: Sequence[Draft], *, now: datetime, vectors: np.ndarray) -> Facts:
    """Facts of drafts; one without a planned moment has the history known `now`.

    :param vectors: caption vectors of shape (n, 384), NaN rows without one.
    """
    captions = [_caption(draft) for draft in drafts]
    plain = plain_features(
        followers=_numbers([draft.followers for draft in drafts]),
        following=_numbers([draft.following for draft in drafts]),
        own=np.array([_own(*pair, now) for pair in zip(drafts, captions, strict=True)]),
        times=_numbers([d.planned_at.timestamp() if d.planned_at else None for d in drafts]),
        durations=_numbers([draft.duration_s for draft in drafts]),
        captions=captions,
    )
    return Facts(plain, tuple(captions), vectors)


def draft_notes(draft: Draft) -> tuple[str, ...]:
    """What was cut, assumed or not used."""
    notes = [cut_caption(draft.caption)[1]]
    if not (draft.caption or "").strip():
        notes.append("No caption was given, so the range is that of a post without words.")
    if draft.planned_at is None:
        notes.append("No publishing time was given; the hour and weekday are left out.")
    else:
        notes.append("Hour and weekday are in UTC, as the audience's local time is not known.")
    if draft.kind is not None:
        notes.append("The kind of post is not in the data learned from and changes nothing here.")
    if draft.image is not None:
        notes.append("The image is described, but no images were learned from; it changes nothing.")
    return tuple(note for note in notes if note)


def _caption(draft: Draft) -> CaptionFacts:
    return caption_facts(draft.caption, draft.hashtags)


def _own(draft: Draft, caption: CaptionFacts, now: datetime) -> np.ndarray:
    moment = draft.planned_at or now
    # a long history costs no more than the part that is read
    earlier = sorted(
        (p for p in draft.history if p.published_at < moment and is_known(p.engagement)),
        key=lambda post: post.published_at,
    )[-LONGEST:]
    return own_facts(
        np.array([post.published_at.timestamp() for post in earlier]),
        log_counts(_numbers([post.engagement for post in earlier])),
        log_counts(_numbers([post.views for post in earlier])),
        [wording(p.caption, caption_facts(p.caption, p.hashtags)) for p in earlier],
        at=moment.timestamp(),
        own=wording(draft.caption, caption),
    )


def is_known(count: float | None) -> bool:
    """Whether a count is a finite number of at least zero."""
    return count is not None and isfinite(count) and count >= 0


def _numbers(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)
