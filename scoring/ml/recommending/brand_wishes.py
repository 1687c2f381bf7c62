"""What brands say they look for, and document 004's points for a whole catalogue at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.features import Facts
from scoring.ml.recommending.points_rating import (
    CATEGORY_POINTS,
    HASHTAG_POINTS,
    LOCATION_POINTS,
)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Wishes:
    """One brand: a unit vector of its texts (w,) or None, and what its briefs ask for.

    The latest brief's country and size come first in their lists.
    """

    vector: Floats | None = None
    locations: Sequence[str] = ()
    niches: Sequence[str] = ()
    hashtags: Sequence[str] = ()
    sizes: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Points:
    """Parts of document 004's rating of every row for one brand, (n,) each."""

    location: Floats
    category: Floats
    hashtags: Floats
    engagement: Floats

    @property
    def total(self) -> Floats:
        return np.asarray(self.location + self.category + self.hashtags + self.engagement)


def rate_creators(wishes: Wishes, index: CreatorIndex) -> Points:
    """5 for a country the brand asks for, 10 for a niche, 1 per shared hashtag, plus the rate.

    Document 004 knows one place and one category a brand; of several, any counts once. The
    rate is a fraction, at most 1: a rate above that is a count gone wrong, and would outweigh
    the place. Unknown earns nothing.
    """
    wanted = {name.casefold() for name in wishes.niches}
    columns = [k for k, name in enumerate(index.niche_names) if name.casefold() in wanted]
    category = np.zeros(len(index), dtype=bool)
    if columns:
        category = np.asarray(index.niches[:, columns].sum(axis=1)).ravel() > 0
    return Points(
        location=np.float32(LOCATION_POINTS) * index.locations.equal(wishes.locations),
        category=np.float32(CATEGORY_POINTS) * category,
        hashtags=np.float32(HASHTAG_POINTS) * index.hashtags.counts(wishes.hashtags),
        engagement=np.clip(np.nan_to_num(index.engagement), 0.0, 1.0),
    )


def wish_facts(wishes: Sequence[Wishes], width: int) -> Facts:
    """Facts of brands for the factorisation."""
    vectors = np.full((len(wishes), width), np.nan)
    for row, own in enumerate(wishes):
        if own.vector is not None:
            vectors[row] = own.vector
    return Facts(
        rows=len(wishes),
        categories={
            "location": [own.locations[0] if own.locations else None for own in wishes],
            "size": [own.sizes[0] if own.sizes else None for own in wishes],
        },
        tags=[list(own.niches) for own in wishes],
        dense=vectors,
    )
