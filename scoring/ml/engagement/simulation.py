"""Simulated engagement series, organic and with planted fake counts (seed document 002).

Simulated, not observed: see docs/engagement-simulator.md for what is assumed. Nothing here
may be used by a feature or a detector.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from scipy.signal import lfilter

from scoring.ml.engagement.attacks import TRAINING_ATTACKS, AttackRanges, plant
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.profiles import (
    CATEGORIES,
    HARD_NEGATIVES,
    PROFILES,
    Audience,
    daily_rhythm,
)
from scoring.ml.engagement.series import EPOCH, METRICS, EngagementSeries, checked_arrays

FIRST_HOUR: Final = (datetime(2023, 1, 2, tzinfo=UTC) - EPOCH).total_seconds() / 3600.0
SPREAD_HOURS: Final = 2 * 365 * 24
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SimulatorSettings:
    """What is simulated; shares are of all series unless said otherwise.

    `hard_share` of the organic audiences have a hard negative. Hourly series have
    `hourly_points`, daily ones `daily_points`, both drawn evenly in log.
    """

    fake_share: float = 0.5
    hard_share: float = 0.45
    daily_share: float = 0.15
    irregular_share: float = 0.12
    missing_share: float = 0.25
    hourly_points: tuple[int, int] = (48, 720)
    daily_points: tuple[int, int] = (7, 90)
    log10_views: tuple[float, float] = (2.0, 7.0)
    profiles: tuple[str, ...] = tuple(PROFILES)
    hard_negatives: tuple[str, ...] = tuple(HARD_NEGATIVES)
    patterns: tuple[str, ...] = tuple(PATTERNS)
    attacks: AttackRanges = TRAINING_ATTACKS


DEFAULT_SETTINGS: Final = SimulatorSettings()


def simulate(
    count: int, *, random_state: int, settings: SimulatorSettings = DEFAULT_SETTINGS
) -> list[LabelledSeries]:
    """`count` series; each depends on its place and `random_state` alone."""
    series = []
    for place, rng in enumerate(np.random.default_rng(random_state).spawn(count)):
        example = simulate_organic(f"simulated-{random_state}-{place}", rng, settings)
        if rng.random() < settings.fake_share:
            example = plant(
                example, str(rng.choice(settings.patterns)), rng, parameters=settings.attacks
            )
        series.append(example)
    return series


def simulate_organic(
    series_id: str, rng: np.random.Generator, settings: SimulatorSettings = DEFAULT_SETTINGS
) -> LabelledSeries:
    """One honest post, as its platform would count it and an observer would record it."""
    observed = _observed_hours(rng, settings)
    category = int(rng.integers(len(CATEGORIES)))
    profile = str(rng.choice(settings.profiles))
    # some observers come late and miss the take-off
    late = int(rng.exponential(48.0)) if rng.random() < 0.35 else 0
    hours_alive = late + int(observed[-1]) + 1
    age = np.arange(hours_alive, dtype=float)
    start = FIRST_HOUR + float(rng.integers(SPREAD_HOURS))
    clock = (start + age + float(rng.integers(-11, 13))) % (24 * 7)

    views = PROFILES[profile](age, rng)
    audience = Audience(age, clock, views / views.sum(), (late, hours_alive - 1))
    hard = str(rng.choice(settings.hard_negatives)) if rng.random() < settings.hard_share else ""
    if hard != "night_owls":
        audience.views *= daily_rhythm(clock, rng)
    if hard:
        HARD_NEGATIVES[hard](audience, rng)
    gained = _gained(audience, 10 ** rng.uniform(*settings.log10_views), category, rng)
    totals = {metric: np.cumsum(values) for metric, values in gained.items()}
    counts = {m: _published(total, rng)[late + observed] for m, total in totals.items()}
    _hide(counts, rng, settings)
    series = checked_arrays(
        series_id=series_id,
        hours=start + late + observed.astype(float),
        counts=counts,
        now=NOW,
        category=CATEGORIES[category],
    )
    series = _without_notes(series)
    return LabelledSeries(
        series=series,
        fake_steps=np.zeros(len(series) - 1, dtype=bool),
        profile=f"{profile}+{hard}" if hard else profile,
    )


def _observed_hours(rng: np.random.Generator, settings: SimulatorSettings) -> np.ndarray:
    """Whole hours since the first observation, rising from 0."""
    if rng.random() < settings.daily_share:
        return 24 * np.arange(_log_between(settings.daily_points, rng))
    points = _log_between(settings.hourly_points, rng)
    if rng.random() < settings.irregular_share:
        return np.concatenate([[0], np.cumsum(rng.integers(1, 5, size=points - 1))])
    hours = np.arange(points)
    if rng.random() < settings.missing_share / 2:
        kept = rng.random(points) >= rng.uniform(0.01, 0.1)
        kept[[0, 1, -1]] = True
        hours = hours[kept]
    return hours


def _log_between(bounds: tuple[int, int], rng: np.random.Generator) -> int:
    return round(float(np.exp(rng.uniform(np.log(bounds[0]), np.log(bounds[1])))))


def _gained(
    audience: Audience, total: float, category: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """What every hour adds: over-dispersed counts around what the audience would do."""
    hours = len(audience.age)
    views = audience.views * _slow_noise(hours, rng.uniform(0.05, 0.45), rng)
    views = views * total / views.sum()
    # some categories are talked about, others only watched
    bias = np.random.default_rng(category).normal(0.0, 0.4, size=3)
    likes = 0.035 * np.exp(rng.normal(0.0, 0.7) + bias[0])
    per_view = {
        "likes": min(likes, 0.4),
        "comments": likes * 0.08 * np.exp(rng.normal(0.0, 0.9) + bias[1]),
        "shares": likes * 0.10 * np.exp(rng.normal(0.0, 0.9) + bias[2]),
    }
    latest = {"likes": 3.0, "comments": 12.0, "shares": 24.0}
    gained = {"views": _over_dispersed(views, 10 ** rng.uniform(0.7, 2.5), rng)}
    for metric, ratio in per_view.items():
        keep = np.exp(-1.0 / rng.uniform(0.1, latest[metric]))
        followed = lfilter([1.0 - keep], [1.0, -keep], gained["views"])
        # early fans like more than the strangers who come later
        drift = (audience.age + 1.0) ** -abs(rng.normal(0.0, 0.1))
        noise = _slow_noise(hours, rng.uniform(0.03, 0.35), rng)
        expected = followed * ratio * drift * noise * audience.ratios[metric]
        gained[metric] = _over_dispersed(expected, 10 ** rng.uniform(0.7, 2.5), rng)
    return gained


def _slow_noise(hours: int, spread: float, rng: np.random.Generator) -> np.ndarray:
    """A factor around 1 that wanders: the exponential of an AR(1) process."""
    keep = rng.uniform(0.7, 0.99)
    steps = rng.normal(0.0, spread * np.sqrt(1.0 - keep**2), size=hours)
    steps[0] = rng.normal(0.0, spread)
    return np.asarray(np.exp(lfilter([1.0], [1.0, -keep], steps)))


def _over_dispersed(
    expected: np.ndarray, dispersion: float, rng: np.random.Generator
) -> np.ndarray:
    """Negative binomial counts: Poisson around a gamma-distributed rate."""
    return rng.poisson(expected * rng.gamma(dispersion, 1.0 / dispersion, len(expected)))


def _published(total: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The count a platform shows: it stands still at times and takes some counts back."""
    shown = total.astype(float)
    for _ in range(rng.poisson(len(shown) / 700.0)):
        start, lasts = int(rng.integers(len(shown))), int(rng.integers(2, 8))
        shown[start : start + lasts] = shown[start]
    for _ in range(rng.poisson(0.15)):
        start = int(rng.integers(len(shown)))
        shown[start:] -= np.floor(shown[start] * rng.uniform(0.0, 0.03))
    return np.maximum(shown, 0.0)


def _hide(
    counts: dict[str, np.ndarray], rng: np.random.Generator, settings: SimulatorSettings
) -> None:
    """Counts the observer does not get: a metric for good, or some of its cells."""
    for metric, share in zip(METRICS, (0.0, 0.03, 0.05, 0.35), strict=True):
        if rng.random() < share:
            counts[metric][:] = np.nan
        elif rng.random() < settings.missing_share / 2:
            lost = rng.random(len(counts[metric])) < rng.uniform(0.005, 0.08)
            lost[[0, -1]] = False
            counts[metric][lost] = np.nan


def _without_notes(series: EngagementSeries) -> EngagementSeries:
    """Notes speak to people who sent a series; nobody sent this one."""
    return EngagementSeries(series.series_id, series.hours, series.counts, (), series.category)
