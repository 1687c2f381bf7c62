"""Every recommender on one simulated market, split by time; all figures are simulated.

The first four fifths of the time are learned from, the last fifth is to be found. Brands
and creators that appear only then are the cold ones. Two questions are asked:

`later`  what brands chose afterwards. The page that showed it to them was filled by
         document 004's points, so this favours the points: what is not shown is not chosen.
`liked`  the two per cent of creators a brand would like best, shown or not, which only a
         simulator knows. This is the question a recommender is for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending import baselines
from scoring.ml.recommending.events import Interactions, build_interactions, place_responses
from scoring.ml.recommending.factorisation import HybridFactorisation
from scoring.ml.recommending.features import FeatureEncoder, with_identities
from scoring.ml.recommending.measuring import bootstrap_interval, measure
from scoring.ml.recommending.points_rating import rate_by_points
from scoring.ml.recommending.positions import estimate_examination
from scoring.ml.recommending.recommender import Catalogue, Recommender
from scoring.ml.recommending.simulation import PAGE, Market

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRAINED_SHARE: Final = 0.8
RANKER_SHARE: Final = 0.6
LIKED_SHARE: Final = 0.02
EASE_REGULARISATION: Final = 20.0
FACTORISATION: Final[Mapping[str, Any]] = {"dimensions": 16, "epochs": 20, "regularisation": 0.05}


@dataclass(frozen=True)
class Trial:
    """A market split by time: what may be learned from, and the two right answers."""

    market: Market
    catalogue: Catalogue
    known: Interactions
    corrected: Interactions
    later: sparse.csr_array
    liked: sparse.csr_array

    @property
    def warm_brands(self) -> NDArray[np.bool_]:
        return np.diff(self.known.weights.indptr) > 0

    @property
    def seen_creators(self) -> NDArray[np.bool_]:
        return np.bincount(self.known.shown.indices, minlength=self.liked.shape[1]) > 0

    @property
    def done(self) -> sparse.csr_array:
        return sparse.csr_array(self.known.weights + self.known.hidden)


def make_catalogue(market: Market) -> Catalogue:
    def rows(facts: Any) -> sparse.csr_array:
        return with_identities(FeatureEncoder().fit(facts).transform(facts))

    return Catalogue(
        brand_rows=rows(market.brand_facts),
        creator_rows=rows(market.creator_facts),
        brands=market.brands,
        creators=market.creators,
        brand_vectors=np.asarray(market.brand_facts.dense),
        creator_vectors=np.asarray(market.creator_facts.dense),
        followers=market.followers,
    )


def make_trial(market: Market) -> Trial:
    shape = market.utility.shape
    cut = TRAINED_SHARE * market.days
    known, corrected = _learn_from(market, cut)
    wanted = max(1, round(LIKED_SHARE * shape[1]))
    liked = np.zeros(shape)
    np.put_along_axis(liked, np.argsort(-market.utility, axis=1)[:, :wanted], 1.0, axis=1)
    return Trial(
        market=market,
        catalogue=make_catalogue(market),
        known=known,
        corrected=corrected,
        later=build_interactions(market.log.since(cut), shape, as_of_day=market.days).weights,
        liked=sparse.csr_array(liked),
    )


def fit_recommenders(trial: Trial, *, random_state: int) -> dict[str, Callable[[Ints], Floats]]:
    """Name → scores of every creator for some brands. Nothing here reads the last fifth."""
    market, catalogue, known = trial.market, trial.catalogue, trial.known
    popular = baselines.popularity(known.weights)
    cosine = baselines.content_cosine(catalogue.brand_vectors, catalogue.creator_vectors)
    points = rate_by_points(market.brands, market.creators).total
    ease = baselines.ease_scores(known.weights, regularisation=EASE_REGULARISATION)
    made: dict[str, Callable[[Ints], Floats]] = {
        "popularity": lambda rows: np.tile(popular, (len(rows), 1)),
        "cosine only": lambda rows: cosine[rows],
        "points (004)": lambda rows: points[rows],
        "EASE": lambda rows: ease[rows],
    }
    for name, learned, loss in (
        ("factorisation, BPR", known, "bpr"),
        ("factorisation, WARP", known, "warp"),
        ("factorisation, WARP, position-corrected", trial.corrected, "warp"),
    ):
        model = _fit_factors(catalogue, learned, loss, random_state)
        made[name] = _scorer(Recommender(model), catalogue, learned)
    full = fit_recommender(trial, random_state=random_state)
    made["factorisation, BPR + ranker"] = _scorer(full, catalogue, known)
    return made


def fit_recommender(trial: Trial, *, random_state: int) -> Recommender:
    """Both stages: the ranker learns from the time between the two cuts, weighted for chance."""
    market, catalogue = trial.market, trial.catalogue
    shape = market.utility.shape
    cut, first = TRAINED_SHARE * market.days, RANKER_SHARE * market.days
    earlier, _ = _learn_from(market, first)
    between = market.log.until(cut).since(first)
    recommender = Recommender(_fit_factors(catalogue, earlier, "bpr", random_state))
    recommender.fit_ranker(
        catalogue,
        earlier,
        build_interactions(between, shape, as_of_day=cut),
        seen=between,
        random_state=random_state,
    )
    recommender.factorisation = _fit_factors(catalogue, trial.known, "bpr", random_state)
    return recommender


def report(trial: Trial, *, random_state: int = 0) -> dict[str, dict[str, dict[str, Any]]]:
    """Question → recommender → figures; `liked` also by cold brands and unseen creators."""
    warm = np.flatnonzero(trial.warm_brands)
    cold = np.flatnonzero(~trial.warm_brands)
    unseen = ~trial.seen_creators
    questions: dict[str, dict[str, Any]] = {
        "later": {"held_out": trial.later},
        "liked, known brands": {"held_out": trial.liked, "users": warm},
        "liked, new brands": {"held_out": trial.liked, "users": cold},
        "liked, new creators": {"held_out": trial.liked, "items": unseen},
    }
    tables: dict[str, dict[str, dict[str, Any]]] = {question: {} for question in questions}
    for name, score in fit_recommenders(trial, random_state=random_state).items():
        for question, options in questions.items():
            found = measure(score, known=trial.done, **options)
            tables[question][name] = found.means() | {
                "ndcg_at_10_interval": bootstrap_interval(found.per_user["ndcg_at_10"]),
                "brands": len(found.per_user["ndcg_at_10"]),
            }
    return tables


def _learn_from(market: Market, day: float) -> tuple[Interactions, Interactions]:
    """Interactions before `day`, plain and with the bias of position taken out."""
    log = market.log.until(day)
    shape = market.utility.shape
    examination = estimate_examination(
        log, explored=market.explored[market.log.days < day], places=PAGE
    )
    log = type(log)(**{**vars(log), "positions": place_responses(log)})
    return (
        build_interactions(log, shape, as_of_day=day),
        build_interactions(log, shape, as_of_day=day, examination=examination),
    )


def _fit_factors(
    catalogue: Catalogue, known: Interactions, loss: Any, random_state: int
) -> HybridFactorisation:
    shown = np.unique(known.shown.indices).astype(np.int64)
    return HybridFactorisation(loss=loss, random_state=random_state, **FACTORISATION).fit(
        known.weights,
        catalogue.brand_rows,
        catalogue.creator_rows,
        hidden=known.hidden,
        rivals=shown,
    )


def _scorer(
    recommender: Recommender, catalogue: Catalogue, known: Interactions
) -> Callable[[Ints], Floats]:
    return lambda rows: recommender.score(catalogue, rows, known)
