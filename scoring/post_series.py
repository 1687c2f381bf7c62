"""The counts of posts over time, as they were known at one moment.

Readers take ``as_of`` and use nothing observed or recorded later. A count that was recorded
again for the same moment is a correction: the latest recording holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from scoring.ml.engagement.series import (
    METRICS,
    EngagementSeries,
    SeriesRejected,
    checked_series,
)

FEWEST_OBSERVATIONS = 5
"""Posts counted less often are not read at all: nothing can be said about them."""

MOST_OBSERVATIONS = 10_000
"""More than a year of hours, or 27 years of days; some detectors take the square of it."""

OBSERVATIONS = f"""
SELECT DISTINCT ON (post_id, observed_at) post_id, observed_at, {", ".join(METRICS)}
FROM accounts_postmetric
WHERE post_id = ANY(%(ids)s) AND observed_at <= %(as_of)s AND recorded_at <= %(as_of)s
ORDER BY post_id, observed_at, recorded_at DESC
"""  # noqa: S608 (the columns are the constants above)


@dataclass(frozen=True)
class Observations:
    """Cumulative counts at some moments, as they came; None is unknown.

    ``counts`` holds a list for any of `METRICS`, each as long as ``times``.
    """

    times: Sequence[datetime]
    counts: Mapping[str, Sequence[float | None]]

    def __len__(self) -> int:
        return len(self.times)


def read_observations(post_ids: Sequence[int], *, as_of: datetime) -> dict[int, Observations]:
    """Post id → what was observed, in order of time; posts without counts are left out.

    One query.
    """
    rows: dict[int, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(OBSERVATIONS, {"ids": list(post_ids), "as_of": as_of})
        for post_id, *row in cursor.fetchall():
            rows.setdefault(post_id, []).append(tuple(row))
    return {post_id: _observations(own) for post_id, own in rows.items()}


def checked_observations(
    observations: Observations, *, series_id: str, now: datetime
) -> EngagementSeries:
    """The observations as a series a model can read.

    :raises SeriesRejected: as `checked_series`, or `too_many_observations`.
    """
    if len(observations) > MOST_OBSERVATIONS:
        raise SeriesRejected(
            "too_many_observations",
            f"There are {len(observations):,} observations; at most {MOST_OBSERVATIONS:,} are "
            "read. Send fewer, such as one a day.",
        )
    return checked_series(
        series_id=series_id, times=observations.times, counts=observations.counts, now=now
    )


def observations_snapshot(observations: Observations) -> dict[str, Any]:
    """The observations in a small JSON-ready form: the first time, seconds after it, counts."""
    start = observations.times[0]
    return {
        "start": start.isoformat(),
        "seconds": [_plain((time - start).total_seconds()) for time in observations.times],
        **{
            metric: list(values)
            for metric, values in observations.counts.items()
            if any(value is not None for value in values)
        },
    }


def observations_of(snapshot: Mapping[str, Any]) -> Observations:
    """The reverse of `observations_snapshot`."""
    start = datetime.fromisoformat(snapshot["start"])
    return Observations(
        times=[start + timedelta(seconds=seconds) for seconds in snapshot["seconds"]],
        counts={metric: snapshot[metric] for metric in METRICS if metric in snapshot},
    )


def _observations(rows: list[tuple[Any, ...]]) -> Observations:
    times, *counts = zip(*rows, strict=True)
    known = {
        metric: list(values)
        for metric, values in zip(METRICS, counts, strict=True)
        if any(value is not None for value in values)
    }
    return Observations(times=list(times), counts=known)


def _plain(seconds: float) -> float | int:
    return int(seconds) if seconds.is_integer() else seconds
