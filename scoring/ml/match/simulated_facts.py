"""What is known of simulated creators and campaigns: hidden qualities, badly measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from scoring.ml.match import facts
from scoring.ml.match.facts import CampaignFacts, CreatorFacts
from scoring.ml.match.simulated_people import (
    BANDS,
    COUNTRIES,
    GENDERS,
    NICHES,
    TASTE,
    VALUES,
    Brands,
    Creators,
)
from scoring.ml.match.simulation import nearness
from scoring.ml.match.tone import Tone

Floats = NDArray[np.float64]
LISTED_COUNTRIES: Final = 5
TONE_ERROR: Final = 0.07


@dataclass(frozen=True)
class Measuring:
    """How badly hidden qualities are measured and how often not at all: factors on both.

    1 stands for creators who have connected their accounts; `OPEN` for what is known of
    creators who have not.
    """

    error: float = 1.0
    gaps: float = 1.0

    def known(self, rng: np.random.Generator, gap: float, count: int) -> NDArray[np.bool_]:
        return np.asarray(rng.random(count) >= min(gap * self.gaps, 1.0))


CONNECTED: Final = Measuring()
OPEN: Final = Measuring(error=2.0, gaps=4.0)


def known_of_creators(
    rng: np.random.Generator, creators: Creators, niches: Floats, measuring: Measuring
) -> list[CreatorFacts]:
    """Facts of each creator that do not depend on a campaign.

    Small accounts have audience figures less often; bots are counted as audience, lower the
    age and come from anywhere; bought reactions raise the engagement rate.
    """
    count, error = len(creators), measuring.error
    robots = 1 - creators.human
    no_audience = measuring.gaps * expit(-np.log(creators.followers / 400.0))
    has_audience = rng.random(count) >= no_audience
    reactions = creators.response + 1.2 * robots + rng.normal(0.0, 0.15 * error, size=count)
    order = np.argsort(np.argsort(reactions)) / max(count - 1, 1)
    risk = 100 * expit(_logit(robots) + rng.normal(0.0, 0.3 * error, size=count))
    accepted = rng.poisson(np.clip(3 * np.log10(creators.followers / 1_000.0), 0.2, 12))
    completed = rng.binomial(accepted, expit(1.2 + 0.9 * creators.diligence))
    off = rng.normal(0.0, 0.25 * error / np.sqrt(VALUES), (count, VALUES))
    tones = creators.tone + rng.normal(0, TONE_ERROR * error, creators.tone.shape)
    weights = _niche_weights(rng, creators, niches, error)
    prices = 0.02 * creators.followers**0.85 * np.exp(rng.normal(3.0, 0.5, size=count))
    pictures, captions = (
        expit(-1.8 - 0.9 * creators.craft + rng.normal(0, 0.3 * error, size=count))
        for _ in range(2)
    )
    gaps = {"niche": 0.03, "engagement": 0.03, "risk": 0.04, "values": 0.04, "tone": 0.06,
            "pictures": 0.1, "captions": 0.05, "price": 0.6}  # fmt: skip
    known = {name: measuring.known(rng, gap, count) for name, gap in gaps.items()}
    result = []
    for row in range(count):
        has = {name: bool(column[row]) for name, column in known.items()}
        seen = _audience(rng, creators, row, measuring) if has_audience[row] else facts.Audience()
        result.append(
            CreatorFacts(
                audience=seen,
                niches=weights[row] if has["niche"] else None,
                engagement=float(order[row]) if has["engagement"] else None,
                completed=int(completed[row]),
                accepted=int(accepted[row]),
                repeated_pictures=float(pictures[row]) if has["pictures"] else None,
                repeated_captions=float(captions[row]) if has["captions"] else None,
                risk=float(risk[row]) if has["risk"] else None,
                values=creators.values[row] + off[row] if has["values"] else None,
                tone=Tone(*map(float, np.clip(tones[row], 0, 1))) if has["tone"] else None,
                price_low_minor=float(prices[row] * 70) if has["price"] else None,
                price_minor=float(prices[row] * 100) if has["price"] else None,
            )
        )
    return result


def known_of_campaign(rng: np.random.Generator, brands: Brands, campaign: int) -> CampaignFacts:
    """What a brief says; a wish for everybody is no wish, and some things are never said."""
    ages = [band for band, wanted in zip(BANDS, brands.wants_age[campaign], strict=True) if wanted]
    genders = [
        g for g, wanted in zip(GENDERS, brands.wants_gender[campaign], strict=True) if wanted
    ]
    codes = [
        c for c, wanted in zip(COUNTRIES, brands.wants_country[campaign], strict=True) if wanted
    ]
    says_values, says_tone, says_budget = rng.random(3) < (0.85, 0.8, 0.6)
    heard = brands.tone[campaign] + rng.normal(0.0, TONE_ERROR, len(brands.tone[campaign]))
    values = brands.values[campaign] + rng.normal(0.0, 0.3 / np.sqrt(VALUES), VALUES)
    return CampaignFacts(
        ages=None if len(ages) == len(BANDS) else facts.read_wished_ages(ages),
        genders=None if len(genders) == len(GENDERS) else genders,
        countries=None if len(codes) == len(COUNTRIES) else facts.read_wished_countries(codes),
        interests=[f"niche-{niche}" for niche in brands.niches[campaign]],
        niches=[f"niche-{niche}" for niche in brands.niches[campaign]],
        values=values[None] if says_values else None,
        tone=Tone(*map(float, np.clip(heard, 0, 1))) if says_tone else None,
        category=f"trade-{brands.trade[campaign]}",
        brand_known=bool(rng.random() < 0.7),
        budget_minor=100 * float(brands.budget[campaign]) if says_budget else None,
    )


def known_of_pairs(
    rng: np.random.Generator,
    creators: Creators,
    brands: Brands,
    known: Sequence[CreatorFacts],
    who: NDArray[np.intp],
    campaign: int,
    measuring: Measuring,
) -> list[CreatorFacts]:
    """Facts of creators `who` with regard to one campaign: text, past work and sentiment."""
    near = nearness(creators.shown_taste[who], brands.taste[campaign])
    topic = np.clip(
        0.05 + 0.85 * near**0.8 + rng.normal(0.0, 0.03 * measuring.error, len(who)), 0, 1
    )
    practice = creators.practice[who, brands.trade[campaign]]
    in_all = np.array([known[place].accepted or 0 for place in who])
    share = practice / creators.practice[who].sum(axis=1)
    in_category = rng.binomial(in_all, np.clip(share, 0, 1))
    fond = creators.fondness[who, brands.trade[campaign]] + rng.normal(0, 0.5, size=len(who))
    chance = rng.random((len(who), 2))
    return [
        replace(
            known[place],
            topic=float(topic[row]) if chance[row, 0] >= 0.02 * measuring.gaps else None,
            collaborations_in_category=int(in_category[row]),
            collaborations=int(in_all[row]),
            sentiment=float(norm.cdf(fond[row] / 2)) if chance[row, 1] < 0.12 else None,
        )
        for row, place in enumerate(who)
    ]


def _audience(
    rng: np.random.Generator, creators: Creators, row: int, measuring: Measuring
) -> facts.Audience:
    human = creators.human[row]
    sample = int(np.exp(rng.uniform(np.log(300), np.log(5_000))) / measuring.error**2)
    bot_ages = np.array([0.05, 0.45, 0.35, 0.10, 0.03, 0.02])
    bot_countries = rng.dirichlet(np.full(len(COUNTRIES), 0.3))
    ages = rng.multinomial(sample, human * creators.ages[row] + (1 - human) * bot_ages) / sample
    bot_genders = np.array([0.35, 0.65])
    genders = human * creators.genders[row] + (1 - human) * bot_genders
    genders = rng.multinomial(sample, genders) / sample
    places = human * creators.countries[row] + (1 - human) * bot_countries
    places = rng.multinomial(sample, places) / sample
    listed = np.argsort(-places)[:LISTED_COUNTRIES]
    reveals = rng.random(4) >= np.minimum(measuring.gaps * np.array([0.03, 0.02, 0.02, 0.2]), 1)
    near = rng.dirichlet(0.3 + 12.0 * np.eye(NICHES)[creators.niche[row]])
    return facts.read_audience(
        ages=_shares(BANDS, ages) if reveals[0] else None,
        genders=_shares(GENDERS, genders) if reveals[1] else None,
        countries={COUNTRIES[n]: float(places[n]) for n in listed} if reveals[2] else None,
        interests=_shares([f"niche-{n}" for n in range(NICHES)], near) if reveals[3] else None,
    )


def _niche_weights(
    rng: np.random.Generator, creators: Creators, niches: Floats, error: float
) -> list[dict[str, float]]:
    """A niche classifier's probabilities, or a declared niche, a tenth of them wishful."""
    seen = creators.taste + rng.normal(0.0, 0.25 * error, size=(len(creators), TASTE))
    distance = ((seen[:, None] - niches[None]) ** 2).sum(axis=2)
    odds = np.exp(-2.0 * (distance - distance.min(axis=1, keepdims=True)))
    odds /= odds.sum(axis=1, keepdims=True)
    declares = rng.random(len(creators)) < 0.5
    wishful = rng.random(len(creators)) < 0.1
    rows = []
    for row in range(len(creators)):
        weights = {f"niche-{n}": float(odds[row, n]) for n in np.flatnonzero(odds[row] > 0.02)}
        if declares[row]:
            named = int(rng.integers(NICHES)) if wishful[row] else int(creators.niche[row])
            weights[f"niche-{named}"] = 1.0
        rows.append(weights)
    return rows


def _shares(names: Sequence[str], values: Floats) -> dict[str, object]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _logit(share: Floats) -> Floats:
    inside = np.clip(share, 0.01, 0.99)
    return np.asarray(np.log(inside / (1 - inside)))
