"""Fake counts planted in real organic series: half of the videos stay as they were."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from scoring.ml.engagement.attacks import TRAINING_ATTACKS, AttackRanges, plant
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.reading import read_series
from scoring.ml.engagement.series import METRICS, EngagementSeries

FEWEST_POINTS: Final = 6
"""Of a real series that an attack is planted in; with fewer there is little to tell it from."""


def real_organic(path: Path, *, fewest_points: int = FEWEST_POINTS) -> list[LabelledSeries]:
    """The usable series of a file as organic examples, each distinct series once.

    Series that the file itself labels fake are left out. Organic means: as far as is known.

    :raises scoring.ml.tables.TableError: the file cannot be read.
    """
    organic = [
        found.series
        for found in read_series(path).series
        if not found.is_fake and len(found.series) >= fewest_points
    ]
    return [
        LabelledSeries(
            series=series, fake_steps=np.zeros(len(series) - 1, dtype=bool), profile="real"
        )
        for series in without_duplicates(organic)
    ]


def without_duplicates(series: Sequence[EngagementSeries]) -> list[EngagementSeries]:
    """The first of all series with the same counts, whatever their ids and times."""
    seen: set[bytes] = set()
    distinct = []
    for one in series:
        key = b"".join(one.counts[metric].tobytes() for metric in METRICS)
        if key not in seen:
            seen.add(key)
            distinct.append(one)
    return distinct


def inject(
    organic: Sequence[LabelledSeries],
    *,
    random_state: int,
    fake_share: float = 0.5,
    patterns: Sequence[str] = tuple(PATTERNS),
    attacks: AttackRanges = TRAINING_ATTACKS,
) -> list[LabelledSeries]:
    """The same videos in the same order, `fake_share` of them with one attack each.

    Every video appears once, organic or fake, so that no model sees both. Patterns are
    equally frequent.

    :raises ValueError: an example is too short or carries an attack (see `plant`).
    """
    rng = np.random.default_rng(random_state)
    chosen = rng.permutation(len(organic))[: round(fake_share * len(organic))]
    pattern_of = {
        int(place): patterns[number % len(patterns)] for number, place in enumerate(chosen)
    }
    return [
        plant(example, pattern_of[place], own, parameters=attacks)
        if place in pattern_of
        else example
        for place, (example, own) in enumerate(zip(organic, rng.spawn(len(organic)), strict=True))
    ]
