"""The labelled series that train, calibrate and measure: real ones with attacks, and simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from scoring.ml.engagement.attacks import TRAINING_ATTACKS, UNSEEN_ATTACKS, AttackRanges, plant
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.fitting import Example, view_examples
from scoring.ml.engagement.injection import inject, real_organic
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.reading import read_series
from scoring.ml.engagement.series import EngagementSeries
from scoring.ml.engagement.simulation import SimulatorSettings, simulate
from scoring.ml.engagement.splitting import split_by_time
from scoring.ml.tables import TableError

FEWEST_REAL: Final = 30
FEWEST_POINTS: Final = 3
ATTACKED_POINTS: Final = 4
"""Shorter real series are only taken as organic ones; short fake ones are cut from longer."""
SHORT_POINTS: Final = (3, 4)
SINGLE_METRIC: Final = replace(
    TRAINING_ATTACKS,
    sizes=((0.9, 4.5),),
    variants={
        **TRAINING_ATTACKS.variants,
        "disconnected": ("comments_only", "comments_only", "views_only", "likes_only"),
    },
)
"""One metric alone, comments most of all: too rare among all attacks to be learned from them."""
TRAINING_POSTS: Final = SimulatorSettings(hourly_points=(24, 720), daily_points=(4, 90))
COPIES: Final = 3
"""Attacked copies of every real series of the training part."""
MOST_SIMULATED: Final = 1_500
REAL: Final = "real"
SIMULATED: Final = "simulated"


@dataclass(frozen=True)
class Material:
    """`training` and `validation` are seen by the fit, the others are only measured on.

    `real_test` are the organic real series of the last part; every name after it is a set of
    labelled series made for one kind of measurement.
    """

    training: Sequence[Example]
    validation: Sequence[Example]
    real_test: Sequence[LabelledSeries]
    injected_real: Sequence[LabelledSeries]
    injected_real_unseen: Sequence[LabelledSeries]
    injected_short: Sequence[LabelledSeries]
    simulated_heldout: Sequence[LabelledSeries]
    simulated_unseen: Sequence[LabelledSeries]

    def sizes(self) -> dict[str, int]:
        return {name: len(value) for name, value in vars(self).items()}


def gather(files: Sequence[Path], *, random_state: int) -> tuple[Material, list[int]]:
    """Everything training needs from the files, and their numbers of rows.

    Simulated series are as many as the files have series to train on, 1,500 at most. All
    seeds differ: what is measured was drawn apart from what is learned.

    :raises TableError: unreadable files, or fewer than 30 organic series of three points.
    """
    organic = [one for path in files for one in real_organic(path, fewest_points=FEWEST_POINTS)]
    if len(organic) < FEWEST_REAL:
        raise TableError(
            f"{', '.join(str(path) for path in files)}: {len(organic)} series of at least "
            f"{FEWEST_POINTS} observations are not labelled fake; training needs {FEWEST_REAL}."
        )
    split = split_by_time(organic, random_state=random_state)
    first, second, last = (
        [organic[i] for i in part] for part in (split.training, split.validation, split.test)
    )
    attackable = [one for one in last if len(one.series) >= ATTACKED_POINTS]
    seeds = [int(seed) for seed in np.random.SeedSequence(random_state).generate_state(8)]
    simulated = min(len(first), MOST_SIMULATED)
    injected = inject(attackable, random_state=seeds[4])
    material = Material(
        training=[
            *view_examples(real_material(first, COPIES, random_state=seeds[0]), REAL),
            *view_examples(simulated_material(simulated, random_state=seeds[1]), SIMULATED),
        ],
        validation=[
            *view_examples(real_material(second, 1, random_state=seeds[2]), REAL),
            *view_examples(simulated_material(simulated // 2, random_state=seeds[3]), SIMULATED),
        ],
        real_test=last,
        injected_real=injected,
        injected_real_unseen=inject(attackable, random_state=seeds[5], attacks=UNSEEN_ATTACKS),
        injected_short=cut_short(injected, random_state=seeds[4]),
        simulated_heldout=simulate(simulated // 3, random_state=seeds[6]),
        simulated_unseen=simulate(
            simulated // 3,
            random_state=seeds[7],
            settings=SimulatorSettings(attacks=UNSEEN_ATTACKS),
        ),
    )
    return material, [read_series(path).rows for path in files]


def real_material(
    organic: Sequence[LabelledSeries], copies: int, *, random_state: int
) -> list[LabelledSeries]:
    """Organic series, attacked copies of them, and short cuts of one copy of each.

    Every second series has a further copy in which a single metric is attacked.
    """
    attackable = [one for one in organic if len(one.series) >= ATTACKED_POINTS]
    attacked = attacked_copies(attackable, copies, random_state=random_state)
    rng = np.random.default_rng(random_state)
    single = [plant(one, "disconnected", rng, parameters=SINGLE_METRIC) for one in attackable[::2]]
    short = cut_short([*attacked[::copies], *single[::2], *attackable], random_state=random_state)
    return [*organic, *attacked, *single, *short]


def simulated_material(count: int, *, random_state: int) -> list[LabelledSeries]:
    """Simulated posts, and a fifth as many again in which a single metric is attacked."""
    single = replace(
        TRAINING_POSTS, fake_share=0.7, patterns=("disconnected",), attacks=SINGLE_METRIC
    )
    return [
        *simulate(count, random_state=random_state, settings=TRAINING_POSTS),
        *simulate(count // 5, random_state=random_state + 1, settings=single),
    ]


def cut_short(examples: Sequence[LabelledSeries], *, random_state: int) -> list[LabelledSeries]:
    """Three or four consecutive points of each longer series, of a fake one with a fake step.

    This is what an observer who looked only for a few days would have seen.
    """
    rng = np.random.default_rng(random_state)
    cuts = []
    for example in examples:
        points = int(rng.choice(SHORT_POINTS))
        if len(example.series) <= points:
            continue
        starts = np.arange(len(example.series) - points + 1)
        if example.is_fake:
            starts = starts[[bool(example.fake_steps[at : at + points - 1].any()) for at in starts]]
        cuts.append(_cut(example, int(rng.choice(starts)), points))
    return cuts


def _cut(example: LabelledSeries, start: int, points: int) -> LabelledSeries:
    series, kept = example.series, slice(start, start + points)
    counts = {metric: values[kept] for metric, values in series.counts.items()}
    return LabelledSeries(
        series=EngagementSeries(
            series.series_id, series.hours[kept], counts, series.notes, series.category
        ),
        fake_steps=example.fake_steps[start : start + points - 1],
        attack=example.attack,
        profile=example.profile,
    )


def attacked_copies(
    organic: Sequence[LabelledSeries],
    copies: int,
    *,
    random_state: int,
    attacks: AttackRanges = TRAINING_ATTACKS,
) -> list[LabelledSeries]:
    """`copies` versions of every series, each with another pattern (all, where more)."""
    rng = np.random.default_rng(random_state)
    patterns = np.array(list(PATTERNS))
    return [
        plant(one, str(pattern), rng, parameters=attacks)
        for one in organic
        for pattern in rng.choice(patterns, min(copies, len(patterns)), replace=False)
    ]


def without_pattern(examples: Sequence[Example], pattern: str) -> list[Example]:
    """The examples but those attacked by one pattern."""
    return [one for one in examples if not one.labelled.attack.startswith(pattern)]
