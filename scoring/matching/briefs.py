"""A brief as the match model reads it: read once, compared with many."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray
from redis.exceptions import RedisError

from campaigns.terms import BriefTerms
from scoring.matching.brief_text import (
    CACHE_SECONDS,
    brief_niches,
    encode_brief,
    encode_values,
    language_note,
    sentences_of,
)
from scoring.matching.scorers import Scorer, get_scorer
from scoring.matching.wishes import check_wishes, read_wish
from scoring.ml.encoding import ENCODER_VERSION, get_encoder, text_hash
from scoring.ml.match.countries import read_country
from scoring.ml.match.facts import CampaignFacts
from scoring.ml.match.tone import FEWEST_BRIEF_TEXTS, measure_tone


@dataclass(frozen=True)
class ReadBrief:
    """``asked`` and ``vector`` (384,) are the words of its field, for letters and for meaning.

    ``niches`` are those it names, else those it was read to mean.
    """

    terms: BriefTerms
    scorer: Scorer
    asked: Any
    vector: NDArray[np.float32]
    niches: list[str]
    facts: CampaignFacts
    brand_names: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def read_brief(terms: BriefTerms, *, brand_names: Sequence[str] = ()) -> ReadBrief:
    """Check the terms and read them with the active model. At most one query.

    :param brand_names: what comments may call the brand; without one, what they say of it is
        not asked for.
    :raises BriefRejected: if the brief cannot be searched by.
    """
    check_wishes(terms.checked())
    scorer = get_scorer()
    asked = _read_field(scorer, terms.text)
    vector = encode_brief(asked.field)
    niches = list(terms.niches) or brief_niches(asked.field, vector)
    wish = read_wish(terms.audience)
    country = read_country(terms.country)
    facts = CampaignFacts(
        ages=wish.ages,
        genders=wish.genders,
        # Whoever wants creators of a country and says no more wants its people.
        countries=wish.countries or ([country] if country else None),
        interests=wish.interests,
        niches=niches,
        values=encode_values(terms.values),
        tone=measure_tone(sentences_of(terms.text), FEWEST_BRIEF_TEXTS),
        category=category_of(terms),
        brand_known=bool(brand_names),
        budget_minor=terms.budget_minor,
    )
    notes = [note for note in (language_note(terms.text), *wish.notes) if note]
    return ReadBrief(terms, scorer, asked, vector, niches, facts, tuple(brand_names), notes)


def _read_field(scorer: Scorer, text: str) -> Any:
    """What of the text is about its field, cached: every sentence is encoded to find it."""
    key = f"field:{scorer.version}:{ENCODER_VERSION}:{text_hash(text)}"
    try:
        stored = cache.get(key)
    except RedisError:
        stored = None
    if stored is not None:
        return stored
    asked = scorer.read_brief(text, get_encoder().encode)
    with suppress(RedisError):  # The cache is a convenience; the answer does not depend on it.
        cache.set(key, asked, CACHE_SECONDS)
    return asked


def category_of(terms: BriefTerms) -> str:
    """The trade in which past work counts: the one named, else the first niche wished."""
    return terms.category or next(iter(terms.niches), "")
