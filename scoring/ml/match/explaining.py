"""Why a creator has this match score: what speaks for them, what does not, with the figures.

Facts speak in words chosen by the value; how much each moved the score comes from the scorer's
contributions. What is not known is always a concern, whatever it did to the score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.match.facts import CampaignFacts, CreatorFacts
from scoring.ml.match.scorer import MatchScorer
from scoring.ml.match.wording import GOOD, POOR, describe
from scoring.ml.matching import percentiles

Floats = NDArray[np.float64]
NOTICEABLE: Final = 0.01
"""Contributions of less than one point of a hundred are told as facts, not as reasons."""


@dataclass(frozen=True)
class FactorReason:
    """One factor: `value` in [0, 1] or None unknown; `contribution` is points of the score."""

    name: str
    value: float | None
    contribution: float
    text: str


@dataclass(frozen=True)
class MatchExplanation:
    """A score with its reasons, the weightiest first. `base` and contributions sum to `score`.

    Unless the sum was cut at 0 or 1.
    """

    score: float
    percentile: int
    base: float
    positive_factors: tuple[str, ...]
    concerns: tuple[str, ...]
    factors: tuple[FactorReason, ...]
    version: str


def explain_matches(
    scorer: MatchScorer,
    campaign: CampaignFacts,
    creators: list[CreatorFacts],
    factors: Mapping[str, Floats],
    reference: Floats | None = None,
) -> list[MatchExplanation]:
    """One explanation per creator; each but its percentile is what it would be alone.

    :param factors: `factor_values(campaign, creators)`.
    :param reference: scores of all eligible creators, or of a sample of them, which percentiles
        are among; the given creators if None.
    """
    if not creators:
        return []
    scores = scorer.weighted_scores(factors)
    base, parts = scorer.decompose(factors)
    among = percentiles(scores, scores if reference is None else reference)
    return [
        _explain(
            scorer.version,
            campaign,
            creator,
            score=float(scores[row]),
            percentile=int(among[row]),
            base=float(base[row]),
            values={name: float(column[row]) for name, column in factors.items()},
            parts={name: float(column[row]) for name, column in parts.items()},
        )
        for row, creator in enumerate(creators)
    ]


def _explain(
    version: str,
    campaign: CampaignFacts,
    creator: CreatorFacts,
    *,
    score: float,
    percentile: int,
    base: float,
    values: Mapping[str, float],
    parts: Mapping[str, float],
) -> MatchExplanation:
    order = sorted(values, key=lambda name: (-abs(parts[name]), name))
    reasons = [
        FactorReason(
            name=name,
            value=None if np.isnan(values[name]) else values[name],
            contribution=parts[name],
            text=describe(name, values[name], campaign, creator),
        )
        for name in order
    ]
    return MatchExplanation(
        score=score,
        percentile=percentile,
        base=base,
        positive_factors=tuple(reason.text for reason in reasons if _is_good(reason)),
        concerns=tuple(reason.text for reason in reasons if _is_concern(reason))
        + creator.audience.notes,
        factors=tuple(reasons),
        version=f"match/{version}",
    )


def _is_good(reason: FactorReason) -> bool:
    return (
        reason.value is not None
        and reason.value >= POOR
        and (reason.contribution >= NOTICEABLE or reason.value >= GOOD)
        and reason.contribution > -NOTICEABLE
    )


def _is_concern(reason: FactorReason) -> bool:
    if reason.value is None:
        return True
    return not _is_good(reason) and (reason.contribution <= -NOTICEABLE or reason.value < POOR)
