"""Splits in which nothing is learned from later posts than it is judged on (document 002)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.ml.engagement.detecting import LabelledSeries

DEFAULT_FRACTIONS = (0.6, 0.2, 0.2)


@dataclass(frozen=True)
class Split:
    """Places of the examples in each part, every one rising."""

    training: np.ndarray
    validation: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class _Videos:
    """Examples by video: `of` tells each example's video, the others are one value a video."""

    of: np.ndarray
    first_hour: np.ndarray
    is_fake: np.ndarray


def split_by_time(
    examples: Sequence[LabelledSeries],
    *,
    random_state: int,
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS,
) -> Split:
    """Training, validation and test, in the order of the videos' first observations.

    Fake and organic videos are cut separately at the same shares, so that every part has the
    class balance of the whole. All examples of one video are in one part; a video of which
    any example is fake counts as fake. `random_state` orders videos that begin together.

    :raises ValueError: the fractions are negative or do not sum to 1.
    """
    if min(fractions) < 0 or abs(sum(fractions) - 1.0) > 1e-9:
        raise ValueError(f"The fractions {fractions} do not sum to 1.")
    videos = _videos_of(examples)
    luck = np.random.default_rng(random_state).random(len(videos.first_hour))
    part = np.zeros(len(videos.first_hour), dtype=int)
    for kind in (False, True):
        members = np.flatnonzero(videos.is_fake == kind)
        ordered = members[np.lexsort((luck[members], videos.first_hour[members]))]
        cuts = np.round(np.cumsum(fractions)[:2] * len(ordered)).astype(int)
        part[ordered[cuts[0] :]] = 1
        part[ordered[cuts[1] :]] = 2
    parts = [np.flatnonzero(part[videos.of] == number) for number in range(3)]
    return Split(*parts)


def expanding_windows(
    examples: Sequence[LabelledSeries], *, folds: int = 5, random_state: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Time-series cross-validation: places to train on and, later in time, to judge.

    The videos are cut into `folds` + 1 blocks in the order of their first observations, each
    with the class balance of the whole; block k is judged by what all earlier blocks teach.

    :raises ValueError: fewer than one fold, or fewer videos than blocks.
    """
    videos = _videos_of(examples)
    if folds < 1 or len(videos.first_hour) <= folds:
        raise ValueError(f"{folds} folds need at least {max(folds, 1) + 1} videos.")
    luck = np.random.default_rng(random_state).random(len(videos.first_hour))
    block = np.zeros(len(videos.first_hour), dtype=int)
    for kind in (False, True):
        members = np.flatnonzero(videos.is_fake == kind)
        ordered = members[np.lexsort((luck[members], videos.first_hour[members]))]
        block[ordered] = np.arange(len(ordered)) * (folds + 1) // max(len(ordered), 1)
    for fold in range(1, folds + 1):
        yield np.flatnonzero(block[videos.of] < fold), np.flatnonzero(block[videos.of] == fold)


def _videos_of(examples: Sequence[LabelledSeries]) -> _Videos:
    names, of = np.unique([example.series.series_id for example in examples], return_inverse=True)
    first_hour = np.full(len(names), np.inf)
    is_fake = np.zeros(len(names), dtype=bool)
    for video, example in zip(of, examples, strict=True):
        first_hour[video] = min(first_hour[video], float(example.series.hours[0]))
        is_fake[video] |= example.is_fake
    return _Videos(of, first_hour, is_fake)
