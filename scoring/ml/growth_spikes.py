"""Spikes of an account's growth and the declared causes that explain them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from scoring.ml.growth_changes import Changes, document_spike_days, measure_changes
from scoring.ml.growth_series import DeclaredEvent, GrowthSeries

AFTER_EVENT_DAYS: Final = 3
RISE: Final = 1.15
LARGEST_SHARE: Final = {
    "giveaway": 1.0,
    "tv": 1.0,
    "viral_post": 2.0,
    "collaboration": 0.6,
    "press": 0.5,
    "advertising": 0.5,
    "other": 0.25,
}
"""What a declared cause may bring unseen, as a share of the followers before."""

_PRIORITY: Final = {"accepted": 0, "rejected": 1, "declared": 2}
_NAMES: Final = {
    "giveaway": "giveaway",
    "tv": "television appearance",
    "viral_post": "viral post",
    "collaboration": "collaboration",
    "press": "press report",
    "advertising": "advertising",
    "other": "cause",
}


@dataclass(frozen=True)
class Spike:
    """Days in a row with unusual gains.

    `day` is the one with the largest gain, `gained` the followers above what was to be
    expected, `share` that over the followers before. `explained_by` is the id of the event
    that explains it. The sentence says which or why not.
    """

    day: date
    starts_on: date
    ends_on: date
    gained: float
    share: float
    explained_by: int | None
    by_document_rule: bool
    by_robust_rule: bool
    sentence: str


@dataclass(frozen=True)
class Purge:
    """One interval with a sudden loss, dated by the count that showed it."""

    day: date
    lost: float


@dataclass(frozen=True)
class JudgedGrowth:
    """Spikes, losses, and the series as it would be without what events explain."""

    spikes: tuple[Spike, ...]
    purges: tuple[Purge, ...]
    unexplained: GrowthSeries


def judge_spikes(series: GrowthSeries, events: Sequence[DeclaredEvent]) -> JudgedGrowth:
    """Find spikes by both rules and hold them against the declared events.

    An accepted event explains every spike from its first day to three days after its last; a
    rejected one none, nor does a merely declared one beside it. A declared one explains a
    spike if the facts fit (`misfit`). Growth outside an event's days stays unexplained.

    :param series: at least two counts.
    """
    changes = measure_changes(series)
    robust, document = changes.spikes(), document_spike_days(series.followers)
    # The document's rule always finds something in an uneven series; only gains count.
    document &= changes.excess > 0
    covering = _covering_events(changes, events)
    explained = np.zeros(len(changes.gains), dtype=bool)
    spikes = []
    for run in _runs(robust | document, covering):
        event = events[covering[run[0]]] if covering[run[0]] >= 0 else None
        spike, is_explained = _judge(series, changes, run, event, robust, document)
        spikes.append(spike)
        if is_explained:
            # What decays below the rule within the event's days belongs to the same cause.
            tail = (np.arange(len(explained)) >= run[0]) & (covering == covering[run[0]])
            explained |= tail & (changes.excess > 0)
    purges = tuple(
        Purge(day=changes.days[i].item(), lost=float(-changes.gains[i]))
        for i in np.flatnonzero(changes.purges())
    )
    return JudgedGrowth(tuple(spikes), purges, _without(series, changes, explained))


def misfit(
    series: GrowthSeries, changes: Changes, run: np.ndarray, event: DeclaredEvent
) -> str | None:
    """Why the facts do not bear a merely declared event out; None if they do.

    The gain must be of a size such a cause brings. Reactions must have risen with it, beyond
    what the weeks before had and at least half as much as the followers; where none are
    known, the gain must fade over days as attention does, not stop.
    """
    share = float(changes.excess[run].sum() / changes.before[run[0]])
    if share > LARGEST_SHARE[event.kind]:
        return f"a gain of {share:.0%} is more than a declared {_NAMES[event.kind]} may explain"
    rise = reaction_rise(series, run)
    if not np.isnan(rise):
        # Half in proportion: bots react a little too, and a large purchase is many bots.
        grew = rise >= max(RISE, 1 + share / 2) and _is_highest(series, run)
        return None if grew else "reactions did not rise with it"
    fades = _fades(changes, run)
    if fades is None:
        return "no reactions are known that could have risen with it"
    return None if fades else "the gain did not fade as attention does"


def reaction_rise(series: GrowthSeries, run: np.ndarray) -> float:
    """Highest reactions around a run of intervals over the median of the 28 days before.

    Around means from its first interval to two days after its last; NaN where either is
    unknown.
    """
    base, top = _reactions_around(series, run)
    if not len(base) or not len(top) or np.median(base) <= 0:
        return float("nan")
    return float(np.max(top) / np.median(base))


def _is_highest(series: GrowthSeries, run: np.ndarray) -> bool:
    """Whether reactions went beyond all of the 28 days before: noise reaches its own top."""
    base, top = _reactions_around(series, run)
    return bool(np.max(top) > np.max(base))


def _reactions_around(series: GrowthSeries, run: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Known reactions of the 28 days before a run, and from its start to two days after it."""
    interactions = series.interactions
    first, last = series.days[run[0]], series.days[run[-1] + 1]
    during = (series.days > first) & (series.days <= last + np.timedelta64(2, "D"))
    before = (series.days <= first) & (series.days > first - np.timedelta64(28, "D"))
    known = ~np.isnan(interactions)
    return interactions[before & known], interactions[during & known]


