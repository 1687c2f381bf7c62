"""Filters that leave a given share of a catalogue, independent of the query or about its topic.

A filter about the query's topic is the easy case of a graph index: what it leaves is near the
query. One about the farthest topic is the hard case: the walk passes everything near first.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval_catalogue import Catalogue
from scoring.ml.match.limits import Limits

Kind = Literal["random", "near topic", "far topic"]
KINDS: tuple[Kind, ...] = ("random", "near topic", "far topic")
FEWEST = 30
"""Niches of fewer creators have no centre to speak of."""


@dataclass(frozen=True)
class Topics:
    """Niches by name, who is in them (n, rows), and their mean directions (n, 384)."""

    names: list[str]
    members: NDArray[np.bool_]
    centres: NDArray[np.float32]


def read_topics(catalogue: Catalogue) -> Topics:
    counts: dict[str, list[int]] = {}
    for row, niches in enumerate(catalogue.niches):
        for name in niches:
            counts.setdefault(name, []).append(row)
    names = sorted(name for name, rows in counts.items() if len(rows) >= FEWEST)
    members = np.zeros((len(names), len(catalogue.niches)), dtype=bool)
    for place, name in enumerate(names):
        members[place, counts[name]] = True
    centres = np.array([catalogue.vectors[mask].mean(axis=0) for mask in members])
    return Topics(names, members, centres)


def make_filter(
    catalogue: Catalogue, topics: Topics, query: NDArray[np.float32], *, share: float, kind: Kind
) -> tuple[Limits, NDArray[np.bool_]]:
    """Limits that leave about ``share`` of the rows, and which rows those are."""
    if kind == "random":
        limit = 100 * share
        return Limits(max_risk=limit), catalogue.chance <= limit
    order = np.argsort(topics.centres @ query)
    names: list[str] = []
    left = np.zeros(len(catalogue.niches), dtype=bool)
    for place in order[::-1] if kind == "near topic" else order:
        names.append(topics.names[place])
        left |= topics.members[place]
        if left.mean() >= share:
            break
    if left.mean() <= 1.3 * share:
        return Limits(niches=names), left
    countries, inside = _restrict(catalogue, left, share)
    return Limits(niches=names, countries=countries), inside


def _restrict(
    catalogue: Catalogue, left: NDArray[np.bool_], share: float
) -> tuple[list[str], NDArray[np.bool_]]:
    """Countries, the largest first where they fit, that leave about ``share`` of all rows."""
    written = np.array(catalogue.countries)
    names, counts = np.unique(written[left], return_counts=True)
    chosen: list[str] = []
    wanted, total = share * len(left), 0
    for place in np.argsort(-counts):
        fits = total + counts[place] <= 1.2 * wanted or (not chosen and counts[place] <= 2)
        if names[place] and fits:
            chosen.append(str(names[place]))
            total += int(counts[place])
        if total >= wanted:
            break
    return chosen, left & np.isin(written, chosen)
