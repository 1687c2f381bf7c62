"""Document 004's rating of a creator for a brand, exactly as stated there.

"5 per ubication, 10 per category and 1 per each coinciding hashtag. At the end we sum the
engagement rate." The document names no unit for the rate; here it is a fraction, as in the
catalogue, so it decides between creators with equal points. What is unknown earns nothing.
The start for brands and creators nobody has acted on yet, and a named baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

LOCATION_POINTS: Final = 5.0
CATEGORY_POINTS: Final = 10.0
HASHTAG_POINTS: Final = 1.0


@dataclass(frozen=True)
class Profiles:
    """Facts of n brands or creators; None and NaN are unknown, hashtags without #."""

    locations: Sequence[str | None]
    categories: Sequence[str | None]
    hashtags: Sequence[Sequence[str]]
    engagement_rates: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.locations)


@dataclass(frozen=True)
class PointsRating:
    """Parts of the rating, each (brands, creators); `engagement` is (creators,)."""

    location: NDArray[np.float64]
    category: NDArray[np.float64]
    hashtags: NDArray[np.float64]
    engagement: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        return np.asarray(self.location + self.category + self.hashtags + self.engagement)


def rate_by_points(brands: Profiles, creators: Profiles) -> PointsRating:
    """Ratings of every creator for every brand. Text is compared without regard to case."""
    rates = creators.engagement_rates
    return PointsRating(
        location=LOCATION_POINTS * _equal(brands.locations, creators.locations),
        category=CATEGORY_POINTS * _equal(brands.categories, creators.categories),
        hashtags=HASHTAG_POINTS * _shared(brands.hashtags, creators.hashtags),
        engagement=np.zeros(len(creators)) if rates is None else np.nan_to_num(rates, nan=0.0),
    )


def _equal(left: Sequence[str | None], right: Sequence[str | None]) -> NDArray[np.float64]:
    return _shared([[v] if v else [] for v in left], [[v] if v else [] for v in right])


def _shared(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    known = {tag.casefold() for tags in left for tag in tags}
    place = {tag: column for column, tag in enumerate(sorted(known))}

    def incidence(rows: Sequence[Sequence[str]]) -> sparse.csr_array:
        cells = [
            (row, place[tag])
            for row, tags in enumerate(rows)
            for tag in {tag.casefold() for tag in tags}
            if tag in place
        ]
        where = np.array(cells, dtype=np.int64).reshape(-1, 2).T
        return sparse.csr_array(
            (np.ones(len(cells)), (where[0], where[1])), shape=(len(rows), len(place))
        )

    return np.asarray((incidence(left) @ incidence(right).T).toarray())
