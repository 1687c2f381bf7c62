"""The factors of a match: names, stated weights, and their values for creators of a campaign.

Document 000 section 2 names the factors and not their weights; the weights are stated here.
`topic` (the brief's text) and `price` are added to its list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.match import alignment, audience, performance, repetition, tone
from scoring.ml.match.facts import CampaignFacts, CreatorFacts

Floats = NDArray[np.float64]
FACTOR_SET: Final = "match-factors-2"


@dataclass(frozen=True)
class Spec:
    """One factor: its weight, whether a campaign asks for it, and its value (None unknown)."""

    weight: float
    group: str
    is_asked: Callable[[CampaignFacts], bool]
    value: Callable[[CampaignFacts, CreatorFacts], float | None]


def _always(campaign: CampaignFacts) -> bool:
    return True


SPECS: Final[Mapping[str, Spec]] = {
    "topic": Spec(0.30, "audience", _always, lambda c, k: k.topic),
    "age": Spec(
        0.07,
        "audience",
        lambda c: bool(c.ages),
        lambda c, k: audience.distribution_similarity(c.ages, k.audience.ages),
    ),
    "gender": Spec(
        0.05,
        "audience",
        lambda c: bool(c.genders),
        lambda c, k: audience.distribution_similarity(c.genders, k.audience.genders),
    ),
    "audience_country": Spec(
        0.11,
        "audience",
        lambda c: bool(c.countries),
        lambda c, k: audience.geographic_overlap(c.countries, k.audience.countries),
    ),
    "interests": Spec(
        0.04,
        "audience",
        lambda c: bool(c.interests),
        lambda c, k: audience.distribution_similarity(c.interests, k.audience.interests),
    ),
    "niche": Spec(
        0.10,
        "audience",
        lambda c: bool(c.niches),
        lambda c, k: audience.niche_similarity(c.niches, k.niches),
    ),
    "engagement": Spec(
        0.06, "performance", _always, lambda c, k: performance.engagement_standing(k.engagement)
    ),
    "completion": Spec(
        0.04,
        "performance",
        _always,
        lambda c, k: performance.past_completion(k.completed, k.accepted),
    ),
    "quality": Spec(
        0.03,
        "performance",
        _always,
        lambda c, k: repetition.content_quality(k.repeated_pictures, k.repeated_captions),
    ),
    "authenticity": Spec(
        0.10, "performance", _always, lambda c, k: performance.authenticity(k.risk)
    ),
    "values": Spec(
        0.03,
        "alignment",
        lambda c: c.values is not None and len(c.values) > 0,
        lambda c, k: (
            None
            if c.values is None or k.values is None
            else alignment.values_similarity(c.values, k.values)
        ),
    ),
    "tone": Spec(
        0.02,
        "alignment",
        lambda c: c.tone is not None,
        lambda c, k: tone.tone_compatibility(c.tone, k.tone),
    ),
    "experience": Spec(
        0.02,
        "alignment",
        lambda c: bool(c.category),
        lambda c, k: alignment.past_work(k.collaborations_in_category, k.collaborations),
    ),
    "sentiment": Spec(0.01, "alignment", lambda c: c.brand_known, lambda c, k: k.sentiment),
    "price": Spec(
        0.02,
        "performance",
        lambda c: c.budget_minor is not None,
        lambda c, k: performance.price_fit(k.price_low_minor, k.price_minor, c.budget_minor),
    ),
}
FACTORS: Final = tuple(SPECS)
STATED_WEIGHTS: Final[Mapping[str, float]] = {name: spec.weight for name, spec in SPECS.items()}


def factor_values(campaign: CampaignFacts, creators: Sequence[CreatorFacts]) -> dict[str, Floats]:
    """Name → values in [0, 1] of shape (n,), NaN unknown; only factors the campaign asks for.

    Each creator's values are what they would be alone.

    :raises ValueError: facts that cannot be true (see the functions of each factor).
    """
    return {
        name: np.array([_nan(spec.value(campaign, creator)) for creator in creators], dtype=float)
        for name, spec in SPECS.items()
        if spec.is_asked(campaign)
    }


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value
