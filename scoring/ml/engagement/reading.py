"""Reading files of engagement series.

One row is one observation of one video: `video_id`, `observed_at` or `date`, cumulative
`views`, `likes`, `comments`, `shares`, and optionally `category` and `is_fake`; other columns
are ignored. A date is midnight UTC, a time without a zone is UTC. A series that is none
becomes a named refusal and leaves the others alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from scoring.ml.engagement.series import (
    EARLIEST_HOUR,
    EPOCH,
    LARGEST_COUNT,
    METRICS,
    SECONDS_PER_HOUR,
    EngagementSeries,
    SeriesRejected,
    checked_arrays,
)
from scoring.ml.tables import UNKNOWN_TEXT, Layout, Table, TableError, read_table

TIMES: Final = ("observed_at", "date")
LAYOUT: Final = Layout(
    numbers=(),
    # counts are read as text, so that one bad cell refuses its series and not the file
    texts=("video_id", *TIMES, *METRICS, "category", "is_fake"),
    needed=("video_id",),
    needed_any=TIMES,
)


@dataclass(frozen=True)
class ReadSeries:
    """A usable series of a file, with its label.

    `is_fake` is None where the file does not say. A row's label is about the step that ends at
    its observation: `fake_steps` is of shape (n - 1,), and None where only the whole video is
    labelled (every row says 1) or some rows say nothing.
    """

    series: EngagementSeries
    is_fake: bool | None
    fake_steps: np.ndarray | None


@dataclass(frozen=True)
class RefusedSeries:
    """A series that cannot be judged; `row` is the line of the file at fault, if one is."""

    series_id: str
    reason: SeriesRejected
    is_fake: bool | None
    row: int | None


@dataclass(frozen=True)
class SeriesFile:
    """Both parts are in the order in which their first rows stand in the file."""

    rows: int
    series: tuple[ReadSeries, ...]
    refused: tuple[RefusedSeries, ...]


@dataclass(frozen=True)
class _Columns:
    """The rows of a file by video and time; `row` is the line each of them stood in.

    `unreadable` tells per column which cells hold something that is no number or time.
    """

    row: np.ndarray
    hours: np.ndarray
    counts: dict[str, np.ndarray]
    unreadable: dict[str, np.ndarray]
    categories: np.ndarray
    labels: np.ndarray


def read_series(path: Path, *, now: datetime | None = None) -> SeriesFile:
    """Every series of a .csv or .csv.gz file.

    :param now: no observation may be later; the moment of reading if not given.
    :raises TableError: the file is not in this layout, an `is_fake` is neither 0 nor 1, or no
        series in it can be used.
    """
    table = read_table(path, LAYOUT)
    if not set(METRICS) & set(table.columns):
        raise TableError(f"{path} has none of the columns {', '.join(METRICS)}.")
    labels = _labels(path, table)
    ids = table.text("video_id")
    named = ids != np.array(None)
    codes, names = pd.factorize(ids)
    hours, bad_time = _hours(table)
    # rows without an id have code -1 and come first
    order = np.lexsort((hours, codes))
    columns = _sorted_columns(table, hours, bad_time, labels, order)
    edges = np.flatnonzero(np.diff(codes[order], prepend=-2, append=len(names)))
    until = now or datetime.now(UTC)
    suspect = _suspect_rows(columns, codes[order], until)
    usable: list[ReadSeries] = []
    refused: list[RefusedSeries] = []
    if not named.all():
        refused.append(_without_id(int(np.flatnonzero(~named)[0]) + 2, int((~named).sum())))
        edges = edges[1:]
    any_suspect = np.add.reduceat(suspect, edges[:-1]) > 0 if len(edges) > 1 else np.array([])
    for name, first, end, careful in zip(
        names, edges[:-1].tolist(), edges[1:].tolist(), any_suspect.tolist(), strict=True
    ):
        part = slice(first, end)
        is_fake, fake_steps = _label(columns.labels[part])
        try:
            series = _series(str(name), columns, part, until if careful else None)
        except SeriesRejected as reason:
            row = None if reason.place is None else int(columns.row[part][reason.place])
            refused.append(RefusedSeries(str(name), reason, is_fake, row))
        else:
            usable.append(ReadSeries(series, is_fake, fake_steps))
    if not usable:
        first = refused[0]
        where = f", row {first.row}" if first.row else ""
        raise TableError(
            f"{path}{where}: none of the {len(refused)} series can be used; the first, "
            f"{first.series_id or 'without video_id'}: {first.reason.message}"
        )
    return SeriesFile(rows=table.rows, series=tuple(usable), refused=tuple(refused))


def _series(
    name: str, columns: _Columns, part: slice, checked_until: datetime | None
) -> EngagementSeries:
    """A series that was found clean as a whole is only wrapped; any other is checked."""
    category = next((text for text in columns.categories[part] if text is not None), "")
    hours = columns.hours[part]
    counts = {metric: values[part] for metric, values in columns.counts.items()}
    if checked_until is None:
        for metric in METRICS:
            if metric not in counts:
                counts[metric] = np.full(len(hours), np.nan)
        return EngagementSeries(name, hours, counts, (), category)
    for metric, bad in columns.unreadable.items():
        if bad[part].any():
            place = int(np.argmax(bad[part]))
            code = "unreadable_time" if metric == "observed_at" else "unreadable_count"
            raise SeriesRejected(
                code,
                f"Observation {place + 1}: {metric} cannot be read.",
                place=place,
                metric=metric,
            )
    return checked_arrays(
        series_id=name, hours=hours, counts=counts, now=checked_until, category=category
    )


def _sorted_columns(
    table: Table, hours: np.ndarray, bad_time: np.ndarray, labels: np.ndarray, order: np.ndarray
) -> _Columns:
    counts, unreadable = {}, {"observed_at": bad_time[order]}
    for metric in METRICS:
        if metric in table.columns:
            values, bad = _numbers(table.text(metric))
            counts[metric], unreadable[metric] = values[order], bad[order]
    return _Columns(
        row=order + 2,
        hours=hours[order],
        counts=counts,
        unreadable=unreadable,
        categories=table.text("category")[order],
        labels=labels[order],
    )


def _suspect_rows(columns: _Columns, codes: np.ndarray, now: datetime) -> np.ndarray:
    """Rows that anything could be wrong with; their series get the whole check."""
    suspect = ~(columns.hours <= now.timestamp() / SECONDS_PER_HOUR)
    suspect |= columns.hours < EARLIEST_HOUR
    same = np.diff(codes, prepend=-2) == 0
    suspect |= same & (np.diff(columns.hours, prepend=np.nan) <= 0)
    known = np.zeros(len(codes), dtype=bool)
    for metric, values in columns.counts.items():
        unknown = np.isnan(values)
        # a fall may hide behind an unknown count: those series are looked at one by one
        suspect |= same & ~(np.diff(values, prepend=np.nan) >= 0) & ~_all_unknown(unknown, codes)
        suspect |= (values < 0) | (values > LARGEST_COUNT) | columns.unreadable[metric]
        known |= ~unknown
    return suspect | columns.unreadable["observed_at"] | _all_unknown(~known, codes)


def _all_unknown(unknown: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Per row, whether every row of its video is unknown."""
    groups = codes + 1
    left = np.bincount(groups, weights=~unknown)
    return np.asarray(left[groups] == 0)


