"""Who gets seen: exposure in lists by creator size, against a fair share.

A place in a list is worth 1 / log2(1 + rank), the discount of NDCG (Järvelin and Kekäläinen
2002; used for exposure by Singh and Joachims 2018).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TIERS: Final = (
    ("nano", 10_000.0),
    ("micro", 50_000.0),
    ("mid", 250_000.0),
    ("macro", 1_000_000.0),
    ("mega", math.inf),
)
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class TierExposure:
    """`eligible` and `exposure` are shares of all; `ratio` 1 is a fair share."""

    tier: str
    eligible: float
    exposure: float
    ratio: float | None


def tier_of(followers: float | None) -> str:
    """Below 10,000 nano, 50,000 micro, 250,000 mid, 1,000,000 macro, else mega."""
    if followers is None or math.isnan(followers):
        return UNKNOWN
    return next(name for name, below in TIERS if followers < below)


def exposure_by_size(
    lists: Sequence[Sequence[float | None]],
    eligible: Sequence[float | None],
    depth: int | None = None,
) -> list[TierExposure]:
    """The exposure of each tier that is eligible or shown.

    :param lists: followers of the creators of each list, best first (None unknown).
    :param eligible: followers of everybody who could have been shown in them.
    :param depth: only so many places of each list count.
    """
    names = [name for name, _ in TIERS] + [UNKNOWN]
    seen, could = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0)
    for shown in lists:
        for rank, followers in enumerate(shown[:depth], start=1):
            seen[tier_of(followers)] += 1 / math.log2(1 + rank)
    for followers in eligible:
        could[tier_of(followers)] += 1
    all_seen, all_could = math.fsum(seen.values()), sum(could.values())
    rows = []
    for name in names:
        exposure = seen[name] / all_seen if all_seen else 0.0
        share = could[name] / all_could if all_could else 0.0
        if exposure or share:
            ratio = exposure / share if share and all_seen else None
            rows.append(TierExposure(name, share, exposure, ratio))
    return rows
