"""What brands did with creators, as graded interactions that fade with time.

Document 004: "clicks, check info, add to campaign, collaboration" each add a row. The
grades are stated, not learned: no public record of brands' behaviour exists. An
impression alone says nothing about taste (grade 0), but it says what could have been
chosen, and where on the page it stood. A hide is no weak vote against: it removes the
creator for this brand until the brand itself acts on the creator again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Kind(IntEnum):
    """Kinds of events, in the order of the effort they cost the brand."""

    IMPRESSION = 0
    CLICK = 1
    PROFILE_VIEW = 2
    SHORTLIST = 3
    IDEAL = 4  # the "ideal creator" a brand names when it starts a campaign
    INVITE = 5
    ADD_TO_CAMPAIGN = 6
    COLLABORATION = 7
    HIDE = 8


GRADES: Final[Mapping[Kind, float]] = {
    Kind.IMPRESSION: 0.0,
    Kind.CLICK: 1.0,
    Kind.PROFILE_VIEW: 2.0,
    Kind.SHORTLIST: 4.0,
    Kind.IDEAL: 5.0,
    Kind.INVITE: 6.0,
    Kind.ADD_TO_CAMPAIGN: 6.0,
    Kind.COLLABORATION: 10.0,
    Kind.HIDE: 0.0,
}
HALF_LIFE_DAYS: Final = 90.0
LARGEST_WEIGHT: Final = 20.0
LEAST_EXAMINATION: Final = 0.1
UNKNOWN_POSITION: Final = 0


class BadEvents(ValueError):
    """Events cannot be read; the message names the first culprit."""


@dataclass(frozen=True)
class EventLog:
    """Events as columns of equal length, shape (m,), in any order.

    `brands` and `creators` are row numbers of the two catalogues, `days` are days since
    any fixed moment, `positions` count from 1 on the page (0: unknown), `propensities`
    are the chances with which the page showed the creator there (NaN: unknown).
    """

    brands: Ints
    creators: Ints
    kinds: Ints
    days: Floats
    positions: Ints
    propensities: Floats

    @classmethod
    def from_columns(
        cls,
        *,
        brands: ArrayLike,
        creators: ArrayLike,
        kinds: ArrayLike,
        days: ArrayLike,
        positions: ArrayLike | None = None,
        propensities: ArrayLike | None = None,
    ) -> EventLog:
        """:raises BadEvents: unequal lengths, unknown kinds, negative places, no time."""
        count = len(np.atleast_1d(np.asarray(brands)))
        log = cls(
            brands=np.asarray(brands, dtype=np.int64),
            creators=np.asarray(creators, dtype=np.int64),
            kinds=np.asarray(kinds, dtype=np.int64),
            days=np.asarray(days, dtype=float),
            positions=np.asarray(
                np.zeros(count) if positions is None else positions, dtype=np.int64
            ),
            propensities=np.asarray(
                np.full(count, np.nan) if propensities is None else propensities, dtype=float
            ),
        )
        log._check()
        return log

    def __len__(self) -> int:
        return len(self.brands)

    def take(self, rows: NDArray[np.bool_] | Ints) -> EventLog:
        return EventLog(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def until(self, day: float) -> EventLog:
        """Events before `day`, which is all that may be known then."""
        return self.take(self.days < day)

    def since(self, day: float) -> EventLog:
        return self.take(self.days >= day)

    def _check(self) -> None:
        if len({len(getattr(self, f.name)) for f in fields(self)}) > 1:
            raise BadEvents("the columns of the events differ in length")
        tests = (
            ("kind", ~np.isin(self.kinds, [int(kind) for kind in Kind])),
            ("brand", self.brands < 0),
            ("creator", self.creators < 0),
            ("time", ~np.isfinite(self.days)),
            ("position", self.positions < 0),
            ("propensity", (self.propensities <= 0) | (self.propensities > 1)),
        )
        for name, bad in tests:
            if bad.any():
                raise BadEvents(f"event {int(np.argmax(bad)) + 1} has no valid {name}")


@dataclass(frozen=True)
class Interactions:
    """Brands × creators: weights of what was chosen, what is hidden, what was shown."""

    weights: sparse.csr_array
    hidden: sparse.csr_array
    shown: sparse.csr_array


def grade_events(
    log: EventLog,
    *,
    as_of_day: float,
    half_life_days: float = HALF_LIFE_DAYS,
    examination: Floats | None = None,
) -> Floats:
    """Weight of each event: grade · 2^(-age / half life) / chance of being looked at.

    :param examination: chance that a place of the page is looked at, (places,), the
        first place first; see `positions.estimate_examination`. Dividing by it (inverse
        propensity, Joachims et al. 2017) makes up for what low places never got; chances
        below 0.1 count as 0.1, so that no single event decides. None: no correction.
        Events without a known position are not corrected.
    """
    grades = np.array([GRADES[kind] for kind in Kind])[log.kinds]
    weights = grades * np.exp2(-np.maximum(as_of_day - log.days, 0.0) / half_life_days)
    if examination is not None and len(examination):
        known = log.positions > UNKNOWN_POSITION
        place = np.clip(log.positions - 1, 0, len(examination) - 1)
        chance = np.maximum(examination[place], LEAST_EXAMINATION)
        weights = np.where(known, weights / chance, weights)
    return np.asarray(weights)


def build_interactions(
    log: EventLog,
    shape: tuple[int, int],
    *,
    as_of_day: float,
    half_life_days: float = HALF_LIFE_DAYS,
    examination: Floats | None = None,
) -> Interactions:
    """Events before `as_of_day` as sparse matrices (brands, creators).

    Weights of one pair add up, to 20 at most. A pair is hidden while a hide is the last
    thing the brand did to it; its weight is then 0.

    :raises BadEvents: a brand or creator outside `shape`.
    """
    _check_inside(log, shape)
    log = log.until(as_of_day)
    weights = grade_events(
        log, as_of_day=as_of_day, half_life_days=half_life_days, examination=examination
    )
    hidden = _hidden_pairs(log, shape)
    summed = _matrix(log.brands, log.creators, weights, shape)
    summed.data = np.minimum(summed.data, LARGEST_WEIGHT)
    summed = sparse.csr_array(summed - summed.multiply(hidden))
    summed.eliminate_zeros()
    shown = _matrix(log.brands, log.creators, np.ones(len(log)), shape)
    shown.data[:] = 1.0
    return Interactions(weights=summed, hidden=hidden, shown=shown)


def place_responses(log: EventLog) -> Ints:
    """Position of each event, (m,): its own, else that of the pair's last impression before it.

    0 remains where the creator was never shown to the brand before the event: such an event
    counts as it is, uncorrected, because no place on a page led to it.
    """
    order = np.lexsort((log.kinds, log.days, log.creators, log.brands))
    positions = log.positions.copy()
    pair: tuple[int, int] = (-1, -1)
    last = UNKNOWN_POSITION
    for row in order:
        if (own := (int(log.brands[row]), int(log.creators[row]))) != pair:
            pair, last = own, UNKNOWN_POSITION
        if log.kinds[row] == Kind.IMPRESSION:
            last = int(log.positions[row])
        elif positions[row] == UNKNOWN_POSITION:
            positions[row] = last
    return positions


def _hidden_pairs(log: EventLog, shape: tuple[int, int]) -> sparse.csr_array:
    acts = log.take(log.kinds != Kind.IMPRESSION)
    pairs = acts.brands * shape[1] + acts.creators
    # A hide at the very moment of another act is the later one: it was the last word.
    order = np.lexsort((acts.kinds, acts.days, pairs))
    is_last = np.append(np.diff(pairs[order]) != 0, True) if len(order) else np.zeros(0, bool)
    last = order[is_last]
    rows = last[acts.kinds[last] == Kind.HIDE]
    return _matrix(acts.brands[rows], acts.creators[rows], np.ones(len(rows)), shape)


def _matrix(rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> sparse.csr_array:
    matrix = sparse.coo_array((values, (rows, columns)), shape=shape).tocsr()
    matrix.sum_duplicates()
    return sparse.csr_array(matrix)


def _check_inside(log: EventLog, shape: tuple[int, int]) -> None:
    for name, column, limit in (
        ("brand", log.brands, shape[0]),
        ("creator", log.creators, shape[1]),
    ):
        if len(column) and column.max() >= limit:
            row = int(np.argmax(column >= limit))
            raise BadEvents(
                f"event {row + 1} names {name} {column[row]}, but there are only {limit}"
            )
