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
class ParsedRow:
    """Everything one row states. Facts hold only what is known: an empty cell says nothing.

    ``handle`` is None for a file that names posts but not whose they are.
    """

    platform: str
    handle: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    metrics: list[MetricFact] = field(default_factory=list)
    post: PostFact | None = None
