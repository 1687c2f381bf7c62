"""Shares of an audience: reading them with care, and comparing two of them.

Similarity is 1 minus the Hellinger distance (Hellinger 1909),

    H(p, q) = sqrt(1 - Σ sqrt(p_i q_i)),

so it is 1 for equal distributions and 0 for those that share nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TOLERANCE: Final = 0.02
LEAST_KNOWN: Final = 0.5
"""Where less than half of an audience is known, the rest could turn any comparison round."""


class SharesError(ValueError):
    """Shares that no audience can have; the message says which."""


@dataclass(frozen=True)
class Shares:
    """Shares by name that sum to 1, and how much of the audience they speak for.

    `known` is in [0.5, 1.02]. `note` says in words what was assumed of shares that sum to less.
    """

    values: Mapping[str, float]
    known: float
    note: str = ""


def read_shares(
    given: Mapping[str, object], name_of: Callable[[str], str | None] = str.strip
) -> Shares | None:
    """Shares scaled to sum to 1; None where nothing, or less than half, is known.

    Per cent are recognised by a sum of 98 to 102. A smaller sum leaves a rest unknown, which
    is taken to be spread like what is known (not so for countries), and said so. `name_of`
    makes names comparable; names it does not know (None) belong to the rest.

    :raises SharesError: a share is no number, negative or infinite, or they sum to more than 1.
    """
    numbers = {str(name): _number(str(name), value) for name, value in given.items()}
    total = math.fsum(numbers.values())
    if abs(total / 100 - 1) <= TOLERANCE:
        numbers = {name: value / 100 for name, value in numbers.items()}
        total /= 100
    if total > 1 + TOLERANCE:
        raise SharesError(f"The shares sum to {total:.2f}; they should sum to 1 (or to 100 %).")
    merged: dict[str, float] = {}
    for name, value in numbers.items():
        if value > 0 and (known_name := name_of(name)) is not None:
            merged[known_name] = merged.get(known_name, 0.0) + value
    known = math.fsum(merged.values())
    if known < LEAST_KNOWN:
        return None
    note = "" if known >= 1 - TOLERANCE else f"only {known:.0%} of the audience is known"
    return Shares({name: value / known for name, value in merged.items()}, known, note)


def hellinger_similarity(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """1 - H of two distributions by name, in [0, 1]; 1 where they are equal."""
    shared = math.fsum(math.sqrt(share * second.get(name, 0.0)) for name, share in first.items())
    return _from_coefficient(shared)


def similarity_to_group(share_inside: float) -> float:
    """1 - H between a distribution and the nearest one that lies wholly inside a group.

    Of all distributions on a group S, p restricted to S is the nearest to p; the Bhattacharyya
    coefficient is then sqrt(p(S)). So a wish without figures ("women of 18 to 34") can be
    compared on the same scale as one with figures.
    """
    return _from_coefficient(math.sqrt(min(max(share_inside, 0.0), 1.0)))


def overlap(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Σ min(p_i, q_i), in [0, 1]: the part the two distributions have in common."""
    return min(math.fsum(min(share, second.get(n, 0.0)) for n, share in first.items()), 1.0)


def share_inside(values: Mapping[str, float], group: Sequence[str]) -> float:
    """How much of a distribution lies in a group of names, in [0, 1]."""
    return min(math.fsum(values.get(name, 0.0) for name in set(group)), 1.0)


def _from_coefficient(coefficient: float) -> float:
    return 1.0 - math.sqrt(max(1.0 - min(coefficient, 1.0), 0.0))


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SharesError(f"The share of {name!r} is not a number.")
    if value < 0:
        raise SharesError(f"The share of {name!r} is negative ({value:g}).")
    return float(value)
