"""The parts of a likeness in words with figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

UNKNOWN = {
    "text": "No text to compare",
    "niches": "Niches not known of both",
    "size": "Followers not known of both",
    "audience": "Audience countries not known of both",
}
ABOUT_THE_SAME = 1.25


@dataclass(frozen=True)
class Known:
    """What is known of the creator others are compared with; None or empty where unknown."""

    niches: Sequence[str]
    weights: Mapping[str, float]
    followers: int | None
    audience: Mapping[str, float]


def describe_part(name: str, value: float, *, known: Known, row: Mapping[str, Any]) -> str:
    """:param value: in [0, 1], NaN unknown. :param row: the other's search row."""
    if np.isnan(value):
        return UNKNOWN[name]
    if name == "text":
        return f"Text {value:.2f} alike"
    if name == "niches":
        return _niches(set(known.niches), set(row["niches"]))
    if name == "size":
        return _size(known.followers or 0, row["followers"])
    return f"Audience in the same countries: {value:.0%}"


def _niches(own: set[str], other: set[str]) -> str:
    shared, either = sorted(own & other), own | other
    if not shared:
        return "No named niche shared"
    names = ", ".join(name.replace("-", " ") for name in shared)
    if len(shared) == len(either):
        return f"The same niche{'s' if len(shared) > 1 else ''}: {names}"
    return f"{len(shared)} of {len(either)} niches shared: {names}"


def _size(own: int, other: int) -> str:
    ratio = max(other, 1) / max(own, 1)
    if 1 / ABOUT_THE_SAME <= ratio <= ABOUT_THE_SAME:
        return "About as many followers"
    if ratio < 1:
        return f"{ratio:.0%} of the followers" if ratio >= 0.01 else "Less than 1% of the followers"
    return (
        f"{ratio:,.0f} times the followers" if ratio >= 10 else f"{ratio:.1f} times the followers"
    )
