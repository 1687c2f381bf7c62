"""What is known of a campaign and of a creator, read once and compared many times.

`read_audience` and `read_campaign_audience` are where files and forms come in: a creator's
impossible audience becomes a gap with a reason, so that one bad row does not cost a brand its
list; a brief's impossible wish is refused, because the brand can mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.ml.match import audience
from scoring.ml.match.audience import Wish
from scoring.ml.match.countries import read_countries
from scoring.ml.match.shares import Shares, SharesError
from scoring.ml.match.tone import Tone

Vectors = NDArray[np.floating]


@dataclass(frozen=True)
class Audience:
    """Who follows an account; None per group where unknown. `notes` are concerns in words."""

    ages: Shares | None = None
    genders: Shares | None = None
    countries: Shares | None = None
    interests: Shares | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CampaignFacts:
    """What a campaign asks for. What it does not ask for (None, empty) is no factor of its match.

    `ages`, `genders`, `countries`, `interests`: shares, or names of a wanted group (single
    years, `female`, country codes, tags). `values`: embeddings (k, d) of the brand's values.
    `category` is the brand's trade, in which past work counts; `brand_known` says whether there
    is a brand name that comments could speak of. Money in minor units of one currency.
    """

    ages: Wish | None = None
    genders: Wish | None = None
    countries: Wish | None = None
    interests: Wish | None = None
    niches: Sequence[str] = ()
    values: Vectors | None = None
    tone: Tone | None = None
    category: str = ""
    brand_known: bool = False
    budget_minor: float | None = None


@dataclass(frozen=True)
class CreatorFacts:
    """What is known of one creator's account with regard to one campaign; None unknown.

    `topic`: how near bio and hashtags are to the brief, [0, 1] (`MatchModel.topic_factor`, or
    the learned text evidence). `engagement`: percentile among peers, [0, 1]. `risk`: 0–100.
    `values`: embeddings (m, d) of the creator's own texts. `sentiment`: from
    `alignment.brand_sentiment`. `repeated_pictures`, `repeated_captions`: shares.
    """

    topic: float | None = None
    audience: Audience = field(default_factory=Audience)
    niches: Mapping[str, float] | None = None
    engagement: float | None = None
    engagement_rate: float | None = None
    completed: int | None = None
    accepted: int | None = None
    repeated_pictures: float | None = None
    repeated_captions: float | None = None
    risk: float | None = None
    values: Vectors | None = None
    tone: Tone | None = None
    collaborations_in_category: int | None = None
    collaborations: int | None = None
    sentiment: float | None = None
    price_low_minor: float | None = None
    price_minor: float | None = None


def read_audience(
    *,
    ages: Mapping[str, object] | None = None,
    genders: Mapping[str, object] | None = None,
    countries: Mapping[str, object] | None = None,
    interests: Mapping[str, object] | None = None,
) -> Audience:
    """A creator's audience; a group that cannot be true is left unknown, with the reason noted."""
    notes: list[str] = []

    def read(
        words: str,
        given: Mapping[str, object] | None,
        reader: Callable[[Mapping[str, Any]], Shares | None],
    ) -> Shares | None:
        if not given:
            return None
        try:
            found = reader(given)
        except SharesError as error:
            notes.append(f"Audience by {words} left out: {error}")
            return None
        if found is None:
            notes.append(f"Audience by {words} left out: less than half of it is known")
        elif found.note:
            notes.append(f"Audience by {words}: {found.note}")
        return found

    return Audience(
        ages=read("age", ages, audience.read_ages),
        genders=read("gender", genders, audience.read_genders),
        countries=read("country", countries, audience.read_audience_countries),
        interests=read("interest", interests, audience.read_interests),
        notes=tuple(notes),
    )


def read_wished_ages(wish: Mapping[str, object] | Sequence[str]) -> Wish | None:
    """A brief's wished ages: shares by band, or bands.

    :raises SharesError: impossible shares or bands.
    """
    if isinstance(wish, Mapping):
        return audience.read_ages(wish)
    years = [year for band in wish for year in audience.years_of(band)]
    return list(dict.fromkeys(years)) or None


def read_wished_countries(wish: Mapping[str, object] | Sequence[str]) -> Wish | None:
    """A brief's wished countries: shares by country, or countries.

    :raises SharesError: impossible shares. :raises UnknownCountry: names that are no country.
    """
    if isinstance(wish, Mapping):
        read_countries(list(wish))
        return audience.read_audience_countries(wish)
    return read_countries(list(wish)) or None
