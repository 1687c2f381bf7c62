"""Features of an account's unexplained growth. Unknown is NaN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from scoring.ml.growth_changes import MAD_TO_SIGMA, Changes, is_daily, measure_changes, weekdays
from scoring.ml.growth_series import GrowthSeries
from scoring.ml.growth_spikes import JudgedGrowth, fading_share, reaction_rise

FEATURE_SET: Final = "growth-1"
FEATURES: Final = (
    "log_followers",
    "interval_days",
    "log_resolution_share",
    "monthly_growth",
    "consistency",
    "spikes_a_month",
    "spike_share",
    "largest_spike",
    "largest_spike_score",
    "spike_concentration",
    "spike_fading",
    "spike_reaction_rise",
    "reactions_per_follower_after",
    "reaction_elasticity",
    "reaction_drift",
    "purge_share",
    "spike_loss_share",
    "loss_share",
    "constancy",
    "level_shift",
    "constancy_after_shift",
    "reactions_after_shift",
    "weekday_share",
    "gain_persistence",
)
SHORTEST_PART: Final = 5


def features_of(growths: Sequence[JudgedGrowth]) -> np.ndarray:
    """(n, len(FEATURES)), NaN unknown; each series has at least two counts."""
    rows = np.full((len(growths), len(FEATURES)), np.nan)
    for place, growth in enumerate(growths):
        values = describe_growth(growth.unexplained)
        rows[place] = [values.get(name, np.nan) for name in FEATURES]
    return rows


def describe_growth(series: GrowthSeries) -> dict[str, float]:
    """Features by name. Shares are of all followers gained; growth is logarithmic."""
    changes = measure_changes(series)
    followers = np.maximum(series.followers, 1.0)
    span = max(float(changes.lengths.sum()), 1.0)
    values = {
        "log_followers": float(np.log(np.median(followers))),
        "interval_days": float(np.median(changes.lengths)),
        "log_resolution_share": float(np.log(changes.resolution / np.median(followers))),
        "monthly_growth": monthly_growth(series),
        "consistency": float(np.std(changes.rates)),
        "gain_persistence": _persistence(changes),
    }
    values |= _spike_features(series, changes, span)
    values |= _loss_features(changes)
    values |= _reaction_features(series)
    values |= _evenness_features(series, changes)
    return values


def monthly_growth(series: GrowthSeries) -> float:
    """Logarithmic growth in 30 days, over the whole series."""
    ends = np.maximum(series.followers[[0, -1]], 1.0)
    return float(np.log(ends[1] / ends[0]) / max(series.span_days, 1) * 30)


def _spike_features(series: GrowthSeries, changes: Changes, span: float) -> dict[str, float]:
    mask = changes.spikes()
    gained = float(np.clip(changes.gains, 0, None).sum())
    excess = np.clip(changes.excess, 0, None)
    scores = (changes.rates - changes.expected) / changes.scale
    values = {
        "spikes_a_month": float(mask.sum() / span * 30),
        "spike_share": float(excess[mask].sum() / gained) if gained else 0.0,
        "largest_spike": float(np.log1p(np.max(excess / changes.before))),
        "largest_spike_score": float(np.log1p(max(float(np.max(scores)), 0.0))),
    }
    if not mask.any():
        return values
    peak = int(np.argmax(np.where(mask, excess, -1.0)))
    near = slice(max(peak - 3, 0), peak + 8)
    values["spike_concentration"] = float(excess[peak] / max(excess[near].sum(), 1e-9))
    run = np.array([peak])
    values["spike_fading"] = fading_share(changes, run)
    values["spike_reaction_rise"] = _log(reaction_rise(series, run))
    day = series.days[peak + 1]
    values["reactions_per_follower_after"] = _shift(
        series, day - np.timedelta64(1, "D"), day + np.timedelta64(5, "D"), days=45
    )
    lost = np.clip(-changes.gains[peak + 1 :], 0, None)
    soon = (changes.days[peak + 1 :] - day).astype(int) <= 60
    values["spike_loss_share"] = float(lost[soon].sum() / max(excess[peak], 1.0))
    return values


def _loss_features(changes: Changes) -> dict[str, float]:
    gained = max(float(np.clip(changes.gains, 0, None).sum()), 1.0)
    lost = np.clip(-changes.gains, 0, None)
    return {
        "purge_share": float(lost[changes.purges()].sum() / gained),
        "loss_share": float(min(lost.sum() / gained, 10.0)),
    }


def _reaction_features(series: GrowthSeries) -> dict[str, float]:
    """How reactions follow the followers: in proportion for people, not at all for bots."""
    known = np.flatnonzero((series.engagement > 0) & (series.followers > 0))
    if len(known) < 3 * SHORTEST_PART:
        return {}
    size = np.log(series.followers[known])
    reactions = np.log(series.interactions[known])
    third = len(known) // 3
    drift = float(
        np.median(np.log(series.engagement[known[-third:]]))
        - np.median(np.log(series.engagement[known[:third]]))
    )
    growth = float(np.median(size[-third:]) - np.median(size[:third]))
    values = {"reaction_drift": drift}
    if abs(growth) > 0.02:
        change = float(np.median(reactions[-third:]) - np.median(reactions[:third]))
        values["reaction_elasticity"] = float(np.clip(change / growth, -5, 5))
    return values


def _evenness_features(series: GrowthSeries, changes: Changes) -> dict[str, float]:
    """Whether gains are too constant, and since when: machines deliver evenly."""
    quiet = ~changes.spikes() & ~changes.purges()
    daily = (changes.gains / changes.lengths)[quiet]
    if len(daily) < 2 * SHORTEST_PART:
        return {}
    values = {"constancy": _unevenness(daily)}
    shift, place = _largest_shift(daily)
    values["level_shift"] = shift
    values["constancy_after_shift"] = _unevenness(daily[place:])
    day = changes.days[quiet][place]
    values["reactions_after_shift"] = _shift(series, day, day + np.timedelta64(5, "D"), days=90)
    if is_daily(changes.lengths):
        values["weekday_share"] = _weekday_share(changes.days[quiet], daily)
    return values


def _unevenness(daily: np.ndarray) -> float:
    """Robust variation of consecutive gains over their median, logarithmic, -6 to 4."""
    if len(daily) < SHORTEST_PART:
        return float("nan")
    steps = np.abs(np.diff(daily)) / np.sqrt(2)
    variation = MAD_TO_SIGMA * float(np.median(steps)) / max(abs(float(np.median(daily))), 1.0)
    return float(np.clip(np.log(max(variation, 1e-6)), -6, 4))


def _largest_shift(daily: np.ndarray) -> tuple[float, int]:
    """Largest change of the median gain at one moment, in robust sigmas, and its place.

    Signed and logarithmic. Ranks of the cumulated deviations find the place (Pettitt 1979).
    """
    n = len(daily)
    ranks = np.argsort(np.argsort(daily, kind="stable"), kind="stable") + 1.0
    cumulated = np.cumsum(ranks - (n + 1) / 2)
    inside = slice(SHORTEST_PART - 1, n - SHORTEST_PART)
    place = SHORTEST_PART + int(np.argmax(np.abs(cumulated[inside])))
    before, after = daily[:place], daily[place:]
    spread = MAD_TO_SIGMA * float(
        np.median(np.abs(np.concatenate([before - np.median(before), after - np.median(after)])))
    )
    shift = float(np.median(after) - np.median(before)) / max(spread, 1.0)
    return float(np.sign(shift) * np.log1p(abs(shift))), place


def _weekday_share(days: np.ndarray, daily: np.ndarray) -> float:
    """Share of the variance of gains that weekdays account for, less what chance gives."""
    detrended = daily - np.median(daily)
    limit = 5 * MAD_TO_SIGMA * max(float(np.median(np.abs(detrended))), 1e-9)
    detrended = np.clip(detrended, -limit, limit)
    total = float(np.var(detrended))
    if total <= 0:
        return 0.0
    weekday = weekdays(days)
    means = np.array([detrended[weekday == day].mean() for day in weekday])
    return float(np.var(means) / total - 6 / max(len(daily) - 1, 7))


def _persistence(changes: Changes) -> float:
    """Rank correlation of a gain with the next one."""
    rates = changes.rates
    if len(rates) < 2 * SHORTEST_PART or np.ptp(rates) == 0:
        return float("nan")
    ranks = np.argsort(np.argsort(rates, kind="stable"), kind="stable").astype(float)
    return float(np.corrcoef(ranks[:-1], ranks[1:])[0, 1])


def _shift(series: GrowthSeries, until: np.datetime64, since: np.datetime64, *, days: int) -> float:
    """Log ratio of median reactions per follower after `since` to before `until`."""
    window = np.timedelta64(days, "D")
    rates = series.engagement
    known = rates > 0
    before = rates[known & (series.days <= until) & (series.days > until - window)]
    after = rates[known & (series.days >= since) & (series.days < since + window)]
    if len(before) < 2 or len(after) < 2:
        return float("nan")
    return float(np.log(np.median(after) / np.median(before)))


def _log(value: float) -> float:
    return float(np.log(value)) if value > 0 else float("nan")
