"""Does what was learned find what brands chose later? A temporal split decides what is served.

Learned from what lies before the cut, asked for the pairs chosen after it, with everything in
the catalogue competing. Points, popularity and text alone stand beside it. The page that
showed creators before favours whatever filled it, so this is a hard test for anything new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending import baselines
from scoring.ml.recommending.brand_wishes import rate_creators
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.events import GRADES, Interactions, Kind
from scoring.ml.recommending.learned import (
    CreatorMatrix,
    Learned,
    score_brand,
    text_cosine,
)
from scoring.ml.recommending.learning import Behaviour, Start, learn_anew
from scoring.ml.recommending.measuring import Measurement, bootstrap_interval, measure
from scoring.ml.recommending.ranker import CandidateRanker
from scoring.ml.recommending.ranker_trial import fit_ranker

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRAINED_SHARE: Final = 0.8
FEWEST_BRANDS: Final = 5
MOST_BRANDS: Final = 200
EASE_UP_TO: Final = 5_000


@dataclass(frozen=True)
class Comparison:
    """Figures by recommender, and what they mean for what is served.

    :ivar ranker: one that ordered unseen lists better, else None.
    """

    figures: dict[str, dict[str, Any]]
    serves_learned: bool
    why: str
    ranker: CandidateRanker | None = None


def compare_on_later(
    start: Start, index: CreatorIndex, behaviour: Behaviour, *, random_state: int = 0
) -> Comparison:
    """Split at the moment before which four fifths of the choices fell."""
    behaviour = behaviour.known_to(index)
    moments = behaviour.log.days[_is_choice(behaviour)]
    if not len(moments):
        return Comparison({}, False, "No brand has chosen anybody yet, so nothing is learned.")
    cut = float(np.quantile(moments, TRAINED_SHARE))
    end = float(behaviour.log.days.max()) + 1e-6
    earlier = behaviour.take(behaviour.log.until(cut))
    later = behaviour.take(behaviour.log.since(cut)).interactions(as_of_day=end).weights
    held_out, known = (_on_rows(m, behaviour, index) for m in (later, _done(earlier, cut)))
    asked = _some_with_choices(held_out, random_state)
    if len(asked) < FEWEST_BRANDS:
        why = (
            f"Only {len(asked)} brand{'s' if len(asked) != 1 else ''} chose somebody new lately; "
            f"{FEWEST_BRANDS} are needed to tell whether learning beats points."
        )
        return Comparison({}, False, why)
    learned = learn_anew(start, index, earlier, as_of_day=cut, random_state=random_state)
    ranker = fit_ranker(start, index, earlier, random_state=random_state)
    scorers = _scorers(learned, ranker, index, behaviour, known)
    cold = np.flatnonzero(np.diff(sparse.csr_array(known).indptr) == 0)
    unseen = np.ones(len(index), dtype=bool)
    unseen[index.rows_of(learned.creators[learned.shown > 0])] = False
    figures: dict[str, dict[str, Any]] = {}
    gains: dict[str, Floats] = {}
    for name, score in scorers.items():
        found = measure(score, held_out, known=known, users=asked)
        gains[name] = found.per_user["ndcg_at_10"]
        figures[name] = _figures(found)
        for label, options in (
            ("brands without events", {"users": np.intersect1d(asked, cold)}),
            ("creators never shown", {"users": asked, "items": unseen}),
        ):
            apart = measure(score, held_out, known=known, **options)
            figures[name][label] = _figures(apart)
    return _judged(figures, gains, ranker)


def _judged(
    figures: dict[str, dict[str, Any]], gains: dict[str, Floats], ranker: CandidateRanker | None
) -> Comparison:
    """Learned if it is not worse than points on average; the ranker if it adds to that."""
    own = float(gains["learned"].mean())
    if ranker is not None and float(gains["learned + ranker"].mean()) > own:
        own = float(gains["learned + ranker"].mean())
    else:
        ranker = None
    points = float(gains["points (004)"].mean())
    brands = len(gains["learned"])
    serves = own > 0.0 and own >= points
    why = (
        f"On the later choices of {brands} brands, NDCG@10 was {own:.3f} for what was learned "
        f"and {points:.3f} for points."
    )
    return Comparison(figures, serves, why, ranker)


def _scorers(
    learned: Learned,
    ranker: CandidateRanker | None,
    index: CreatorIndex,
    behaviour: Behaviour,
    known: sparse.csr_array,
) -> dict[str, Callable[[Ints], Floats]]:
    wishes = behaviour.wishes
    main = index.main

    def of_brands(score: Callable[[int], NDArray[Any]]) -> Callable[[Ints], Floats]:
        def scores(rows: Ints) -> Floats:
            table = np.array([score(int(row)) for row in rows], dtype=float)
            return np.where(main, table, -np.inf)

        return scores

    matrix: CreatorMatrix = learned.creator_matrix(index)

    def by(state: Learned) -> Callable[[int], NDArray[Any]]:
        return lambda row: (
            score_brand(state, matrix, index, int(behaviour.brands[row]), wishes[row]).order
        )

    popular = baselines.popularity(known)
    made: dict[str, Callable[[Ints], Floats]] = {
        "popularity": of_brands(lambda row: popular),
        "cosine only": of_brands(lambda row: text_cosine(wishes[row], index)),
        "points (004)": of_brands(lambda row: rate_creators(wishes[row], index).total),
        "learned": of_brands(by(learned)),
    }
    if ranker is not None:
        made["learned + ranker"] = of_brands(by(replace(learned, ranker=ranker)))
    if known.shape[0] <= EASE_UP_TO:
        seen = np.unique(known.indices)
        small = baselines.ease_scores(sparse.csr_array(known[:, seen]), regularisation=20.0)

        def ease(row: int) -> Floats:
            scores = np.full(len(index), -1e9)
            scores[seen] = small[row]
            return scores

        if len(seen):
            made["EASE"] = of_brands(ease)
    return made


def _figures(found: Measurement) -> dict[str, Any]:
    own = found.per_user["ndcg_at_10"]
    low, high = bootstrap_interval(own) or (None, None)
    figures = {**found.means(), "ndcg_at_10_low": low, "ndcg_at_10_high": high}
    rounded = {k: None if v is None else round(v, 5) for k, v in figures.items()}
    return {**rounded, "brands": len(own)}


def _is_choice(behaviour: Behaviour) -> NDArray[np.bool_]:
    grades = np.array([GRADES[kind] for kind in Kind])
    return np.asarray(grades[behaviour.log.kinds] > 0)


def _done(earlier: Behaviour, cut: float) -> sparse.csr_array:
    known: Interactions = earlier.interactions(as_of_day=cut)
    return sparse.csr_array(known.weights + known.hidden)


def _on_rows(
    matrix: sparse.csr_array, behaviour: Behaviour, index: CreatorIndex
) -> sparse.csr_array:
    """Columns of the behaviour's creators as rows of the index, (brands, n)."""
    place = index.rows_of(behaviour.creators)
    cells = sparse.coo_array(matrix)
    inside = place[cells.col] >= 0
    return sparse.csr_array(
        (cells.data[inside], (cells.row[inside], place[cells.col[inside]])),
        shape=(matrix.shape[0], len(index)),
    )


def _some_with_choices(held_out: sparse.csr_array, random_state: int) -> Ints:
    asked = np.flatnonzero(np.diff(held_out.indptr) > 0)
    if len(asked) > MOST_BRANDS:
        asked = np.random.default_rng(random_state).permutation(asked)[:MOST_BRANDS]
    return np.sort(asked)
