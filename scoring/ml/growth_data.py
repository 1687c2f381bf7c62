"""Files of growth: weekly new followers of channels, or counts by day."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from scoring.ml.growth_series import BadGrowthSeries, GrowthSeries, make_series
from scoring.ml.tables import Layout, Table, TableError, read_table

IDS: Final = ("channel_id", "account_id", "id")
DAYS: Final = ("week", "day", "date")
LAYOUT: Final = Layout(
    numbers=(
        "new_followers", "new_views", "followers", "engagement_rate", "is_fake",
    ),
    texts=(*IDS, *DAYS),
    needed_any=("new_followers", "followers"),
)  # fmt: skip
STEPS_IN_COUNT: Final = 316


@dataclass(frozen=True)
class NamedSeries:
    """`is_fake` is None where the file has no label. `weekly` reactions are views."""

    id: str
    series: GrowthSeries
    is_fake: bool | None


def read_series(path: Path) -> list[NamedSeries]:
    """The series of a file, by id.

    With `followers` the counts are taken as they stand (and `engagement_rate` beside them);
    with `new_followers` alone they are added up from a level read off the rounding
    (`starting_level`), and `new_views` are the reactions.

    :raises TableError: not such a file, a bad day, or a count that cannot be.
    """
    table = read_table(path, LAYOUT)
    ids, days = _texts(path, table, IDS), _texts(path, table, DAYS)
    dates = pd.to_datetime(pd.Series(days), format="ISO8601", errors="coerce").to_numpy()
    bad = np.flatnonzero(np.isnat(dates))
    if bad.size:
        raise TableError(f"{path}, row {bad[0] + 2}: {days[bad[0]]!r} is no day.")
    dates = dates.astype("datetime64[D]")
    by_id: dict[str, list[int]] = {}
    for row, name in enumerate(ids):
        by_id.setdefault(name, []).append(row)
    return [_named(path, table, name, np.array(rows), dates) for name, rows in by_id.items()]


def starting_level(gains: np.ndarray) -> float:
    """A plausible count before the first gain, when only gains are known.

    Platforms round counts to three figures, so gains are whole steps of a thousandth to a
    hundredth of the count: the count is near 316 steps (the middle of 100 to 999) at the
    end, if that leaves the count positive throughout.
    """
    step = 1.0
    late = gains[-52:][gains[-52:] != 0]
    while len(late) and step < 1e8 and np.mean(np.mod(late, 10 * step) == 0) >= 0.9:
        step *= 10
    added = np.cumsum(gains)
    middle = STEPS_IN_COUNT * step
    floor = 0.1 * float(np.ptp(added)) - float(added.min())
    return float(max(middle - added[-1], floor, 1_000.0))


def _named(path: Path, table: Table, name: str, rows: np.ndarray, dates: np.ndarray) -> NamedSeries:
    rows = rows[np.argsort(dates[rows], kind="stable")]
    labels = table.number("is_fake")[rows]
    known = labels[~np.isnan(labels)]
    try:
        series = _series(table, rows, dates[rows])
    except BadGrowthSeries as error:
        raise TableError(f"{path}, series {name}: {error}") from error
    return NamedSeries(name, series, bool(known.max() > 0) if len(known) else None)


def _series(table: Table, rows: np.ndarray, dates: np.ndarray) -> GrowthSeries:
    if "followers" in table.columns:
        rates = table.number("engagement_rate")[rows]
        return make_series(dates, table.number("followers")[rows], rates)
    gains = np.nan_to_num(table.number("new_followers")[rows])
    views = table.number("new_views")[rows]
    views = np.where(views > 0, views, np.nan)
    counts = np.maximum(starting_level(gains) + np.cumsum(gains), 0.0)
    return make_series(dates, counts, views / np.maximum(counts, 1.0))


def _texts(path: Path, table: Table, names: tuple[str, ...]) -> list[str]:
    for name in names:
        if name in table.columns:
            column = table.text(name)
            if missing := [row for row, value in enumerate(column) if value is None]:
                raise TableError(f"{path}, row {missing[0] + 2}, column {name} is empty.")
            return [str(value) for value in column]
    raise TableError(f"{path} has none of the columns {', '.join(names)}.")
