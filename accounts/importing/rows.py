"""What one row of a file says, once its cells are understood."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(slots=True)
class MetricFact:
    """An account's counts: on ``day``, or ``age`` days before the moment of the file."""

    values: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    day: date | None = None
    age: int = 0


@dataclass(slots=True)
class PostFact:
    """A post, and its counts at ``observed_at`` (None: at the moment of the file)."""

    external_id: str
    facts: dict[str, Any]
    counts: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    observed_at: datetime | None = None


@dataclass(slots=True)
class FollowerFact:
    """One follower in a sample taken on ``taken_on`` (None: on the day of the file).

    ``pseudonym`` is a keyed hash: the id itself goes no further than the cell it stood in.
    """

    pseudonym: str
    method: str
    facts: dict[str, Any]
    taken_on: date | None = None


@dataclass(slots=True)
class CommentFact:
    """What somebody wrote; ``post_id`` is None where the file does not say under which post."""

    external_id: str
    author: str
    text: str
    written_at: datetime | None = None
    post_id: str | None = None


@dataclass(slots=True)
class ParsedRow:
    """Everything one row states. Facts hold only what is known: an empty cell says nothing.

    ``handle`` is None for a file that names posts but not whose they are.
    """

    platform: str
    handle: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    metrics: list[MetricFact] = field(default_factory=list)
    post: PostFact | None = None
    follower: FollowerFact | None = None
    comment: CommentFact | None = None
