"""How alike two creators are: a stated mean of what is known of both. Arrays, no database.

score = Σ wᵢ·partᵢ / Σ wᵢ over the parts known of both. A part that is unknown is left out and
said to be; it counts neither as alike nor as different. Weights: `benchmarks.compare_similar`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WEIGHTS: Final[Mapping[str, float]] = {"text": 0.5, "niches": 0.35, "size": 0.1, "audience": 0.05}
# Alone, size and audience do not make two creators alike.
TELLING: Final = ("text", "niches")
DECADES_APART: Final = 2.0
"""Follower counts this many powers of ten apart are not alike at all."""


def text_part(cosines: Floats) -> Floats:
    """Cosine of the texts' vectors, nothing below 0; NaN without text, (n,)."""
    return np.asarray(np.clip(cosines, 0.0, 1.0))


def niche_part(own: Mapping[str, float], others: Sequence[Mapping[str, float] | None]) -> Floats:
    """Σ min / Σ max of how sure each niche is (Ruzicka), (n,); NaN where none is known."""
    return np.array([_overlap(own, other) if own and other else np.nan for other in others])


def size_part(own: float | None, others: Floats) -> Floats:
    """1 for equal follower counts, 0 from a hundredfold on, (n,); NaN unknown."""
    if own is None:
        return np.full(len(others), np.nan)
    return np.asarray(np.clip(1.0 - decades_apart(own, others) / DECADES_APART, 0.0, 1.0))


def decades_apart(own: float, others: Floats) -> Floats:
    """|log10| of the ratio of two follower counts; 0.5 is about a factor of three."""
    return np.asarray(np.abs(np.log10(np.maximum(others, 1.0)) - np.log10(max(own, 1.0))))


def audience_part(own: Mapping[str, float], others: Sequence[Mapping[str, float] | None]) -> Floats:
    """Share of the audiences in the same countries, Σ min, (n,); NaN where unknown."""
    return np.array(
        [
            sum(min(share, other.get(name, 0.0)) for name, share in own.items())
            if own and other
            else np.nan
            for other in others
        ],
        dtype=float,
    )


def likeness(parts: Mapping[str, Floats], weights: Mapping[str, float] = WEIGHTS) -> Floats:
    """Weighted mean of the known parts, (n,) in [0, 1]; NaN where no telling part is known."""
    columns = np.array([parts[name] for name in weights])
    each = np.array(list(weights.values()))[:, None] * ~np.isnan(columns)
    total = each.sum(axis=0)
    score = np.divide(
        (each * np.nan_to_num(columns)).sum(axis=0), total, out=np.zeros_like(total),
        where=total > 0,
    )  # fmt: skip
    told = np.any([~np.isnan(parts[name]) for name in TELLING], axis=0)
    return np.where(told, score, np.nan)


def _overlap(own: Mapping[str, float], other: Mapping[str, float]) -> float:
    names = own.keys() | other.keys()
    shared = sum(min(own.get(name, 0.0), other.get(name, 0.0)) for name in names)
    either = sum(max(own.get(name, 0.0), other.get(name, 0.0)) for name in names)
    return shared / either if either else 0.0
