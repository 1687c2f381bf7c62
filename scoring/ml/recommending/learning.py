"""Learn from brands' behaviour: everything anew, or on from what was learned.

Both start from facts: the tables of the shipped model, which read a creator's text, place and
size, are carried over to the columns of this catalogue. Brands and creators with events get
identities of their own on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending.brand_wishes import Wishes, wish_facts
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.events import EventLog, Interactions, build_interactions
from scoring.ml.recommending.factorisation import HybridFactorisation
from scoring.ml.recommending.features import FeatureEncoder
from scoring.ml.recommending.learned import Learned, identity_rows, places_of
from scoring.ml.recommending.recommender import choice_rate

Ints = NDArray[np.int64]

EPOCHS: Final = 20
EPOCHS_ON: Final = 5
OTHERS: Final = 1.0
SETTINGS: Final[Mapping[str, Any]] = {
    "loss": "bpr",
    "epochs": EPOCHS,
    "batch_size": 64,
    "learning_rate": 0.05,
    "regularisation": 0.05,
}


@dataclass(frozen=True)
class Behaviour:
    """Events of brands with creators; the log's rows are positions in `brands` and `creators`.

    `wishes` are those of `brands`, in their order.
    """

    log: EventLog
    brands: Ints
    creators: Ints
    wishes: Sequence[Wishes]

    def known_to(self, index: CreatorIndex) -> Behaviour:
        """Without events about creators that the catalogue no longer holds."""
        kept = index.rows_of(self.creators) >= 0
        return replace(self, log=self.log.take(kept[self.log.creators]))

    def take(self, log: EventLog) -> Behaviour:
        return replace(self, log=log)

    def interactions(self, *, as_of_day: float) -> Interactions:
        shape = (len(self.brands), len(self.creators))
        return build_interactions(self.log, shape, as_of_day=as_of_day)


@dataclass(frozen=True)
class Start:
    """Tables of a model of facts alone and the encoders that name their rows."""

    factorisation: HybridFactorisation
    brand_encoder: FeatureEncoder
    creator_encoder: FeatureEncoder
    content_weight: float

    @classmethod
    def small_random(cls, width: int, *, dimensions: int, random_state: int = 0) -> Start:
        """Where no model of facts is shipped for this kind of text: nothing is known yet."""
        empty = FeatureEncoder()
        model = HybridFactorisation(dimensions=dimensions, random_state=random_state)
        rng = np.random.default_rng(random_state)
        sizes = {"users": dimensions, "items": dimensions, "biases": 1}
        model.tables_ = {
            name: (rng.random((width, columns)) - 0.5) / dimensions
            for name, columns in sizes.items()
        }
        model.squares_ = {name: np.zeros_like(table) for name, table in model.tables_.items()}
        model.fitted_batches_ = 0
        empty.width_ = width
        return cls(model, empty, empty, 0.0)


def learn_anew(
    start: Start,
    index: CreatorIndex,
    behaviour: Behaviour,
    *,
    as_of_day: float,
    random_state: int = 0,
) -> Learned:
    """From the facts' tables and all events before `as_of_day`."""
    behaviour = behaviour.known_to(index)
    brand_encoder = _brand_encoder(behaviour.wishes, start.brand_encoder.width_)
    creator_encoder = index.fit_encoder()
    model = HybridFactorisation(
        **{
            **SETTINGS,
            "dimensions": start.factorisation.dimensions,
            "random_state": random_state,
        }
    )
    _carry_over(model, start, brand_encoder, creator_encoder)
    interactions = behaviour.interactions(as_of_day=as_of_day)
    seen = _with_events(behaviour, interactions)
    empty = Learned(
        factorisation=model,
        brand_encoder=brand_encoder,
        creator_encoder=creator_encoder,
        brands=behaviour.brands[seen[0]],
        creators=behaviour.creators[seen[1]],
        chosen=np.zeros(0, dtype=np.int64),
        shown=np.zeros(0, dtype=np.int64),
        rates=np.zeros(0, dtype=np.float32),
        events=np.zeros(0, dtype=np.int64),
        content_weight=start.content_weight,
    )
    return _learn(empty, index, behaviour, interactions, rows=None)


def learn_on(
    learned: Learned,
    index: CreatorIndex,
    behaviour: Behaviour,
    *,
    since_day: float,
    as_of_day: float,
) -> Learned:
    """A few passes over all that the brands with events since `since_day` ever did.

    `learned` is left as it was. Brands and creators met first get identities; the columns of
    facts stay those of the last time everything was learned anew.
    """
    behaviour = behaviour.known_to(index)
    interactions = behaviour.interactions(as_of_day=as_of_day)
    seen = _with_events(behaviour, interactions)
    model = HybridFactorisation(**{**learned.factorisation.settings(), "epochs": EPOCHS_ON})
    model.tables_ = {name: table.copy() for name, table in learned.factorisation.tables_.items()}
    model.squares_ = {n: table.copy() for n, table in learned.factorisation.squares_.items()}
    model.fitted_batches_ = len(behaviour.log)
    grown = replace(
        learned,
        factorisation=model,
        brands=_appended(learned.brands, behaviour.brands[seen[0]]),
        creators=_appended(learned.creators, behaviour.creators[seen[1]]),
    )
    return _learn(
        grown, index, behaviour, interactions, rows=np.unique(behaviour.log.since(since_day).brands)
    )


