"""A ranker learned from behaviour, if it orders lists it has not seen better than the factors do.

The factorisation learns from the first three quarters of the time, the ranker from what came of
the creators shown after that, each weighted by one over its chance of being shown.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending.brand_wishes import rate_creators
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.events import Kind, build_interactions
from scoring.ml.recommending.learned import Learned, identity_rows, text_cosine
from scoring.ml.recommending.learning import Behaviour, Start, learn_anew
from scoring.ml.recommending.ranker import CandidateRanker
from scoring.ml.recommending.recommender import Recommender

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS_SHARE: Final = 0.75
FEWEST_IMPRESSIONS: Final = 500


def fit_ranker(
    start: Start, index: CreatorIndex, behaviour: Behaviour, *, random_state: int = 0
) -> CandidateRanker | None:
    """None where there are too few impressions, or where it did not prove itself."""
    log = behaviour.log
    impressions = log.kinds == Kind.IMPRESSION
    if int(impressions.sum()) < FEWEST_IMPRESSIONS:
        return None
    first = float(np.quantile(log.days, FACTORS_SHARE))
    end = float(log.days.max()) + 1e-6
    earlier = behaviour.take(log.until(first))
    learned = learn_anew(start, index, earlier, as_of_day=first, random_state=random_state)
    between = log.since(first)
    shape = (len(behaviour.brands), len(behaviour.creators))
    recommender = Recommender(learned.factorisation, content_weight=learned.content_weight)
    recommender.fit_ranker(
        LoggedCatalogue(learned, index, behaviour),  # type: ignore[arg-type]
        earlier.interactions(as_of_day=first),
        build_interactions(between, shape, as_of_day=end),
        seen=between,
        random_state=random_state,
    )
    return recommender.ranker


class LoggedCatalogue:
    """The creators of a behaviour as `Recommender` reads a catalogue."""

    def __init__(self, learned: Learned, index: CreatorIndex, behaviour: Behaviour) -> None:
        self.index = index
        self.behaviour = behaviour
        self.place = index.rows_of(behaviour.creators)
        self.brand_rows = learned.brand_rows(behaviour.brands, list(behaviour.wishes))
        self.creator_rows = sparse.csr_array(
            sparse.hstack(
                [
                    index.feature_rows(learned.creator_encoder, self.place),
                    identity_rows(behaviour.creators, learned.creators),
                ]
            )
        )
        self.followers = index.followers[self.place].astype(float)

    def columns(self, rows: Ints, factor_scores: Floats, rate: Floats) -> dict[str, Floats]:
        """As `recommender.Catalogue.columns`."""
        wishes = [self.behaviour.wishes[row] for row in rows]
        points = [rate_creators(own, self.index) for own in wishes]

        def table(values: list[NDArray[np.float32]]) -> Floats:
            return np.array([own[self.place] for own in values], dtype=float)

        return {
            "factor_score": factor_scores,
            "content_cosine": table([text_cosine(own, self.index) for own in wishes]),
            "points": table([own.total for own in points]),
            "same_location": table([own.location for own in points]),
            "same_category": table([own.category for own in points]),
            "popularity": rate,
            "log_followers": np.log10(np.maximum(self.followers, 1.0)),
            "engagement_rate": self.index.engagement[self.place].astype(float),
        }
