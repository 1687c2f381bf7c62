"""Follower counts over time and the causes declared for their growth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np

EventKind = Literal[
    "giveaway", "tv", "viral_post", "collaboration", "press", "advertising", "other"
]
EventState = Literal["declared", "accepted", "rejected"]

WINDOW_DAYS: Final = 365
"""Older growth is not judged: it bounds the inputs kept with a score."""


class BadGrowthSeries(ValueError):
    """Days or counts that cannot be; the message names the first one."""


@dataclass(frozen=True)
class GrowthSeries:
    """One account's counts, at most one a day; days may be missing.

    days: datetime64[D] of shape (n,), strictly ascending. followers: (n,), none missing.
    engagement: (n,), reactions per follower in any unit, NaN unknown; only its changes count.
    """

    days: np.ndarray
    followers: np.ndarray
    engagement: np.ndarray

    def __len__(self) -> int:
        return len(self.days)

    @property
    def span_days(self) -> int:
        return int((self.days[-1] - self.days[0]).astype(int)) if len(self) else 0

    @property
    def interactions(self) -> np.ndarray:
        """Reactions, (n,), which bought followers leave as they are; NaN unknown."""
        return self.engagement * self.followers

    def recent(self, window_days: int = WINDOW_DAYS) -> GrowthSeries:
        """The last `window_days` before the last day, and the last day."""
        if not len(self):
            return self
        keep = self.days >= self.days[-1] - np.timedelta64(window_days, "D")
        return GrowthSeries(self.days[keep], self.followers[keep], self.engagement[keep])


@dataclass(frozen=True)
class DeclaredEvent:
    """A cause the creator declared for the growth of these days, both included."""

    id: int
    kind: EventKind
    state: EventState
    starts_on: date
    ends_on: date


def make_series(
    days: Sequence[date] | np.ndarray,
    followers: Sequence[float | None] | np.ndarray,
    engagement: Sequence[float | None] | np.ndarray | None = None,
) -> GrowthSeries:
    """Sort by day and leave out days without a follower count.

    :raises BadGrowthSeries: lengths differ, a day twice, or a count or rate that is negative
        or infinite.
    """
    dates = np.asarray(days, dtype="datetime64[D]")
    counts = np.asarray(followers, dtype=float)
    rates = np.full(len(counts), np.nan) if engagement is None else np.asarray(engagement, float)
    if not len(dates) == len(counts) == len(rates):
        raise BadGrowthSeries("Days, followers and engagement differ in length.")
    for name, values in (("followers", counts), ("engagement", rates)):
        bad = np.flatnonzero(np.isinf(values) | (values < 0))
        if bad.size:
            raise BadGrowthSeries(f"{name} on {dates[bad[0]]} is {values[bad[0]]}.")
    known = ~np.isnan(counts) & ~np.isnat(dates)
    order = np.argsort(dates[known], kind="stable")
    dates, counts, rates = (part[known][order] for part in (dates, counts, rates))
    twice = np.flatnonzero(np.diff(dates).astype(int) == 0)
    if twice.size:
        raise BadGrowthSeries(f"{dates[twice[0]]} is there twice.")
    return GrowthSeries(dates, counts, rates)


def to_inputs(series: GrowthSeries, events: Iterable[DeclaredEvent]) -> dict[str, Any]:
    """What the model reads of one account, JSON-ready and exact."""
    kept = series.recent()
    start = kept.days[0] if len(kept) else None
    return {
        "first_day": None if start is None else str(start),
        "offsets": [] if start is None else (kept.days - start).astype(int).tolist(),
        "followers": kept.followers.tolist(),
        "engagement": [None if np.isnan(rate) else float(rate) for rate in kept.engagement],
        "events": [
            {
                "id": event.id,
                "kind": event.kind,
                "state": event.state,
                "starts_on": event.starts_on.isoformat(),
                "ends_on": event.ends_on.isoformat(),
            }
            for event in sorted(events, key=lambda event: event.id)
        ],
    }


def from_inputs(inputs: Mapping[str, Any]) -> tuple[GrowthSeries, tuple[DeclaredEvent, ...]]:
    """The reverse of `to_inputs`. :raises BadGrowthSeries: as `make_series`."""
    offsets = np.asarray(inputs["offsets"], dtype="timedelta64[D]")
    first = np.datetime64(inputs["first_day"] or "1970-01-01", "D")
    series = make_series(first + offsets, inputs["followers"], inputs["engagement"])
    events = tuple(
        DeclaredEvent(
            id=event["id"],
            kind=event["kind"],
            state=event["state"],
            starts_on=date.fromisoformat(event["starts_on"]),
            ends_on=date.fromisoformat(event["ends_on"]),
        )
        for event in inputs["events"]
    )
    return series, events
