"""How much of a predicted difference between two drafts of one creator comes about.

Each held-out post a is paired with the creator's previous post b. The model, which has seen
neither, is asked for a's engagement as it was, and with the caption, hashtags, time or
duration of b in place of a's. Where its differences mean something, the engagement of a departs
in their direction from the prediction made with b's facts; the slope of that departure on the
differences, one slope per kind of fact, is the share borne out. Creators differ in all sorts of
ways, but both drafts are of one creator with one history, and resampling creators whole gives the
interval. This is association within creators, not an experiment.

Posts of the last `SETTLED_DAYS` before the newest are left out: their counts still grew when they
were collected, and the weekdays just before the collection would look like bad ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from scoring.ml.plep.core import Core, Examples
from scoring.ml.plep.features import (
    CAPTION_FEATURES,
    DURATION_FEATURES,
    MEANING_FEATURES,
    TAG_FEATURES,
    TIME_FEATURES,
    columns_of,
)
from scoring.ml.plep.likeness import CAPTION_LIKENESS, TAG_LIKENESS
from scoring.ml.plep.line import line_values
from scoring.ml.plep.settings import Effect

CHANGES: Final = {
    "caption": (*CAPTION_FEATURES, *MEANING_FEATURES, *CAPTION_LIKENESS),
    "hashtags": (*TAG_FEATURES, *TAG_LIKENESS),
    "planned_at": TIME_FEATURES,
    "duration_s": DURATION_FEATURES,
}
"""Kinds of fact a draft can change in, in the order in which they are put in place."""

FEWEST_PAIRS: Final = 200
SETTLED_DAYS: Final = 30.0
RESAMPLES: Final = 400
_CLIPPED: Final = 0.01


def bear_out(
    examples: Examples, cores: Sequence[tuple[Core, np.ndarray]], *, random_state: int
) -> dict[str, Effect]:
    """One `Effect` per kind of change that has enough pairs.

    :param cores: models with the rows they were not trained on.
    """
    previous = previous_posts(examples.creators, examples.times)
    settled = examples.times < examples.times.max() - SETTLED_DAYS * 86_400.0
    steps, departures, creators = [], [], []
    for core, rows in cores:
        own = rows[(previous[rows] >= 0) & settled[rows]]
        if not len(own):
            continue
        now = core.features(examples.facts.take(own))
        then = core.features(examples.facts.take(previous[own]))
        found = stepwise(core, then, now)
        steps.append(np.diff(found, axis=1))
        departures.append(examples.targets[own] - found[:, 0])
        creators.append(examples.creators[own])
    if not steps or sum(map(len, steps)) < FEWEST_PAIRS:
        return {}
    return _slopes(
        np.concatenate(steps), np.concatenate(departures), np.concatenate(creators), random_state
    )


def stepwise(core: Core, then: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Predictions for `now` with the changeable facts of `then`, put back one kind at a time.

    :returns: shape (n, len(CHANGES) + 1), the last column being `now` itself.
    """
    mixed = now.copy()
    for names in CHANGES.values():
        mixed[:, columns_of(names)] = then[:, columns_of(names)]
    found = []
    for names in ((), *CHANGES.values()):
        mixed[:, columns_of(names)] = now[:, columns_of(names)]
        trees = np.asarray(core.boosters["middle"].predict(mixed, num_threads=1))
        found.append(line_values(mixed, core.line) + trees)
    return np.column_stack(found)


def previous_posts(creators: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The row of the creator's post before each, -1 without one; shape (n,)."""
    order = np.lexsort((times, creators))
    earlier = np.full(len(times), -1)
    same = (creators[order][1:] == creators[order][:-1]) & (creators[order][1:] >= 0)
    same &= times[order][1:] > times[order][:-1]
    earlier[order[1:][same]] = order[:-1][same]
    return earlier


def _slopes(
    steps: np.ndarray, departures: np.ndarray, creators: np.ndarray, random_state: int
) -> dict[str, Effect]:
    departures = np.clip(departures, *np.quantile(departures, [_CLIPPED, 1 - _CLIPPED]))
    moving = [k for k in range(len(CHANGES)) if np.count_nonzero(steps[:, k]) >= FEWEST_PAIRS]
    if not moving:
        return {}
    design = np.column_stack([np.ones(len(steps)), steps[:, moving]])
    # sums per creator make each resample a weighting of them
    _, own = np.unique(creators, return_inverse=True)
    width = design.shape[1]
    squares = np.zeros((own.max() + 1, width, width))
    products = np.zeros((own.max() + 1, width))
    np.add.at(squares, own, design[:, :, None] * design[:, None, :])
    np.add.at(products, own, design * departures[:, None])
    generator = np.random.default_rng(random_state)
    draws = []
    for _ in range(RESAMPLES):
        counts = np.bincount(
            generator.integers(0, len(squares), len(squares)), minlength=len(squares)
        )
        draws.append(_solve(np.tensordot(counts, squares, 1), counts @ products))
    low, high = np.quantile(np.array(draws), [0.025, 0.975], axis=0)
    middle = _solve(squares.sum(axis=0), products.sum(axis=0))
    return {
        list(CHANGES)[k]: Effect(
            low=float(low[place]),
            share=float(middle[place]),
            high=float(high[place]),
            pairs=int(np.count_nonzero(steps[:, k])),
        )
        for place, k in enumerate(moving, start=1)
    }


def _solve(squares: np.ndarray, products: np.ndarray) -> np.ndarray:
    ridge = 1e-9 * np.trace(squares) * np.eye(len(squares))
    return np.asarray(np.linalg.solve(squares + ridge, products))
