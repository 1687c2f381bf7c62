"""The engagement of one post over time: cumulative counts, checked and cleaned.

Checking refuses what cannot be a series of counts, naming the observation and the metric;
it repairs nothing silently: what was tidied up is listed in `EngagementSeries.notes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np

from scoring.ml.engagement.counts import (
    LARGEST_COUNT,
    METRICS,
    SeriesRejected,
    check_counts,
    clean_counts,
)

__all__ = (
    "LARGEST_COUNT",
    "METRICS",
    "EngagementSeries",
    "SeriesRejected",
    "checked_arrays",
    "checked_series",
)

SECONDS_PER_HOUR: Final = 3600.0
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST_HOUR: Final = (datetime(1, 1, 2, tzinfo=UTC) - EPOCH).total_seconds() / 3600.0
LATEST_HOUR: Final = (datetime(9999, 12, 30, tzinfo=UTC) - EPOCH).total_seconds() / 3600.0


@dataclass(frozen=True, eq=False)
class EngagementSeries:
    """Cumulative counts of one post at n rising times.

    `hours` is of shape (n,), hours since 1970 in UTC; `counts` holds an (n,) float array for
    each of `METRICS`, NaN where unknown and never falling. Step i runs from `hours[i]` to
    `hours[i + 1]`; everything that is said about steps has shape (n - 1,).
    """

    series_id: str
    hours: np.ndarray
    counts: Mapping[str, np.ndarray]
    notes: tuple[str, ...] = ()
    category: str = ""
    _cache: dict[str, np.ndarray] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.hours)

    @property
    def step_hours(self) -> np.ndarray:
        """Length of every step in hours, shape (n - 1,)."""
        return np.diff(self.hours)

    @cached_property
    def typical_step_hours(self) -> float:
        """Median length of a step; 24 for daily counts. NaN with fewer than two points."""
        return float(np.median(self.step_hours)) if len(self) > 1 else float("nan")

    @property
    def is_subdaily(self) -> bool:
        """Whether the hour of the day can be told (steps of at most six hours)."""
        return self.typical_step_hours <= 6.0

    def known_metrics(self) -> tuple[str, ...]:
        """Metrics with at least two known counts."""
        return tuple(m for m in METRICS if np.count_nonzero(~np.isnan(self.counts[m])) >= 2)

    def increments(self, metric: str) -> np.ndarray:
        """What each step added, shape (n - 1,), never negative, NaN where unknown."""
        if metric not in self._cache:
            self._cache[metric] = np.maximum(np.diff(self.counts[metric]), 0.0)
        return self._cache[metric]

    def time_of(self, place: int) -> datetime:
        return _moment(self.hours[place])


def checked_series(
    *,
    series_id: str,
    times: Sequence[datetime],
    counts: Mapping[str, Sequence[float | None]],
    now: datetime,
    category: str = "",
) -> EngagementSeries:
    """Check and clean the observations of one post, in any order.

    :param times: aware datetimes. :param counts: any of `METRICS`, cumulative, as long as
        `times`; None and NaN are unknown.
    :param now: no observation may be later (a day's grace, for dates in other time zones).
    :raises SeriesRejected: `naive_time`, and all that `checked_arrays` raises.
    """
    for place, time in enumerate(times):
        if time.utcoffset() is None:
            raise SeriesRejected(
                "naive_time",
                f"Observation {place + 1}: {time.isoformat()} names no time zone; add one, "
                "such as Z for UTC.",
                place=place,
                metric="observed_at",
            )
    seconds = np.array([time.timestamp() for time in times], dtype=float)
    return checked_arrays(
        series_id=series_id,
        hours=seconds / SECONDS_PER_HOUR,
        counts=counts,
        now=now,
        category=category,
    )


def checked_arrays(
    *,
    series_id: str,
    hours: np.ndarray,
    counts: Mapping[str, Sequence[float | None] | np.ndarray],
    now: datetime,
    category: str = "",
) -> EngagementSeries:
    """What `checked_series` does, for times that are hours since 1970 in UTC, shape (n,).

    :raises SeriesRejected: `no_observations`, `unreadable_time`, `future_time`,
        `duplicate_time`, `unknown_metric`, `lengths_differ`, `unreadable_count`,
        `negative_count`, `infinite_count`, `count_too_large`, `no_counts`, `not_cumulative`
        (views fall too often and too far, or another count where views are unknown).
    """
    hours = np.asarray(hours, dtype=float)
    if not hours.size:
        raise SeriesRejected("no_observations", "The series has no observations.")
    _check_hours(hours, now)
    checked = check_counts(counts, len(hours))
    notes: list[str] = []
    order: np.ndarray | slice = slice(None)
    if np.any(np.diff(hours) <= 0):
        order = np.argsort(hours, kind="stable")
        _refuse_duplicates(hours, order)
        notes.append("The observations were put in the order of their times.")
    ordered = {metric: values[order] for metric, values in checked.items()}
    return EngagementSeries(
        series_id=series_id,
        hours=hours[order],
        counts=clean_counts(ordered, len(hours), notes),
        notes=tuple(notes),
        category=category,
    )


def _moment(hour: float) -> datetime:
    return EPOCH + timedelta(hours=float(hour))


def _check_hours(hours: np.ndarray, now: datetime) -> None:
    bad = ~np.isfinite(hours) | (hours < EARLIEST_HOUR)
    if bad.any():
        place = int(np.argmax(bad))
        raise SeriesRejected(
            "unreadable_time",
            f"Observation {place + 1} has no time that can be read.",
            place=place,
            metric="observed_at",
        )
    late = hours > now.timestamp() / SECONDS_PER_HOUR + 24.0
    if late.any():
        place = int(np.argmax(late))
        said = _moment(hours[place]).isoformat() if hours[place] < LATEST_HOUR else "Its time"
        raise SeriesRejected(
            "future_time",
            f"Observation {place + 1}: {said} is in the future.",
            place=place,
            metric="observed_at",
        )


def _refuse_duplicates(hours: np.ndarray, order: np.ndarray) -> None:
    same = np.flatnonzero(np.diff(hours[order]) <= 0)
    if same.size:
        first, second = sorted((int(order[same[0]]), int(order[same[0] + 1])))
        raise SeriesRejected(
            "duplicate_time",
            f"Observations {first + 1} and {second + 1} are both of "
            f"{_moment(hours[second]).isoformat()}; send one count per moment.",
            place=second,
            metric="observed_at",
        )