def _numbers(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Floats with NaN for unknown, and which cells hold something that is no number."""
    column = pd.Series(cells)
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, copy=True)
    bad = np.isnan(values) & column.notna().to_numpy()
    if bad.any():
        bad &= ~column.isin(UNKNOWN_TEXT).to_numpy()
    return values, bad


def _hours(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Hours since 1970 in UTC, and which cells hold no time."""
    cells = table.text("observed_at")
    if "observed_at" in table.columns and "date" in table.columns:
        cells = np.where(cells == np.array(None), table.text("date"), cells)
    elif "date" in table.columns:
        cells = table.text("date")
    places, texts = pd.factorize(cells)  # far fewer moments than rows, as a rule
    moments = pd.Series(
        pd.to_datetime(pd.Series(texts), format="ISO8601", utc=True, errors="coerce")
    )
    found = (moments - pd.Timestamp(EPOCH)).dt.total_seconds().to_numpy() / SECONDS_PER_HOUR
    for place in np.flatnonzero(np.isnan(found)):
        found[place] = _far_hour(str(texts[place]))  # years that pandas cannot hold
    hours = np.append(found, np.nan)[places]
    return hours, np.isnan(hours)


def _far_hour(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return float("nan")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - EPOCH).total_seconds() / SECONDS_PER_HOUR


def _labels(path: Path, table: Table) -> np.ndarray:
    cells = pd.Series(table.text("is_fake")).str.lower().replace({"true": "1", "false": "0"})
    values, bad = _numbers(cells.to_numpy(dtype=object))
    bad |= ~np.isnan(values) & (values != 0) & (values != 1)
    if bad.any():
        row = int(np.argmax(bad))
        raise TableError(
            f"{path}, row {row + 2}, column is_fake: {str(cells[row])[:40]!r} is neither 0 nor 1; "
            "leave the cell empty where it is unknown."
        )
    return values


def _label(labels: np.ndarray) -> tuple[bool | None, np.ndarray | None]:
    fake = labels == 1
    unknown = np.isnan(labels)
    if fake.any():
        # no step ends at the first observation, so its label is about no step
        steps_known = not unknown[1:].any() and not fake.all() and bool(fake[1:].any())
        return True, fake[1:] if steps_known else None
    if unknown.any():
        return None, None
    return False, fake[1:]


def _without_id(row: int, rows: int) -> RefusedSeries:
    reason = SeriesRejected(
        "no_video_id", f"Row {row} names no video_id ({rows} such rows).", metric="video_id"
    )
    return RefusedSeries("", reason, None, row)
