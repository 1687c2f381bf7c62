"""Engagement at hours the post's own audience sleeps, and bursts that keep to one hour.

The organic cycle is what two harmonics of 24 hours explain of the post's own rates, so an
audience of night owls has its night by day. What is left is summed per night over the hours
of sleep, and per hour of the day over a week: chance averages out, a timer adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from scoring.ml.engagement.rates import (
    HOURS_PER_DAY,
    StepRates,
    highest,
    mid_hours,
    speaking_metrics,
    step_rates,
)
from scoring.ml.engagement.series import EngagementSeries

FEWEST_DAYS: Final = 3.0
WEEK: Final = 7
SLEEP_HOURS: Final = 6
WEAKEST_CYCLE: Final = 0.2
"""Smallest swing of the log rate from which hours of sleep can be told."""
CLIPPED: Final = (-2.0, 4.0)
"""One burst alone must not pass for a habit."""


@dataclass(frozen=True)
class HourOfDay:
    """Score of a step: the excess of its night or of its hour of the day, in normal units.

    NaN for steps longer than six hours and for series of less than three days.
    """

    name: str = "hour_of_day"

    def score(self, series: EngagementSeries) -> np.ndarray:
        steps = max(len(series) - 1, 0)
        if not series.is_subdaily or np.ptp(series.hours) < FEWEST_DAYS * HOURS_PER_DAY:
            return np.full(steps, np.nan)
        hours = mid_hours(series)
        parts = [_metric_score(step_rates(series, m), hours) for m in speaking_metrics(series)]
        return highest(parts, steps)


def sleeping_hours(cycle_by_hour: np.ndarray) -> np.ndarray:
    """Which of the 24 hours lie in the six with the least expected engagement, bool (24,)."""
    asleep = np.zeros(24, dtype=bool)
    if np.ptp(cycle_by_hour) >= WEAKEST_CYCLE:
        around = np.concatenate([cycle_by_hour, cycle_by_hour[: SLEEP_HOURS - 1]])
        first = int(np.argmin(np.convolve(around, np.ones(SLEEP_HOURS), mode="valid")))
        asleep[(first + np.arange(SLEEP_HOURS)) % 24] = True
    return asleep


def _metric_score(rates: StepRates, hours: np.ndarray) -> np.ndarray:
    known = np.isfinite(rates.z)
    if not known.any():
        return np.full(len(hours), np.nan)
    hour = np.floor(hours % HOURS_PER_DAY).astype(int)
    counted = np.bincount(hour, minlength=24)
    by_hour = np.bincount(hour, weights=rates.cycle, minlength=24) / np.maximum(counted, 1)
    asleep = sleeping_hours(by_hour) & (counted > 0)
    # Days begin when sleep ends, so that no night is cut in two.
    ends = _end_of_sleep(asleep)
    day = np.floor((hours - ends) / HOURS_PER_DAY).astype(int)
    day -= day.min()
    cell = day * 24 + hour
    size = (int(day.max()) + 1) * 24
    clipped = np.clip(np.where(known, rates.z, 0.0), *CLIPPED)
    sums = np.bincount(cell, weights=clipped, minlength=size).reshape(-1, 24)
    numbers = np.bincount(cell, weights=known.astype(float), minlength=size).reshape(-1, 24)
    habit = _habit(sums, numbers)
    night = sums[:, asleep].sum(axis=1) / np.sqrt(np.maximum(numbers[:, asleep].sum(axis=1), 1.0))
    excess = np.maximum(habit[day, hour], np.where(asleep[hour], night[day], 0.0))
    rising = np.clip(np.nan_to_num(rates.z), 0.0, 1.0)
    return np.where(known, np.maximum(excess, 0.0) * rising, np.nan)


def _habit(sums: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Per day and hour the week's excess of that hour, less that of the hours around it."""
    week = min(WEEK, len(sums))
    total = uniform_filter1d(sums, week, axis=0, mode="constant") * week
    number = uniform_filter1d(numbers, week, axis=0, mode="constant") * week
    excess = total / np.sqrt(np.maximum(number, 1.0))
    excess[number < min(FEWEST_DAYS, week)] = 0.0
    around = (np.roll(excess, 3, axis=1) + np.roll(excess, -3, axis=1)) / 2.0
    return np.asarray(excess - np.maximum(around, 0.0))


def _end_of_sleep(asleep: np.ndarray) -> float:
    """The hour after the last hour of sleep; 0 where none is known."""
    last = np.flatnonzero(asleep & ~np.roll(asleep, -1))
    return float((last[0] + 1) % 24) if last.size else 0.0


DETECTOR = HourOfDay()
