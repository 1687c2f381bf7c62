"""Audiences as people in cells, from what is known of who follows.

Within one audience country, age, gender and topic are taken as independent: platforms tell each
by itself. A group that is unknown of one audience is taken to be as those of the others are on
average; where nobody's is known it divides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Group = Mapping[str, float]

LARGEST_NAMES: Final = 6
"""Names of a group kept for one audience; what is left is one name, "other"."""
OTHER: Final = "other"
SMALLEST_PART: Final = 0.002


@dataclass(frozen=True)
class AudienceShares:
    """Shares by group, each summing to at most 1; None where unknown."""

    countries: Group | None = None
    ages: Group | None = None
    genders: Group | None = None
    topics: Group | None = None

    def groups(self) -> list[Group | None]:
        return [self.countries, self.ages, self.genders, self.topics]

    @property
    def known(self) -> int:
        return sum(group is not None for group in self.groups())


def cells_of(audiences: Sequence[AudienceShares], reach: Floats) -> csr_array:
    """People by candidate and cell, (n, k); a row sums to the candidate's reach.

    :param reach: (n,) people one piece of each reaches, none below zero.
    """
    averages = [average([audience.groups()[place] for audience in audiences]) for place in range(4)]
    names: dict[tuple[str, ...], int] = {}
    indptr, indices, data = [0], [], []
    for audience, people in zip(audiences, reach, strict=True):
        parts: dict[tuple[str, ...], float] = {(): 1.0}
        for own, usual in zip(audience.groups(), averages, strict=True):
            shares = usual if own is None else coarse(own)
            if shares is None:
                continue
            parts = {
                (*cell, name): part * share
                for cell, part in parts.items()
                for name, share in shares.items()
                if part * share >= SMALLEST_PART
            }
        whole = sum(parts.values())
        for cell, part in parts.items():
            indices.append(names.setdefault(cell, len(names)))
            data.append(people * part / whole if whole else 0.0)
        indptr.append(len(indices))
    shape = (len(audiences), max(len(names), 1))
    return csr_array((np.array(data, dtype=float), np.array(indices), np.array(indptr)), shape)


def coarse(group: Group) -> dict[str, float]:
    """The largest names with their shares and the rest as one, summing to 1."""
    largest = sorted(group.items(), key=lambda item: (-item[1], item[0]))[:LARGEST_NAMES]
    kept = {name: share for name, share in largest if share > 0}
    if (rest := 1.0 - sum(kept.values())) > 1e-9:
        kept[OTHER] = kept.get(OTHER, 0.0) + rest
    whole = sum(kept.values())
    return {name: share / whole for name, share in kept.items()}


def average(groups: Sequence[Group | None]) -> dict[str, float] | None:
    """Of those that are known, each counting alike; None where none is."""
    known = [coarse(group) for group in groups if group is not None]
    if not known:
        return None
    sums: dict[str, float] = {}
    for group in known:
        for name, share in group.items():
            sums[name] = sums.get(name, 0.0) + share / len(known)
    return coarse(sums)
