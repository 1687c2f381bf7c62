"""Planting bought counts in an organic series: the five patterns of seed document 002.

Every attack only adds counts, so that the steps at fault are known exactly; a purge takes
some of them away again. A pattern decides when counts arrive and for which metrics;
`AttackRanges` says how many, how evenly and how well disguised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.series import METRICS, EngagementSeries

Interval = tuple[float, float]
FEWEST_BOUGHT: Final = 10.0
"""Nobody sells fewer counts than this in one order."""

METRIC_CHOICES: Final = (
    ("views",),
    ("views", "likes"),
    ("likes",),
    ("likes", "comments"),
    METRICS,
    METRICS,
)


@dataclass(frozen=True)
class AttackRanges:
    """From where the parameters of an attack are drawn; several intervals are equally likely.

    `sizes` are multiples of what the post gained by itself in the series, `rates` multiples of
    its rate while the attack lasts (taken with `rate_share`); an attack is never below
    `smallest` of that gain. `jitter` is the log standard deviation of the delivery from step to
    step, `mimicry` the power to which delivery follows the organic rate (0 even, 1 alike).
    `variants` names the forms of each pattern.
    """

    sizes: tuple[Interval, ...]
    rates: tuple[Interval, ...]
    jitter: Interval
    mimicry: Interval
    window: Interval
    burst_hours: tuple[int, ...]
    burst_days: tuple[int, ...]
    variants: Mapping[str, tuple[str, ...]]
    rate_share: float = 0.4
    smallest: float = 0.2
    purge_share: float = 0.1


TRAINING_ATTACKS: Final = AttackRanges(
    sizes=((0.2, 0.5), (0.9, 4.5)),
    rates=((1.0, 2.0), (3.0, 6.0)),
    jitter=(0.0, 0.4),
    mimicry=(0.0, 0.6),
    window=(0.05, 0.7),
    burst_hours=(1, 2),
    burst_days=(1,),
    variants={
        "sudden_spike": ("one_step", "surge"),
        "off_peak_bursts": ("steady", "skipping"),
        "disconnected": ("views_only", "likes_only", "comments_only", "late"),
        "lockstep": ("drip", "rhythm"),
        "temporal_inconsistency": ("plateau", "reversed", "shuffled"),
    },
)
UNSEEN_ATTACKS: Final = AttackRanges(
    sizes=((0.5, 0.9), (4.5, 10.0)),
    rates=((2.0, 3.0), (6.0, 10.0)),
    jitter=(0.4, 0.8),
    mimicry=(0.6, 0.9),
    window=(0.7, 1.0),
    burst_hours=(3, 4),
    burst_days=(2, 3),
    variants={
        "sudden_spike": ("echo",),
        "off_peak_bursts": ("growing",),
        "disconnected": ("shares_only", "no_comments", "resurrection"),
        "lockstep": ("waves",),
        "temporal_inconsistency": ("staircase", "replay"),
    },
)
"""No interval, period or form in common with `TRAINING_ATTACKS`."""


@dataclass(frozen=True)
class _Plan:
    """Relative delivery of every step, shape (n - 1,), for the metrics it goes to.

    `own` holds the delivery of a metric that differs from `shape`; `exact` forbids any
    variation between metrics.
    """

    shape: np.ndarray
    metrics: tuple[str, ...]
    own: Mapping[str, np.ndarray] = field(default_factory=dict)
    exact: bool = False


def plant(
    example: LabelledSeries,
    pattern: str,
    rng: np.random.Generator,
    *,
    parameters: AttackRanges = TRAINING_ATTACKS,
) -> LabelledSeries:
    """A copy of an organic series with one attack in it.

    `fake_steps` marks the steps that planted counts arrive in, and no others; `attack` is the
    pattern's name.

    :raises ValueError: the series has fewer than two steps, no metric is known, or it already
        carries an attack.
    :raises KeyError: unknown pattern.
    """
    series = example.series
    if len(series) < 3 or not series.known_metrics():
        raise ValueError("An attack needs three observations and a known metric.")
    if example.is_fake:
        raise ValueError("The series already carries an attack.")
    variant = str(rng.choice(parameters.variants[pattern]))
    plan = _PLANS[pattern](series, variant, rng, parameters)
    planted = _delivered(series, plan, rng, parameters)
    purged = rng.random() < parameters.purge_share
    counts = dict(series.counts)
    for metric, added in planted.items():
        counts[metric] = _with_planted(series.counts[metric], added, purged, rng)
    steps = np.sum([added > 0 for added in planted.values()], axis=0) > 0
    return LabelledSeries(
        series=EngagementSeries(
            series.series_id, series.hours, counts, series.notes, series.category
        ),
        fake_steps=steps,
        attack=pattern,
        profile=example.profile,
    )


def _delivered(
    series: EngagementSeries, plan: _Plan, rng: np.random.Generator, ranges: AttackRanges
) -> dict[str, np.ndarray]:
    """Whole planted counts per metric and step; at least one of them is above zero."""
    size, rate = _drawn(ranges.sizes, rng), _drawn(ranges.rates, rng)
    by_rate = rng.random() < ranges.rate_share
    noise = np.exp(rng.normal(0.0, rng.uniform(*ranges.jitter), size=len(series) - 1))
    mimicry = 0.0 if plan.own else rng.uniform(*ranges.mimicry)
    known = tuple(m for m in plan.metrics if m in series.known_metrics())
    planted = {}
    for metric in known or series.known_metrics()[:1]:
        organic = _organic_rate(series, "views" if plan.exact else metric)
        shape = plan.own.get(metric, plan.shape) * noise * organic**mimicry
        # sellers of several metrics do not hit the post's own ratios
        bias = 1.0 if metric in known[:1] else np.exp(rng.normal(0.0, 0.5))
        gain = _gain(series, metric)
        total = gain * size * bias
        if by_rate:
            active = shape > 0.05 * shape.max()
            total = np.nansum(series.increments(metric)[active]) * rate * bias
        total = max(total, ranges.smallest * gain, FEWEST_BOUGHT)
        planted[metric] = _whole(shape, total)
    return planted


def _drawn(intervals: tuple[Interval, ...], rng: np.random.Generator) -> float:
    low, high = intervals[rng.integers(len(intervals))]
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _gain(series: EngagementSeries, metric: str) -> float:
    counts = series.counts[metric]
    known = counts[~np.isnan(counts)]
    return float(max(known[-1] - known[0], 0.02 * known[-1]))


def _organic_rate(series: EngagementSeries, metric: str) -> np.ndarray:
    """Organic rate per hour of every step relative to its mean, above zero; 1 where unknown."""
    if metric not in series.known_metrics():
        return np.ones(len(series) - 1)
    rate = series.increments(metric) / series.step_hours
    mean = np.nanmean(rate) if np.isfinite(rate).any() else 0.0
    if mean <= 0:
        return np.ones(len(rate))
    # mode "same" would answer two steps with three values
    smooth = np.convolve(np.nan_to_num(rate, nan=mean), [0.25, 0.5, 0.25])[1:-1]
    return np.asarray(np.maximum(smooth / mean, 0.02))


def _whole(shape: np.ndarray, total: float) -> np.ndarray:
    """`total` counts along `shape`, whole numbers whose running total never drifts."""
    arrived = np.round(np.cumsum(shape) * (round(total) / shape.sum()))
    return np.diff(arrived, prepend=0.0)


def _with_planted(
    counts: np.ndarray, added: np.ndarray, purged: bool, rng: np.random.Generator
) -> np.ndarray:
    total = counts + np.concatenate([[0.0], np.cumsum(added)])
    if purged:
        after = int(np.flatnonzero(added)[-1]) + 1
        start = int(rng.integers(after, len(total))) if after < len(total) - 1 else after
        total[start:] -= np.floor(added.sum() * rng.uniform(0.3, 0.95))
        # what an observer of running totals keeps: a purge shows as a standstill
        total = np.where(np.isnan(counts), np.nan, np.fmax.accumulate(total))
    return total


def _window(steps: int, rng: np.random.Generator, share: Interval) -> slice:
    length = min(steps, max(1, round(steps * rng.uniform(*share))))
    start = int(rng.integers(0, steps - length + 1))
    return slice(start, start + length)


def _chosen_metrics(rng: np.random.Generator) -> tuple[str, ...]:
    return METRIC_CHOICES[rng.integers(len(METRIC_CHOICES))]


def _surge(series: EngagementSeries, start: int, rng: np.random.Generator) -> np.ndarray:
    """A fast rise and a slower fall that begin with step `start`, over few steps."""
    since = np.arange(len(series) - 1) - start + 1.0
    # sudden means hours, or a day or two where steps are days
    fade = rng.uniform(0.5, 3.0) if series.is_subdaily else rng.uniform(0.2, 0.6)
    shape = np.where(since > 0, np.maximum(since, 0.0) ** rng.uniform(0.0, 1.5), 0.0)
    shape = shape * np.exp(-np.maximum(since, 0.0) / fade)
    return np.where(shape > 0.05 * shape.max(), shape, 0.0)


def _sudden_spike(
    series: EngagementSeries, variant: str, rng: np.random.Generator, ranges: AttackRanges
) -> _Plan:
    steps = len(series) - 1
    shape = np.zeros(steps)
    start = int(rng.integers(steps))
    if variant == "one_step":
        shape[start] = 1.0
    else:
        shape += _surge(series, start, rng)
    if variant == "echo":
        shape += rng.uniform(0.4, 1.0) * _surge(series, int(rng.integers(steps)), rng)
    return _Plan(shape, _chosen_metrics(rng))


def _off_peak_bursts(
    series: EngagementSeries, variant: str, rng: np.random.Generator, ranges: AttackRanges
) -> _Plan:
    middle = (series.hours[:-1] + series.hours[1:]) / 2.0
    days = int(rng.choice(ranges.burst_days))
    steps = np.arange(len(middle))
    shape = np.zeros(len(middle))
    if series.is_subdaily:
        start = _quiet_hour(series, middle, rng)
        lasts = int(rng.choice(ranges.burst_hours))
        night = np.floor((middle - start) / 24.0)
        on = ((middle - start) % 24.0 < lasts) & (night % days == 0)
    else:  # no hours to choose from: every second step or rarer
        night = np.floor_divide(steps, days + 1)
        on = steps % (days + 1) == 0
    if not on.any():
        on[rng.integers(len(on))] = True
    begin = int(rng.integers(0, max(1, len(steps) // 3)))
    on &= steps >= begin if on[begin:].any() else True
    shape[on] = 1.0
    nights, place = np.unique(night[on], return_inverse=True)
    strength = np.exp(rng.normal(0.0, 0.25, size=len(nights)))
    if variant == "skipping" and len(nights) > 3:
        strength[rng.random(len(nights)) < 0.25] = 0.0
        strength[rng.integers(len(nights))] = 1.0
    if variant == "growing":
        strength *= np.linspace(0.3, 1.0, len(nights))
    shape[on] *= strength[place]
    return _Plan(shape, _chosen_metrics(rng))


def _quiet_hour(series: EngagementSeries, middle: np.ndarray, rng: np.random.Generator) -> float:
    """One of the six quietest hours of the post's own day (UTC)."""
    rate = np.nan_to_num(_organic_rate(series, series.known_metrics()[0]))
    hour = (middle % 24.0).astype(int)
    seen = np.maximum(np.bincount(hour, minlength=24), 1)
    level = np.bincount(hour, weights=rate, minlength=24) / seen
    return float(rng.choice(np.argsort(level, kind="stable")[:6]))


