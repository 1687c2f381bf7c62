"""Changes between counts, what was to be expected, and which stand out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import median_filter

from scoring.ml.growth_series import GrowthSeries

LOCAL_WINDOW: Final = 31
OUTLIER_SCALES: Final = 6.0
MIN_FOLLOWERS: Final = 30.0
MIN_SHARE: Final = 0.005
MIN_LOSS_SHARE: Final = 0.003
MAD_TO_SIGMA: Final = 1.4826
DAILY_FOR_SEASON: Final = 28


@dataclass(frozen=True)
class Changes:
    """One entry per interval between two counts, all arrays of shape (n - 1,).

    days: the day of the later count. lengths: in days. before: followers at the earlier
    count, at least 1. gains: change in followers. rates: gains per day and follower before.
    expected: the local median rate with the weekday's share. scale: robust sigma of
    `rates - expected`. resolution: the step counts are rounded to, 1 where exact.
    """

    days: np.ndarray
    lengths: np.ndarray
    before: np.ndarray
    gains: np.ndarray
    rates: np.ndarray
    expected: np.ndarray
    scale: np.ndarray
    resolution: float

    @property
    def excess(self) -> np.ndarray:
        """Followers gained above what was to be expected."""
        return (self.rates - self.expected) * self.lengths * self.before

    def spikes(self) -> np.ndarray:
        """Mask of sudden gains by the robust rule, (n - 1,).

        Six robust sigmas above the expected rate, and worth it: at least 30 followers, two
        rounding steps, and half a per cent of the followers (more for longer intervals).
        """
        least = np.maximum(MIN_FOLLOWERS, 2 * self.resolution)
        share = MIN_SHARE * np.sqrt(np.clip(self.lengths, 1, 7)) * self.before
        stands_out = self.rates - self.expected > OUTLIER_SCALES * self.scale
        return np.asarray(stands_out & (self.excess >= np.maximum(least, share)))

    def purges(self) -> np.ndarray:
        """Mask of sudden losses by the same rule, (n - 1,)."""
        least = np.maximum(MIN_FOLLOWERS, 2 * self.resolution)
        stands_out = self.expected - self.rates > OUTLIER_SCALES * self.scale
        lost = -self.gains >= np.maximum(least, MIN_LOSS_SHARE * self.before)
        return np.asarray(stands_out & lost)


def measure_changes(series: GrowthSeries) -> Changes:
    """Changes of a series of at least two counts."""
    lengths = np.diff(series.days).astype(float)
    before = np.maximum(series.followers[:-1], 1.0)
    gains = np.diff(series.followers)
    rates = gains / lengths / before
    level = median_filter(rates, size=min(LOCAL_WINDOW, len(rates)), mode="nearest")
    expected = level + _weekday_shares(series.days[1:], lengths, rates - level)
    residuals = rates - expected
    resolution = rounding_step(series.followers)
    # Chance alone moves a count by its root, and rounding by a step.
    chance = np.sqrt(np.maximum(np.abs(level) * lengths * before, 1.0) + resolution**2 / 6)
    spread = MAD_TO_SIGMA * float(np.median(np.abs(residuals)))
    scale = np.maximum(spread, chance / lengths / before)
    return Changes(series.days[1:], lengths, before, gains, rates, expected, scale, resolution)


def document_spike_days(followers: np.ndarray) -> np.ndarray:
    """Mask of unusual changes by document 001's rule, (n - 1,); its sum is `count_spikes`.

    Changes above their mean plus two population standard deviations.
    """
    changes = np.diff(followers)
    threshold = changes.mean() + 2 * changes.std() + 1e-9 * followers.max()
    return np.asarray(changes > threshold)


def rounding_step(followers: np.ndarray) -> float:
    """The largest power of ten that divides 95 % of the counts; platforms show 1.23M."""
    step = 1.0
    while step < 1e8:
        whole = np.mod(followers, 10 * step) == 0
        if np.mean(whole) < 0.95 or np.max(followers) < 10 * step:
            break
        step *= 10
    return step


def is_daily(lengths: np.ndarray) -> bool:
    """Whether weekdays can be told apart: nearly all intervals are one day, for four weeks."""
    return len(lengths) >= DAILY_FOR_SEASON and float(np.mean(lengths == 1)) > 0.9


def weekdays(days: np.ndarray) -> np.ndarray:
    """0 for Monday to 6 for Sunday, (n,); 1970-01-01 was a Thursday."""
    return np.asarray((days.astype("datetime64[D]").astype(int) + 3) % 7)


def _weekday_shares(days: np.ndarray, lengths: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    """Median residual of each weekday, shrunk while few of it are known; 0 unless daily."""
    shares = np.zeros(len(residuals))
    if not is_daily(lengths):
        return shares
    weekday = weekdays(days)
    for day in range(7):
        on_day = weekday == day
        count = int(on_day.sum())
        if count:
            shares[on_day] = float(np.median(residuals[on_day])) * count / (count + 4)
    return shares
