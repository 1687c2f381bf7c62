"""A match score as it is shown: its factors with names, weights, figures and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from scoring.matching.creator_facts import Row
from scoring.matching.scorers import Scorer
from scoring.ml.match.explaining import MatchExplanation, explain_matches
from scoring.ml.match.facts import CampaignFacts, CreatorFacts
from scoring.ml.match.scorer import MatchScorer

Floats = NDArray[np.float64]

LABELS: Final = {
    "topic": "Content close to the brief",
    "age": "Age of the audience",
    "gender": "Gender of the audience",
    "audience_country": "Country of the audience",
    "interests": "Interests of the audience",
    "niche": "Niche",
    "engagement": "Engagement against peers",
    "completion": "Past work completed",
    "quality": "Content without repetition",
    "authenticity": "Authentic following",
    "values": "Values",
    "tone": "Tone",
    "experience": "Past work in the category",
    "sentiment": "What comments say of the brand",
    "price": "Price within budget",
}
UNSURE_RISK = 0.5
UNUSUAL_ENGAGEMENT = 0.5


@dataclass(frozen=True)
class Factor:
    """One row of the "why this place" table; ``value`` None is unknown.

    ``weight`` is the stated one; ``contribution`` is what the factor, or its being unknown,
    moves the score by.
    """

    name: str
    label: str
    value: float | None
    weight: float
    contribution: float
    text: str


@dataclass(frozen=True)
class MatchScore:
    """How well one account fits one brief: 0–1, and the share of eligible accounts below.

    ``base`` and the contributions sum to ``score``, unless that was cut at 0 or 1.
    """

    score: float
    percentile: int
    base: float
    positive_factors: list[str]
    concerns: list[str]
    factors: list[Factor]
    version: str

    @property
    def weakest(self) -> list[Factor]:
        """What costs the most, or does not help, first."""
        return sorted(self.factors, key=lambda factor: factor.contribution)


def explain(
    scorer: Scorer,
    campaign: CampaignFacts,
    rows: Sequence[Row],
    creators: Sequence[CreatorFacts],
    factors: Mapping[str, Floats],
    *,
    reference: Floats,
) -> list[MatchScore]:
    """Each account's score in words, the weightiest factor first.

    :param factors: name → (n,); :param reference: scores that percentiles are among.
    """
    # Version 1 has the calls that explaining needs, if not the class.
    served = cast(MatchScorer, scorer)
    explained = explain_matches(served, campaign, list(creators), factors, reference)
    return [_shown(scorer, row, one) for row, one in zip(rows, explained, strict=True)]


def _shown(scorer: Scorer, row: Row, explained: MatchExplanation) -> MatchScore:
    return MatchScore(
        score=explained.score,
        percentile=explained.percentile,
        base=explained.base,
        positive_factors=list(explained.positive_factors),
        concerns=[*explained.concerns, *_further_concerns(row)],
        factors=[
            Factor(
                name=reason.name,
                label=LABELS[reason.name],
                value=reason.value,
                weight=scorer.weights[reason.name],
                contribution=reason.contribution,
                text=reason.text,
            )
            for reason in explained.factors
        ],
        version=explained.version,
    )


def _further_concerns(row: Row) -> list[str]:
    concerns = []
    confidence = row["risk_confidence"] or 0.0
    if row["risk"] is not None and confidence < UNSURE_RISK:
        concerns.append(f"The fake-follower risk rests on few facts (confidence {confidence:.0%})")
    rate = row["engagement_rate"]
    if rate is not None and rate > UNUSUAL_ENGAGEMENT:
        concerns.append(f"Engagement of {rate:.0%} of followers is unusual; check the latest posts")
    return concerns