def _disconnected(
    series: EngagementSeries, variant: str, rng: np.random.Generator, ranges: AttackRanges
) -> _Plan:
    steps = len(series) - 1
    only = {
        "views_only": ("views",),
        "likes_only": ("likes",),
        "comments_only": ("comments",),
        "shares_only": ("shares",),
        "no_comments": ("views", "likes"),
    }
    shape = np.zeros(steps)
    if variant in only:
        shape[_window(steps, rng, ranges.window)] = 1.0
        return _Plan(shape, only[variant])
    # long after interest had faded, everything comes back
    start = int(rng.uniform(0.6, 0.95) * steps)
    length = max(1, round(steps * rng.uniform(0.03, 0.3)))
    shape[start : start + length] = 1.0
    if variant == "resurrection":
        shape[start:] = np.exp(-np.arange(steps - start) / length)
        shape[shape < 0.05] = 0.0
    return _Plan(shape, _chosen_metrics(rng))


def _lockstep(
    series: EngagementSeries, variant: str, rng: np.random.Generator, ranges: AttackRanges
) -> _Plan:
    steps = len(series) - 1
    where = _window(steps, rng, ranges.window)
    shape = np.zeros(steps)
    shape[where] = 1.0
    if variant == "rhythm":
        shape[where] = np.exp(rng.normal(0.0, 0.8, size=where.stop - where.start))
    if variant == "waves":
        period = rng.uniform(3.0, 30.0)
        shape[where] = 1.05 + np.sin(np.arange(where.stop - where.start) * 2 * np.pi / period)
    return _Plan(shape, METRICS, exact=True)


