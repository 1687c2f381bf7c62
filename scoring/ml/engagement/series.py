"""The engagement of one post over time: cumulative counts, checked and cleaned.

Checking refuses what cannot be a series of counts, naming the observation and the metric;
it repairs nothing silently: what was tidied up is listed in `EngagementSeries.notes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

METRICS: Final = ("views", "likes", "comments", "shares")
LARGEST_COUNT: Final = 1e13
SECONDS_PER_HOUR: Final = 3600.0
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST_HOUR: Final = (datetime(1, 1, 2, tzinfo=UTC) - EPOCH).total_seconds() / 3600.0
LATEST_HOUR: Final = (datetime(9999, 12, 30, tzinfo=UTC) - EPOCH).total_seconds() / 3600.0
FALLING_STEPS: Final = 0.25
FALLEN_SHARE: Final = 0.25
"""Counts are per period rather than cumulative when more than this share of the steps fall and
the falls together exceed this share of the largest count. Platforms take spam away often but
little: one of the two alone refuses real series."""


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
    checked = _checked_counts(counts, len(hours))
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
        counts=_cleaned_counts(ordered, len(hours), notes),
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


def _checked_counts(
    counts: Mapping[str, Sequence[float | None] | np.ndarray], rows: int
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
        values = _floats(given, metric)
        # one comparison tells whether any of the three is wrong; NaN compares as fine
        if ((values < 0) | (values > LARGEST_COUNT)).any():
            _refuse_count(values, metric)
        checked[metric] = values
    if all(np.isnan(values).all() for values in checked.values()):
        raise SeriesRejected("no_counts", "No observation has a count.")
    return checked


def _floats(given: Sequence[float | None] | np.ndarray, metric: str) -> np.ndarray:
    try:
        values = np.array(given, dtype=float)  # None becomes NaN
        if values.ndim == 1:
            return values
    except (TypeError, ValueError, OverflowError):
        pass
    for place, value in enumerate(given):
        try:
            readable = np.ndim(float("nan") if value is None else float(value)) == 0
        except (TypeError, ValueError, OverflowError):
            readable = False
        if not readable:
            raise SeriesRejected(
                "unreadable_count",
                f"Observation {place + 1}: {metric} is not a number ({str(value)[:40]!r}).",
                place=place,
                metric=metric,
            )
    raise SeriesRejected("unreadable_count", f"{metric} is no list of numbers.", metric=metric)


def _refuse_count(values: np.ndarray, metric: str) -> None:
    for code, bad, words in (
        ("infinite_count", np.isinf(values), "is not a finite number"),
        ("negative_count", values < 0, "is below zero"),
        ("count_too_large", values > LARGEST_COUNT, f"exceeds {LARGEST_COUNT:.0e}"),
    ):
        if bad.any():
            place = int(np.argmax(bad))
            raise SeriesRejected(
                code,
                f"Observation {place + 1}: {metric} {words} ({values[place]:g}).",
                place=place,
                metric=metric,
            )


def _cleaned_counts(
    checked: Mapping[str, np.ndarray], rows: int, notes: list[str]
) -> dict[str, np.ndarray]:
    """Every metric, never falling; a count that cannot be cumulative is unknown beside views."""
    cleaned = {metric: np.full(rows, np.nan) for metric in METRICS}
    # views first: they decide whether another metric may be left out
    for metric in METRICS:
        values = checked.get(metric)
        if values is None:
            continue
        unknown = np.isnan(values)
        known = np.flatnonzero(~unknown) if unknown.any() else np.arange(rows)
        change = np.diff(values[known])
        if not (change < 0).any():
            cleaned[metric] = values
            continue
        if metric != "views" and (off := _turned_off(values[known])) is not None:
            notes.append(f"{metric.capitalize()} fell to 0 for good; unknown from there.")
            values[known[off] :] = np.nan
            known, change = known[:off], change[: off - 1]
        falls = np.flatnonzero(change < 0)
        if _is_per_period(values[known], change, falls):
            words = f"{metric} falls in {falls.size} of {len(change)} steps"
            if metric == "views" or np.isnan(cleaned["views"]).all():
                raise SeriesRejected(
                    "not_cumulative",
                    f"{words}, so these seem to be counts per period; send cumulative counts.",
                    place=int(known[falls[0] + 1]),
                    metric=metric,
                )
            notes.append(f"{words}, which no running total does; it was left out.".capitalize())
            continue
        if falls.size:
            values[known] = np.maximum.accumulate(values[known])
            notes.append(
                f"{metric.capitalize()} fell {falls.size} time{'s' if falls.size > 1 else ''}; "
                "the count before was kept until it was passed again."
            )
        cleaned[metric] = values
    return cleaned


def _turned_off(known: np.ndarray) -> int | None:
    """From which known count on a metric is 0 although it was not: switched off, not lost."""
    if known[-1] > 0:
        return None
    return int(np.flatnonzero(known > 0)[-1]) + 1


def _is_per_period(known: np.ndarray, change: np.ndarray, falls: np.ndarray) -> bool:
    often = falls.size > max(1.0, FALLING_STEPS * len(change))
    return often and float(-change[falls].sum()) > FALLEN_SHARE * float(known.max())
