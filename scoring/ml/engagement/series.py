"""The engagement of one post over time: cumulative counts, checked and cleaned.

Checking refuses what cannot be a series of counts, naming the observation and the metric;
it repairs nothing silently: what was tidied up is listed in `EngagementSeries.notes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy as np

METRICS: Final = ("views", "likes", "comments", "shares")
LARGEST_COUNT: Final = 1e13
SECONDS_PER_HOUR: Final = 3600.0
CUMULATIVE_FALLS: Final = 0.25
"""Above this share of falling steps, counts are per period rather than cumulative."""


class SeriesRejected(ValueError):
    """The observations are no series of counts.

    `code` is for programs, `place` the observation at fault (0-based, None for all of them),
    `metric` the count at fault ("observed_at" for a time, None for neither).
    """

    def __init__(
        self, code: str, message: str, *, place: int | None = None, metric: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place
        self.metric = metric


@dataclass(frozen=True)
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

    @property
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
        return datetime.fromtimestamp(float(self.hours[place]) * SECONDS_PER_HOUR, tz=UTC)


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
    :raises SeriesRejected: `no_observations`, `unknown_metric`, `lengths_differ`, `naive_time`,
        `future_time`, `duplicate_time`, `negative_count`, `infinite_count`, `count_too_large`,
        `no_counts`, `not_cumulative` (more than a quarter of a metric's steps fall).
    """
    if not times:
        raise SeriesRejected("no_observations", "The series has no observations.")
    hours = _checked_hours(times, now)
    order = np.argsort(hours, kind="stable")
    _refuse_duplicates(hours, order, times)
    checked = _checked_counts(counts, len(times))
    notes: list[str] = []
    if np.any(np.diff(order) < 0):
        notes.append("The observations were put in the order of their times.")
    cleaned = {}
    for metric in METRICS:
        values = checked.get(metric)
        if values is None:
            cleaned[metric] = np.full(len(times), np.nan)
            continue
        cleaned[metric] = _never_falling(values[order], metric, notes)
    return EngagementSeries(
        series_id=series_id,
        hours=hours[order],
        counts=cleaned,
        notes=tuple(notes),
        category=category,
    )


def _checked_hours(times: Sequence[datetime], now: datetime) -> np.ndarray:
    hours = np.empty(len(times))
    latest = now.timestamp() / SECONDS_PER_HOUR + 24.0
    for place, time in enumerate(times):
        if time.tzinfo is None:
            raise SeriesRejected(
                "naive_time",
                f"Observation {place + 1}: {time.isoformat()} names no time zone; add one, "
                "such as Z for UTC.",
                place=place,
                metric="observed_at",
            )
        hours[place] = time.timestamp() / SECONDS_PER_HOUR
        if hours[place] > latest:
            raise SeriesRejected(
                "future_time",
                f"Observation {place + 1}: {time.isoformat()} is in the future.",
                place=place,
                metric="observed_at",
            )
    return hours


def _refuse_duplicates(hours: np.ndarray, order: np.ndarray, times: Sequence[datetime]) -> None:
    same = np.flatnonzero(np.diff(hours[order]) <= 0)
    if same.size:
        first, second = sorted((int(order[same[0]]), int(order[same[0] + 1])))
        raise SeriesRejected(
            "duplicate_time",
            f"Observations {first + 1} and {second + 1} are both of {times[second].isoformat()}; "
            "send one count per moment.",
            place=second,
            metric="observed_at",
        )


def _checked_counts(
    counts: Mapping[str, Sequence[float | None]], rows: int
) -> dict[str, np.ndarray]:
    checked = {}
    for metric, given in counts.items():
        if metric not in METRICS:
            raise SeriesRejected(
                "unknown_metric",
                f"{metric!r} is no metric; there are {', '.join(METRICS)}.",
                metric=metric,
            )
        if len(given) != rows:
            raise SeriesRejected(
                "lengths_differ",
                f"There are {rows} times but {len(given)} counts of {metric}.",
                metric=metric,
            )
        values = np.array([np.nan if value is None else value for value in given], dtype=float)
        for code, bad, words in (
            ("infinite_count", np.isinf(values), "is not a finite number"),
            ("negative_count", values < 0, "is below zero"),
            ("count_too_large", values > LARGEST_COUNT, f"exceeds {LARGEST_COUNT:.0e}"),
        ):
            if bad.any():
                place = int(np.flatnonzero(bad)[0])
                raise SeriesRejected(
                    code,
                    f"Observation {place + 1}: {metric} {words} ({values[place]:g}).",
                    place=place,
                    metric=metric,
                )
        checked[metric] = values
    if not checked or all(np.isnan(values).all() for values in checked.values()):
        raise SeriesRejected("no_counts", "No observation has a count.")
    return checked


def _never_falling(values: np.ndarray, metric: str, notes: list[str]) -> np.ndarray:
    """The counts with falls levelled out (platforms take spam away again), and a note of it."""
    known = np.flatnonzero(~np.isnan(values))
    falls = np.flatnonzero(np.diff(values[known]) < 0)
    if not falls.size:
        return values
    if falls.size > max(1, CUMULATIVE_FALLS * (len(known) - 1)):
        raise SeriesRejected(
            "not_cumulative",
            f"{metric} falls in {falls.size} of {len(known) - 1} steps, so these seem to be counts "
            "per period; send cumulative counts.",
            place=int(known[falls[0] + 1]),
            metric=metric,
        )
    levelled = values.copy()
    levelled[known] = np.maximum.accumulate(values[known])
    notes.append(
        f"{metric.capitalize()} fell {falls.size} time{'s' if falls.size > 1 else ''}; "
        "the count before was kept until it was passed again."
    )
    return levelled