def _learn(
    learned: Learned,
    index: CreatorIndex,
    behaviour: Behaviour,
    interactions: Interactions,
    *,
    rows: Ints | None,
) -> Learned:
    """:param rows: brands to learn from; None for all."""
    place = index.rows_of(behaviour.creators)
    met = np.bincount(interactions.shown.indices, minlength=len(place)) > 0
    inside = np.flatnonzero((place >= 0) & met)
    others = _never_met(index, place[inside], learned.factorisation.random_state)
    ids = np.concatenate([behaviour.creators[inside], index.creators[others]])
    rows_ = np.concatenate([place[inside], others])
    creator_rows = sparse.csr_array(
        sparse.hstack(
            [
                index.feature_rows(learned.creator_encoder, rows_),
                identity_rows(ids, learned.creators),
            ]
        )
    )
    brand_rows = learned.brand_rows(behaviour.brands, list(behaviour.wishes))
    blank = sparse.csr_array((len(behaviour.brands), len(others)))
    weights, hidden = (
        sparse.csr_array(sparse.hstack([matrix[:, inside], blank]))
        for matrix in (interactions.weights, interactions.hidden)
    )
    if rows is not None:
        only = sparse.diags_array(np.isin(np.arange(len(behaviour.brands)), rows).astype(float))
        weights = sparse.csr_array(only @ weights)
    learned.factorisation.partial_fit(
        weights, brand_rows, creator_rows, hidden=hidden, rivals=np.arange(len(rows_))
    )
    return _counted(learned, behaviour, interactions)


def _never_met(index: CreatorIndex, met: Ints, random_state: int) -> Ints:
    """Rows of creators in no event, drawn by lot, `OTHERS` to each that is in one.

    As rivals they teach what sets chosen creators apart from the catalogue; with only those who
    were met, whoever was not would keep whatever place their facts happen to give.
    """
    left = np.setdiff1d(np.flatnonzero(index.main), met)
    count = min(len(left), int(np.ceil(OTHERS * len(met))))
    return np.sort(np.random.default_rng(random_state).permutation(left)[:count])


def _counted(learned: Learned, behaviour: Behaviour, interactions: Interactions) -> Learned:
    """With what was chosen, shown and read of each brand and creator."""
    at = places_of(learned.creators, behaviour.creators)
    own = places_of(learned.brands, behaviour.brands)

    def per_creator(values: NDArray[Any], missing: float) -> NDArray[Any]:
        if not len(values):
            return np.full(len(at), missing)
        return np.where(at >= 0, values[at], missing)

    events = np.bincount(behaviour.log.brands, minlength=len(behaviour.brands))
    columns = len(behaviour.creators)
    chosen = np.bincount(interactions.weights.indices, minlength=columns)
    shown = np.bincount(interactions.shown.indices, minlength=columns)
    rates = choice_rate(interactions) if interactions.shown.nnz else np.full(columns, np.nan)
    return replace(
        learned,
        chosen=per_creator(chosen, 0).astype(np.int64),
        shown=per_creator(shown, 0).astype(np.int64),
        rates=per_creator(rates, np.nan).astype(np.float32),
        events=np.where(own >= 0, events[own], 0) if len(events) else np.zeros(0, dtype=np.int64),
    )


def _with_events(behaviour: Behaviour, interactions: Interactions) -> tuple[Ints, Ints]:
    """Positions of brands and creators that anything was read of."""
    pairs = sparse.coo_array(interactions.shown)
    return np.unique(pairs.row).astype(np.int64), np.unique(pairs.col).astype(np.int64)


def _brand_encoder(wishes: Sequence[Wishes], width: int) -> FeatureEncoder:
    return FeatureEncoder().fit(wish_facts(wishes, width))


def _carry_over(
    model: HybridFactorisation,
    start: Start,
    brand_encoder: FeatureEncoder,
    creator_encoder: FeatureEncoder,
) -> None:
    """Give `model` the rows of the start's tables whose columns have the same names."""
    rng = np.random.default_rng(model.random_state)
    base = start.factorisation
    model.tables_, model.squares_, model.fitted_batches_ = {}, {}, 0
    for name, old, new in (
        ("users", start.brand_encoder, brand_encoder),
        ("items", start.creator_encoder, creator_encoder),
        ("biases", start.creator_encoder, creator_encoder),
    ):
        rows = len(new.names_) + new.width_
        columns = base.tables_[name].shape[1]
        table = np.zeros((rows, columns))
        if name != "biases":
            table = (rng.random((rows, columns)) - 0.5) / model.dimensions
        squares = np.zeros((rows, columns))
        there = {value: row for row, value in enumerate(old.names_)}
        pairs = [(row, there[value]) for row, value in enumerate(new.names_) if value in there]
        pairs += [(len(new.names_) + k, len(old.names_) + k) for k in range(new.width_)]
        if pairs:
            to, source = np.array(pairs).T
            table[to] = base.tables_[name][source]
            squares[to] = base.squares_[name][source]
        model.tables_[name], model.squares_[name] = table, squares


def _appended(known: Ints, ids: Ints) -> Ints:
    """Known ids first, in their order: the columns of what was learned do not move."""
    return np.concatenate([known, np.setdiff1d(ids, known)]).astype(np.int64)