def _temporal_inconsistency(
    series: EngagementSeries, variant: str, rng: np.random.Generator, ranges: AttackRanges
) -> _Plan:
    steps = len(series) - 1
    where = _window(steps, rng, ranges.window)
    metrics = _chosen_metrics(rng)
    shape = np.zeros(steps)
    shape[where] = series.step_hours[where]
    if variant == "plateau":
        return _Plan(shape, metrics)
    if variant == "staircase":  # delivered in lots
        lot = max(2, round(rng.uniform(0.04, 0.15) * steps))
        shape[where] = np.arange(where.stop - where.start) % lot == 0
        return _Plan(shape, metrics)
    own = {}
    for metric in metrics:
        if metric not in series.known_metrics():
            continue
        copied = np.nan_to_num(series.increments(metric)[where]) + 1e-3
        if variant == "reversed":
            copied = copied[::-1]
        elif variant == "shuffled":
            copied = rng.permutation(copied)
        else:  # the beginning of the post's life once more
            copied = (np.nan_to_num(series.increments(metric)) + 1e-3)[: len(copied)]
        own[metric] = np.zeros(steps)
        own[metric][where] = copied
    return _Plan(shape, metrics, own)


_PLANS: Final[
    dict[str, Callable[[EngagementSeries, str, np.random.Generator, AttackRanges], _Plan]]
] = {
    "sudden_spike": _sudden_spike,
    "off_peak_bursts": _off_peak_bursts,
    "disconnected": _disconnected,
    "lockstep": _lockstep,
    "temporal_inconsistency": _temporal_inconsistency,
}
