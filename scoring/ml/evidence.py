"""Evidence of several kinds, added up as log-likelihood ratios (naive Bayes, with bounds).

    log-odds = Σ over sources s of  b_s( Σ_k 2^-k ℓ_(k) )

ℓ are log-likelihood ratios: how much more likely this finding is for an account whose
audience is bought than for one whose is not. Naive Bayes adds them as if findings were
independent. They are not, so within a source, and apart for each sign, the strongest counts
in full, the next half, the next a quarter (k = 0, 1, 2 …): many looks at the same facts never
say more than twice what the strongest of them says. b_s bounds what one source may say:
b(x) = B tanh(x / B), with its own B for either sign, so that small values pass as they are
and large ones approach B. The prior is even odds, log-odds 0, and so adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["BOUNDS", "EVIDENCE_VERSION", "Bounds", "Combination", "Evidence", "combine"]

EVIDENCE_VERSION: Final = "evidence-1"
"""Changes whenever a bound, a weight or the rule changes, so that a score names its rule."""


@dataclass(frozen=True)
class Bounds:
    """How far one source may move the log-odds down and up; `lowest` <= 0 <= `highest`."""

    lowest: float
    highest: float

    def apply(self, value: float) -> float:
        bound = self.highest if value > 0 else -self.lowest
        return bound * math.tanh(value / bound) if bound > 0 else 0.0


BOUNDS: Final[Mapping[str, Bounds]] = {
    # A genuine profile says little about who follows it: those who buy followers are real.
    "profile": Bounds(-1.5, 3.0),
    "growth": Bounds(-1.5, 4.0),
    # Honest posts do not clear the followers.
    "engagement": Bounds(0.0, 2.5),
    "followers": Bounds(-2.5, 3.5),
    "comments": Bounds(0.0, 1.0),
}
"""Judged, not fitted: there is no collection of creators that has every kind of fact."""


@dataclass(frozen=True)
class Evidence:
    """One finding. `log_likelihood_ratio` None: shown as context, without any effect.

    It is None where the direction is not certain or no weight can be defended, and where
    `known` is False, because nothing was found to look at.
    """

    name: str
    source: str
    text: str
    log_likelihood_ratio: float | None = None
    known: bool = True

    @property
    def direction(self) -> int:
        """1 raises the risk, -1 lowers it, 0 has no effect."""
        ratio = self.log_likelihood_ratio
        return 0 if ratio is None else (ratio > 0) - (ratio < 0)


@dataclass(frozen=True)
class Combination:
    """`log_odds` is the sum of `effects`, one for each piece of evidence, in order."""

    log_odds: float
    effects: tuple[float, ...]
    by_source: Mapping[str, float]


def combine(evidence: Sequence[Evidence], bounds: Mapping[str, Bounds] = BOUNDS) -> Combination:
    """Add up the evidence as the formula above has it.

    In plain Python: a catalogue has one or two pieces an account, for which arrays are slow.

    :raises KeyError: a source without bounds has a log-likelihood ratio.
    """
    weighing: dict[str, list[tuple[int, float]]] = {}
    for place, piece in enumerate(evidence):
        if piece.log_likelihood_ratio:
            found = weighing.setdefault(piece.source, [])
            found.append((place, piece.log_likelihood_ratio))
    effects = [0.0] * len(evidence)
    by_source: dict[str, float] = {}
    for source, found in weighing.items():
        discounted = _discounted(found)
        total = sum(discounted.values())
        by_source[source] = bounds[source].apply(total)
        # Where the signs cancel to nothing there is nothing to share out.
        scale = by_source[source] / total if total else 0.0
        for place, value in discounted.items():
            effects[place] = value * scale
    return Combination(log_odds=sum(effects), effects=tuple(effects), by_source=by_source)


def _discounted(found: Sequence[tuple[int, float]]) -> dict[int, float]:
    """Place → ratio with its weight of 1, 1/2, 1/4 … by strength among those of its sign."""
    weights = {True: 1.0, False: 1.0}
    discounted = {}
    for place, ratio in sorted(found, key=lambda pair: -abs(pair[1])):
        discounted[place] = ratio * weights[ratio > 0]
        weights[ratio > 0] /= 2
    return discounted


def p_value_ratio(p_value: float) -> float:
    """The log-likelihood ratio a p-value stands for, at least 0.

    1 / (-e p ln p) is the most a p-value below 1/e can speak against its null hypothesis
    (Sellke, Bayarri and Berger, 2001); its logarithm is halved, because the most is not the
    likely and the posts of one account are not independent. Larger p-values say nothing.
    """
    if p_value >= 1 / math.e:
        return 0.0
    smallest = max(p_value, 1e-12)
    return -math.log(-math.e * smallest * math.log(smallest)) / 2
