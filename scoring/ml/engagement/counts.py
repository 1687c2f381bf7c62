"""Cumulative counts: what is refused, and what is tidied up with a note.

Checking refuses what cannot be a series of counts, naming the observation and the metric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

METRICS: Final = ("views", "likes", "comments", "shares")
LARGEST_COUNT: Final = 1e13
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


def check_counts(
    counts: Mapping[str, Sequence[float | None] | np.ndarray], rows: int
) -> dict[str, np.ndarray]:
    """Every given metric as floats, NaN where unknown.

    :raises SeriesRejected: `unknown_metric`, `lengths_differ`, `unreadable_count`,
        `negative_count`, `infinite_count`, `count_too_large`, `no_counts`.
    """
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


def clean_counts(
    checked: Mapping[str, np.ndarray], rows: int, notes: list[str]
) -> dict[str, np.ndarray]:
    """Every one of `METRICS`, never falling; what was changed is added to `notes`.

    A count that cannot be cumulative is left out where views are known.

    :param checked: in the order of time, from `check_counts`; changed in place.
    :raises SeriesRejected: `not_cumulative`.
    """
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
            words = f"{metric} fall in {falls.size} of {len(change)} steps"
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