def _fades(changes: Changes, run: np.ndarray) -> bool | None:
    """Whether gains fall off over the days after the peak; None where days are missing.

    Deliveries stop at once, or stay even until they are done.
    """
    share = fading_share(changes, run)
    if np.isnan(share):
        return None
    peak = int(run[np.argmax(changes.excess[run])])
    top = changes.excess[peak]
    first, second, third = changes.excess[peak + 1 : peak + 4]
    return bool(share >= 0.1 and first <= 0.85 * top and second >= 0.03 * top and third < second)


def fading_share(changes: Changes, run: np.ndarray) -> float:
    """Excess of the three days after the peak over the peak's; NaN where days are missing."""
    peak = int(run[np.argmax(changes.excess[run])])
    after = np.arange(peak + 1, peak + 4)
    if after[-1] >= len(changes.gains) or np.any(changes.lengths[peak : peak + 4] > 1.5):
        return float("nan")
    return float(np.clip(changes.excess[after], 0, None).sum() / max(changes.excess[peak], 1e-9))


def _covering_events(changes: Changes, events: Sequence[DeclaredEvent]) -> np.ndarray:
    """Index of the event that speaks for each interval, -1 for none, (n - 1,)."""
    covering = np.full(len(changes.days), -1)
    by_priority = sorted(
        range(len(events)), key=lambda i: (_PRIORITY[events[i].state], events[i].id)
    )
    for index in reversed(by_priority):
        event = events[index]
        start = np.datetime64(event.starts_on, "D")
        end = np.datetime64(event.ends_on, "D") + np.timedelta64(AFTER_EVENT_DAYS, "D")
        opens = changes.days - changes.lengths.astype("timedelta64[D]")
        covering[(changes.days >= start) & (opens < end)] = index
    return covering


def _runs(flagged: np.ndarray, covering: np.ndarray) -> list[np.ndarray]:
    """Indices of flagged intervals in a row that the same event speaks for."""
    indices = np.flatnonzero(flagged)
    if not indices.size:
        return []
    breaks = (np.diff(indices) > 1) | (np.diff(covering[indices]) != 0)
    return list(np.split(indices, np.flatnonzero(breaks) + 1))


def _judge(
    series: GrowthSeries,
    changes: Changes,
    run: np.ndarray,
    event: DeclaredEvent | None,
    robust: np.ndarray,
    document: np.ndarray,
) -> tuple[Spike, bool]:
    explained, why = False, "No cause is declared for it."
    if event is not None:
        name = _NAMES[event.kind]
        if event.state == "accepted":
            explained, why = True, f"Explained by the {name} a moderator accepted."
        elif event.state == "rejected":
            why = f"The {name} declared for it was rejected."
        elif problem := misfit(series, changes, run, event):
            why = f"The {name} declared for it does not fit: {problem}."
        else:
            explained, why = True, f"Explained by the declared {name}, which the facts bear out."
    gained = float(changes.excess[run].sum())
    share = gained / float(changes.before[run[0]])
    peak = int(run[np.argmax(changes.excess[run])])
    spike = Spike(
        day=changes.days[peak].item(),
        starts_on=changes.days[run[0]].item(),
        ends_on=changes.days[run[-1]].item(),
        gained=gained,
        share=share,
        explained_by=event.id if explained and event else None,
        by_document_rule=bool(document[run].any()),
        by_robust_rule=bool(robust[run].any()),
        sentence=f"{gained:,.0f} followers more than usual ({share:+.1%}). {why}",
    )
    return spike, explained


def _without(series: GrowthSeries, changes: Changes, explained: np.ndarray) -> GrowthSeries:
    """The series with the expected gain in place of the explained one; reactions stay."""
    if not explained.any():
        return series
    usual = changes.expected * changes.lengths * changes.before
    gains = np.where(explained, usual, changes.gains)
    followers = series.followers[0] + np.concatenate([[0.0], np.cumsum(gains)])
    followers = np.maximum(followers, 1.0)
    return GrowthSeries(series.days, followers, series.interactions / followers)
