"""Every recommender on held-out choices of a file of tags: overall, and by what was new.

One split by chance serves all questions: a tenth of the tags is held out whole (new brands), a
fifth of the creators (new creators), and a fifth of the pairs that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending import baselines
from scoring.ml.recommending.measuring import (
    Measurement,
    bootstrap_interval,
    measure,
    split_items,
    split_pairs,
)
from scoring.ml.recommending.recommender import Catalogue, Recommender
from scoring.ml.recommending.tag_data import TagData
from scoring.ml.recommending.tag_model import (
    CONTENT_WEIGHT,
    fit_factors,
    identified,
    keep_facts,
    make_empty,
    plain_interactions,
)
from scoring.ml.recommending.words import WordMatch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TAGS_MEASURED: Final = 250
TAGS_FOR_RANKER: Final = 150
FACTS_ALONE: Final = "facts alone"
SHIPPED: Final = "facts and words (shipped)"


@dataclass(frozen=True)
class Split:
    """Choices to learn from and to find; tags and creators held out whole."""

    known: sparse.csr_array
    held_out: sparse.csr_array
    new_tags: Ints
    new_creators: NDArray[np.bool_]


def split_choices(choices: sparse.csr_array, *, random_state: int) -> Split:
    rng = np.random.default_rng(random_state)
    new_tags = rng.random(choices.shape[0]) < 0.1
    new_creators = rng.random(choices.shape[1]) < 0.2
    left, by_tag = split_items(sparse.csr_array(choices.T), new_tags)
    left, by_creator = split_items(sparse.csr_array(left.T), new_creators)
    left, by_pair = split_pairs(left, share=0.2, random_state=random_state)
    return Split(
        known=left,
        held_out=sparse.csr_array(by_tag.T + by_creator + by_pair),
        new_tags=np.flatnonzero(new_tags),
        new_creators=new_creators,
    )


def measure_choices(data: TagData, *, random_state: int) -> dict[str, dict[str, Any]]:
    """Every recommender on the held-out choices, overall and by what was new."""
    split = split_choices(data.choices, random_state=random_state)
    known = plain_interactions(split.known)
    empty = make_empty(data)
    catalogue = empty.catalogue(data)
    full = identified(catalogue)
    both, ranked = _fit_both(full, split.known, random_state)
    facts = keep_facts(empty, both.factorisation, data, "held out")
    cosine = baselines.content_cosine(data.tag_vectors, data.bio_vectors)
    ease = baselines.ease_scores(split.known, regularisation=1.0)
    popular = baselines.popularity(split.known)
    chosen = some_tags(len(data.tags), random_state)
    new_tags = split.new_tags[:TAGS_MEASURED]
    old = np.setdiff1d(chosen, split.new_tags)
    questions: dict[str, tuple[Ints, NDArray[np.bool_] | None]] = {
        "": (chosen, None),
        ": brand tags": (np.flatnonzero(data.is_brand), None),
        ": new tags": (new_tags, None),
        ": new tags, new creators": (new_tags, split.new_creators),
        ": known tags, known creators": (old, ~split.new_creators),
        ": known tags, new creators": (old, split.new_creators),
    }
    wanted = np.unique(np.concatenate([rows for rows, _ in questions.values()]))
    words = WordMatch(data.bios)
    shared = words.score([data.tags[row] for row in wanted])
    scorers: dict[str, Callable[[Ints], Floats]] = {
        "popularity": lambda rows: np.tile(popular, (len(rows), 1)),
        "cosine only": lambda rows: cosine[rows],
        "words only": lambda rows: shared[np.searchsorted(wanted, rows)],
        "EASE": lambda rows: ease[rows],
        FACTS_ALONE: lambda rows: facts.recommender.score(catalogue, rows, known),
        SHIPPED: lambda rows: (
            facts.recommender.score(catalogue, rows, known) + shared[np.searchsorted(wanted, rows)]
        ),
        "with identities": lambda rows: both.score(full, rows, known),
        "with identities and words": lambda rows: (
            both.score(full, rows, known) + shared[np.searchsorted(wanted, rows)]
        ),
    }
    if ranked.ranker is not None:
        scorers["with identities + ranker"] = lambda rows: ranked.score(full, rows, known)
    slices: dict[str, dict[str, Any]] = {}
    beaten: dict[str, Floats] = {}
    for name, score in scorers.items():
        table = score(wanted)
        for question, (rows, items) in questions.items():
            found = measure(
                lambda own, table=table: table[np.searchsorted(wanted, own)],  # type: ignore[misc]
                split.held_out,
                known=split.known,
                users=rows,
                items=items,
            )
            if name == "cosine only":
                beaten[question] = found.per_user["ndcg_at_10"]
            slices[name + question] = _figures(found, beaten.get(question))
    return slices


def _fit_both(
    catalogue: Catalogue, known: sparse.csr_array, random_state: int
) -> tuple[Recommender, Recommender]:
    """With identities: the factorisation alone, and with a ranker if one is worth keeping."""
    earlier, later = split_pairs(known, share=0.2, random_state=random_state + 1)

    ranked = Recommender(
        fit_factors(catalogue, earlier, random_state=random_state), content_weight=CONTENT_WEIGHT
    ).fit_ranker(
        catalogue,
        plain_interactions(earlier),
        plain_interactions(later),
        brands=np.random.default_rng(random_state).permutation(known.shape[0])[:TAGS_FOR_RANKER],
        random_state=random_state,
    )
    ranked.factorisation = fit_factors(catalogue, known, random_state=random_state)
    return Recommender(ranked.factorisation, content_weight=CONTENT_WEIGHT), ranked


def some_tags(tags: int, random_state: int) -> Ints:
    """Tags to measure, drawn by lot: the whole catalogue competes for each of them."""
    return np.sort(np.random.default_rng(random_state).permutation(tags)[:TAGS_MEASURED])


def _figures(found: Measurement, cosine: Floats | None = None) -> dict[str, Any]:
    """:param cosine: NDCG@10 of the cosine on the same tags: how much is gained over it."""
    own = found.per_user["ndcg_at_10"]
    figures = flat_figures(
        found.means() | {"ndcg_at_10_interval": bootstrap_interval(own), "tags": len(own)}
    )
    if cosine is None or not len(own):
        return figures
    low, high = bootstrap_interval(own - cosine) or (None, None)
    gain = float((own - cosine).mean())
    return figures | {"over_cosine": gain, "over_cosine_low": low, "over_cosine_high": high}


def flat_figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    low, high = figures["ndcg_at_10_interval"] or (None, None)
    rest = {name: value for name, value in figures.items() if name != "ndcg_at_10_interval"}
    return rest | {"ndcg_at_10_low": low, "ndcg_at_10_high": high}
