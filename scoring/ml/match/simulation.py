"""A simulated market with outcomes: who is hired, what comes of it, and what was known before.

No public outcomes of real campaigns exist. This draws creators and campaigns with hidden
qualities, lets brands hire by what they see, and computes each collaboration's outcome from
the hidden qualities (docs/match-simulator.md has the equations). What a model may see are
`CampaignFacts` and `CreatorFacts`, measured with error, partly missing, partly inflated; no
equation of an outcome reads a factor, and no factor reads a hidden quality without noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from scoring.ml.match.simulated_people import BANDS, COUNTRIES, NICHES, Brands, Creators

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Noise:
    """Standard deviations on the logit scale of what no fact tells.

    `creator`: a creator's charm; `campaign`: season, product, landing page; `pair`: chance.
    """

    creator: float = 0.1
    campaign: float = 0.1
    pair: float = 0.1

    def scaled(self, factor: float) -> Noise:
        return Noise(self.creator * factor, self.campaign * factor, self.pair * factor)


EFFECTS: Final = {
    "reach": 0.75,
    "taste": 1.5,
    "response": 0.55,
    "response_in_taste": 0.35,
    "human": 0.9,
    "delivery": 0.2,
    "craft": 0.15,
    "values": 0.45,
    "tone": -1.2,
    "experience": 0.25,
    "fondness": 0.12,
}
BASE: Final = -0.9


def outcome_signal(creators: Creators, brands: Brands, who: Places, campaign: int) -> Floats:
    """What hidden qualities add up to on the logit scale, (n,), for creators `who`."""
    ages = creators.ages[who] @ brands.wants_age[campaign]
    genders = creators.genders[who] @ brands.wants_gender[campaign]
    countries = creators.countries[who] @ brands.wants_country[campaign]
    reach = np.log(0.03 + ages * genders * countries) + 1.6
    taste = nearness(creators.taste[who], brands.taste[campaign])
    response = creators.response[who]
    values = creators.values[who] @ brands.values[campaign]
    tone = np.abs(creators.tone[who] - brands.tone[campaign]).mean(axis=1)
    practice = 1 - np.exp(-creators.practice[who, brands.trade[campaign]])
    # Brands weigh these differently; which, nobody writes down.
    stress = brands.stress[campaign]
    return np.asarray(
        BASE
        + stress[0] * EFFECTS["reach"] * reach
        + stress[1] * EFFECTS["taste"] * taste
        + stress[2] * EFFECTS["response"] * response
        + EFFECTS["response_in_taste"] * response * taste
        + EFFECTS["human"] * np.log(creators.human[who])
        + EFFECTS["delivery"] * np.minimum(creators.diligence[who], 1.0)
        + EFFECTS["craft"] * creators.craft[who]
        + stress[3] * EFFECTS["values"] * values
        + EFFECTS["tone"] * tone
        + EFFECTS["experience"] * practice
        + EFFECTS["fondness"] * creators.fondness[who, brands.trade[campaign]]
    )


def nearness(taste: Floats, of: Floats) -> Floats:
    """exp(-d² / 2) of points of taste, (n, k) and (k,): 1 is the same, 0 far away."""
    return np.asarray(np.exp(-((taste - of) ** 2).sum(axis=-1) / 2.0))


def draw_outcomes(
    rng: np.random.Generator,
    creators: Creators,
    brands: Brands,
    who: Places,
    campaign: int,
    noise: Noise,
) -> Floats:
    """Outcome scores in (0, 1), (n,): 0 is a campaign nobody noticed, 1 the best imaginable."""
    logits = (
        outcome_signal(creators, brands, who, campaign)
        + noise.creator * creators.charm[who]
        + noise.campaign * brands.season[campaign]
        + noise.pair * rng.normal(size=len(who))
    )
    return np.asarray(expit(logits))


def choose_candidates(
    rng: np.random.Generator,
    creators: Creators,
    brands: Brands,
    among: Places,
    campaign: int,
    count: int,
) -> Places:
    """Who is considered or hired: near in what their texts say, and well known.

    Brands look at size, which does nothing for the outcome here, and at texts, which do; so
    what they hire is not a random sample of whom they could have hired.
    """
    seen = nearness(creators.shown_taste[among], brands.taste[campaign])
    home = creators.countries[among] @ brands.wants_country[campaign]
    appeal = 2.5 * seen + 1.0 * home + 0.25 * np.log(creators.followers[among] / 30_000.0)
    appeal += 0.8 * rng.gumbel(size=len(among))
    return among[np.argsort(-appeal, kind="stable")[:count]]


__all__ = [
    "BANDS",
    "COUNTRIES",
    "NICHES",
    "Noise",
    "choose_candidates",
    "draw_outcomes",
    "nearness",
    "outcome_signal",
]
