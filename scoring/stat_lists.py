"""Lists and texts among the facts somebody sends about an account, each checked by place."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, cast, get_args

from accounts.errors import DomainError
from accounts.growth_events import LONGEST_EVENT
from scoring.ml.growth_series import DeclaredEvent, EventKind

LIST_STATS = ("follower_counts", "comments", "declared_events", "bio")
LARGEST_STAT = 1e11
MAX_COUNTS = 366
MAX_COMMENTS_SENT = 500
MAX_COMMENT_LENGTH = 2_000
MAX_EVENTS = 50
MAX_BIO = 10_000
EVENT_KINDS: tuple[str, ...] = get_args(EventKind)
EVENT_ENTRIES = ("kind", "starts_on", "ends_on")


class StatsRejected(DomainError):
    """``attr`` names the entry of ``stats`` that cannot be used."""

    code = "invalid_stats"

    def __init__(self, message: str, *, attr: str) -> None:
        super().__init__(message, details={"field": attr})
        self.attr = attr


def read_counts(stats: Mapping[str, Any]) -> list[float]:
    """Daily follower counts, oldest first, NaN for null; empty when none was sent."""
    counts = _list(stats, "follower_counts", MAX_COUNTS)
    read = []
    for place, value in enumerate(counts, start=1):
        if value is None:
            read.append(math.nan)
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _rejected("follower_counts", f"has {value!r:.60} as its count {place}; "
                            "send numbers, null for a day that is not known")  # fmt: skip
        if not 0 <= value <= LARGEST_STAT:
            raise _rejected("follower_counts", f"has a count {place} outside 0 to 1e+11")
        read.append(float(value))
    return read


def read_comments(stats: Mapping[str, Any]) -> list[str]:
    """Texts of comments; empty when none was sent."""
    texts = _list(stats, "comments", MAX_COMMENTS_SENT)
    for place, text in enumerate(texts, start=1):
        if not isinstance(text, str):
            raise _rejected("comments", f"has {text!r:.60} as its text {place}; send texts")
        if len(text) > MAX_COMMENT_LENGTH:
            raise _rejected(
                "comments", f"has a text {place} longer than {MAX_COMMENT_LENGTH:,} characters"
            )
    return texts


def read_bio(stats: Mapping[str, Any]) -> str | None:
    bio = stats.get("bio")
    if bio is not None and not isinstance(bio, str):
        raise _rejected("bio", f"is {bio!r:.60}; send a text")
    if bio is not None and len(bio) > MAX_BIO:
        raise _rejected("bio", f"is longer than {MAX_BIO:,} characters")
    return bio


def read_events(stats: Mapping[str, Any], *, today: date) -> list[DeclaredEvent]:
    """Declared causes of growth, none of them checked by anybody; empty when none was sent."""
    events = _list(stats, "declared_events", MAX_EVENTS)
    return [_event(event, place, today) for place, event in enumerate(events, start=1)]


def _event(event: Any, place: int, today: date) -> DeclaredEvent:
    if not isinstance(event, Mapping) or set(event) != set(EVENT_ENTRIES):
        raise _rejected(
            "declared_events", f"needs {', '.join(EVENT_ENTRIES)}, nothing else, in event {place}"
        )
    if event["kind"] not in EVENT_KINDS:
        raise _rejected(
            "declared_events",
            f"has an unknown kind in event {place}; there are {', '.join(EVENT_KINDS)}",
        )
    starts_on, ends_on = (_day(event[name], name, place) for name in ("starts_on", "ends_on"))
    if not starts_on <= ends_on <= today:
        raise _rejected(
            "declared_events", f"has event {place} end before it starts, or in the future"
        )
    if ends_on - starts_on > LONGEST_EVENT:
        raise _rejected(
            "declared_events", f"has an event {place} longer than {LONGEST_EVENT.days} days"
        )
    return DeclaredEvent(
        id=place, kind=cast(EventKind, event["kind"]), state="declared", starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip


def _day(value: Any, name: str, place: int) -> date:
    try:
        if not isinstance(value, str):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError as error:
        raise _rejected(
            "declared_events", f"has a {name} in event {place} that is no date like 2026-03-01"
        ) from error


def _list(stats: Mapping[str, Any], name: str, most: int) -> list[Any]:
    values = stats.get(name)
    if values is None:
        return []
    if not isinstance(values, list):
        raise _rejected(name, f"is {values!r:.60}; send a list")
    if len(values) > most:
        raise _rejected(name, f"has {len(values):,} entries; at most {most} are read")
    return values


def _rejected(name: str, what: str) -> StatsRejected:
    return StatsRejected(f"stats.{name} {what}.", attr=f"stats.{name}")
