"""Hybrid factorisation with features of users and items: LightFM's model (Kula 2015).

A user is the sum of the vectors of its features, an item likewise, plus a bias:

    q_u = Σ x_uf e_f,   p_i = Σ y_ig v_g,   b_i = Σ y_ig β_g,   s(u, i) = q_u·p_i + b_i

Identities among the features make it matrix factorisation; without them it is a content
model; with both, who has no events is placed by facts alone. Trained by mini-batch
Adagrad on BPR or WARP; the bias of a user changes no order and is left out. Batches are
vectorised, so a batch sees the parameters from before it, unlike LightFM's one-by-one steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending.losses import bpr_loss, first_violators, warp_loss

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TABLES: Final = ("users", "items", "biases")
REFRESH_EVERY: Final = 16
SETTINGS: Final = (
    "dimensions",
    "loss",
    "epochs",
    "learning_rate",
    "regularisation",
    "batch_size",
    "draws",
    "hidden_share",
    "random_state",
)


@dataclass(frozen=True)
class Triples:
    """Users, the items they chose, items they did not; rows of the feature matrices, (b,)."""

    users: Ints
    positives: Ints
    negatives: Ints
    weights: Floats


class HybridFactorisation:
    """LightFM's model in NumPy.

    :param dimensions: length of the vectors. :param loss: "bpr" or "warp".
    :param epochs: passes over all pairs of `fit`, and of each `partial_fit`.
    :param learning_rate: Adagrad's. :param regularisation: L2 on the vectors in use.
    :param draws: items drawn in search of a violator (WARP).
    :param hidden_share: share of the pairs whose rival is an item the user has hidden.

    Learned: `tables_` {"users": (f, d), "items": (g, d), "biases": (g, 1)} and Adagrad's
    sums of squares `squares_`. A feature that training never met counts as zero.
    """

    def __init__(
        self,
        *,
        dimensions: int = 32,
        loss: Literal["bpr", "warp"] = "warp",
        epochs: int = 20,
        learning_rate: float = 0.05,
        regularisation: float = 0.0,
        batch_size: int = 256,
        draws: int = 20,
        hidden_share: float = 0.1,
        random_state: int = 0,
    ) -> None:
        self.dimensions = dimensions
        self.loss = loss
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.regularisation = regularisation
        self.batch_size = batch_size
        self.draws = draws
        self.hidden_share = hidden_share
        self.random_state = random_state

    def fit(
        self,
        weights: sparse.csr_array,
        user_features: sparse.csr_array,
        item_features: sparse.csr_array,
        *,
        hidden: sparse.csr_array | None = None,
        rivals: Ints | None = None,
        start: Mapping[str, Floats] | None = None,
    ) -> HybridFactorisation:
        """Learn from scratch.

        :param weights: (users, items), positive where the user chose the item.
        :param hidden: (users, items), non-zero where the user hid the item.
        :param rivals: items that may stand in as not chosen; by default those anyone
            chose or hid, because an item nobody could choose was not rejected.
        :param start: tables to start from in place of small random numbers, e.g. such that
            the first scores are cosines of a dense block both sides share.
        """
        rng = np.random.default_rng(self.random_state)
        sizes = (user_features.shape[1], item_features.shape[1])
        self.tables_: dict[str, Floats] = {
            "users": (rng.random((sizes[0], self.dimensions)) - 0.5) / self.dimensions,
            "items": (rng.random((sizes[1], self.dimensions)) - 0.5) / self.dimensions,
            "biases": np.zeros((sizes[1], 1)),
        }
        for name, table in (start or {}).items():
            self.tables_[name][: len(table)] = table
        self.squares_ = {name: np.zeros_like(table) for name, table in self.tables_.items()}
        self.fitted_batches_ = 0
        return self._learn(weights, user_features, item_features, hidden, rivals)

    def partial_fit(
        self,
        weights: sparse.csr_array,
        user_features: sparse.csr_array,
        item_features: sparse.csr_array,
        *,
        hidden: sparse.csr_array | None = None,
        rivals: Ints | None = None,
    ) -> HybridFactorisation:
        """Learn on from new interactions; feature columns may have been appended.

        Earlier choices not in `weights` are not remembered as choices, so pass all pairs of
        the users concerned. Fits from scratch when nothing was learned yet.
        """
        if not hasattr(self, "tables_"):
            return self.fit(weights, user_features, item_features, hidden=hidden, rivals=rivals)
        self._grow("users", user_features.shape[1])
        self._grow("items", item_features.shape[1])
        return self._learn(weights, user_features, item_features, hidden, rivals)

    def score(self, user_features: sparse.csr_array, item_features: sparse.csr_array) -> Floats:
        """Scores of every item for every user, (users, items); only their order has meaning."""
        q = self.user_vectors(user_features)
        p, biases = self.item_vectors(item_features)
        # Not a matrix product: BLAS rounds a batch unlike a single row.
        return np.asarray(np.einsum("ud,id->ui", q, p, optimize=False) + biases)

    def user_vectors(self, features: sparse.csr_array) -> Floats:
        """(users, d). Columns beyond those learned are ignored."""
        return self._represent("users", features)

    def item_vectors(self, features: sparse.csr_array) -> tuple[Floats, Floats]:
        """Vectors (items, d) and biases (items,)."""
        return self._represent("items", features), self._represent("biases", features)[:, 0]

    def without_identities(self, users: int, items: int) -> HybridFactorisation:
        """A model of the first `users` and `items` feature columns alone, for other catalogues."""
        kept = HybridFactorisation(**self.settings())
        widths = {"users": users, "items": items, "biases": items}
        kept.tables_ = {name: self.tables_[name][:width] for name, width in widths.items()}
        kept.squares_ = {name: self.squares_[name][:width] for name, width in widths.items()}
        kept.fitted_batches_ = self.fitted_batches_
        return kept

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """What an artefact keeps, in half of the memory."""
        kept = {name: self.tables_[name].astype(np.float32) for name in TABLES}
        return kept | {f"{name}_squares": self.squares_[name].astype(np.float32) for name in TABLES}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> HybridFactorisation:
        """Continue from `to_arrays`."""
        self.tables_ = {name: arrays[name].astype(float) for name in TABLES}
        self.squares_ = {name: arrays[f"{name}_squares"].astype(float) for name in TABLES}
        self.fitted_batches_ = 0
        return self

    def used_table(self, name: str) -> Floats:
        """A table in which what training never met is zero."""
        return np.where(self.squares_[name] > 0, self.tables_[name], 0.0)

    def settings(self) -> dict[str, Any]:
        """The hyper-parameters, to make an equal model of."""
        return {key: value for key, value in vars(self).items() if key in SETTINGS}

    def _represent(self, name: str, features: sparse.csr_array) -> Floats:
        table = self.used_table(name)
        return np.asarray(features[:, : len(table)] @ table[: features.shape[1]])

    def _grow(self, side: str, columns: int) -> None:
        names = ("users",) if side == "users" else ("items", "biases")
        missing = columns - len(self.tables_[names[0]])
        if missing <= 0:
            return
        rng = np.random.default_rng([self.random_state, columns])
        for name in names:
            width = self.tables_[name].shape[1]
            new = np.zeros((missing, width))
            if name != "biases":
                new = (rng.random((missing, width)) - 0.5) / self.dimensions
            self.tables_[name] = np.vstack([self.tables_[name], new])
            self.squares_[name] = np.vstack([self.squares_[name], np.zeros((missing, width))])

    def _learn(
        self,
        weights: sparse.csr_array,
        user_features: sparse.csr_array,
        item_features: sparse.csr_array,
        hidden: sparse.csr_array | None,
        rivals: Ints | None,
    ) -> HybridFactorisation:
        pairs = sparse.coo_array(weights)
        keep = pairs.data > 0
        users, items, own = pairs.row[keep], pairs.col[keep], pairs.data[keep]
        if not len(users):
            return self
        own = own / own.mean()
        n_items = item_features.shape[0]
        chosen = np.sort(users.astype(np.int64) * n_items + items)
        if rivals is None:
            busy = [items] if hidden is None else [items, sparse.coo_array(hidden).col]
            rivals = np.unique(np.concatenate(busy)).astype(np.int64)
        rng = np.random.default_rng([self.random_state, self.fitted_batches_])
        stale: tuple[Floats, Floats] | None = None
        for _ in range(self.epochs):
            order = rng.permutation(len(users))
            for start in range(0, len(order), self.batch_size):
                rows = order[start : start + self.batch_size]
                if stale is None or self.fitted_batches_ % REFRESH_EVERY == 0:
                    # Violators are searched with vectors a few batches old; the step
                    # itself always uses fresh ones.
                    stale = (
                        item_features @ self.tables_["items"],
                        (item_features @ self.tables_["biases"])[:, 0],
                    )
                triples, trials = self._draw(
                    rng,
                    users[rows],
                    items[rows],
                    own[rows],
                    chosen,
                    rivals,
                    stale,
                    user_features,
                    hidden,
                )
                self._step(triples, trials, len(rivals), user_features, item_features)
                self.fitted_batches_ += 1
        return self

    def _draw(
        self,
        rng: np.random.Generator,
        users: Ints,
        items: Ints,
        weights: Floats,
        chosen: Ints,
        rivals: Ints,
        stale: tuple[Floats, Floats],
        user_features: sparse.csr_array,
        hidden: sparse.csr_array | None,
    ) -> tuple[Triples, Ints]:
        vectors, biases = stale
        draws = self.draws if self.loss == "warp" else 3
        drawn = rivals[rng.integers(0, len(rivals), (len(users), draws))]
        if hidden is not None and hidden.nnz:
            drawn[:, 0] = _draw_hidden(rng, users, drawn[:, 0], hidden, self.hidden_share)
        forbidden = _is_in(chosen, users[:, None].astype(np.int64) * len(biases) + drawn)
        if self.loss == "bpr":
            column = (~forbidden).argmax(axis=1)
            trials = np.where((~forbidden).any(axis=1), 1, 0)
        else:
            q = user_features[users] @ self.tables_["users"]
            positive = np.einsum("bd,bd->b", q, vectors[items]) + biases[items]
            scores = np.einsum("bd,bkd->bk", q, vectors[drawn]) + biases[drawn]
            column, trials = first_violators(scores, positive, forbidden)
        found = trials > 0
        negatives = drawn[np.arange(len(users)), column]
        triples = Triples(users[found], items[found], negatives[found], weights[found])
        return triples, trials[found]

    def _step(
        self,
        triples: Triples,
        trials: Ints,
        n_items: int,
        user_features: sparse.csr_array,
        item_features: sparse.csr_array,
    ) -> None:
        if not len(triples.users):
            return
        features = (
            user_features[triples.users],
            item_features[triples.positives],
            item_features[triples.negatives],
        )
        _, gradients = pair_gradients(
            self.tables_, features, triples.weights, loss=self.loss, trials=trials, items=n_items
        )
        for name, (touched, gradient) in gradients.items():
            table, squares = self.tables_[name], self.squares_[name]
            if self.regularisation:
                gradient = gradient + self.regularisation * table[touched]
            squares[touched] += gradient**2
            table[touched] -= self.learning_rate * gradient / np.sqrt(squares[touched] + 1e-12)


def pair_gradients(
    tables: Mapping[str, Floats],
    features: tuple[sparse.csr_array, sparse.csr_array, sparse.csr_array],
    weights: Floats,
    *,
    loss: Literal["bpr", "warp"],
    trials: Ints,
    items: int,
) -> tuple[float, dict[str, tuple[Ints, Floats]]]:
    """The loss of a batch, and per table the rows it touches with their gradients.

    :param features: rows of the users, of the chosen and of the rival items, (b, f) each.
    """
    users, positives, negatives = features
    q = users @ tables["users"]
    difference = (positives @ tables["items"]) - (negatives @ tables["items"])
    lead = ((positives @ tables["biases"]) - (negatives @ tables["biases"]))[:, 0]
    margins = np.einsum("bd,bd->b", q, difference) + lead
    if loss == "bpr":
        losses, slopes = bpr_loss(margins, weights)
    else:
        losses, slopes = warp_loss(margins, weights, trials, items)
    contrast = sparse.csr_array(positives - negatives)
    touched, small = _used_columns(contrast)
    own, small_users = _used_columns(users)
    return float(losses.sum()), {
        "users": (own, small_users.T @ (slopes[:, None] * difference)),
        "items": (touched, small.T @ (slopes[:, None] * q)),
        "biases": (touched, small.T @ slopes[:, None]),
    }


def _used_columns(matrix: sparse.csr_array) -> tuple[Ints, sparse.csr_array]:
    columns, inverse = np.unique(matrix.indices, return_inverse=True)
    small = sparse.csr_array(
        (matrix.data, inverse, matrix.indptr), shape=(matrix.shape[0], len(columns))
    )
    return columns, small


def _is_in(ordered: Ints, values: Ints) -> NDArray[np.bool_]:
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.asarray(ordered[place] == values)


def _draw_hidden(
    rng: np.random.Generator, users: Ints, drawn: Ints, hidden: sparse.csr_array, share: float
) -> Ints:
    """Replace a share of the rivals drawn by items the same user has hidden."""
    starts, counts = hidden.indptr[users], np.diff(hidden.indptr)[users]
    swap = (rng.random(len(users)) < share) & (counts > 0)
    place = starts + (rng.random(len(users)) * np.maximum(counts, 1)).astype(np.int64)
    own = hidden.indices[np.minimum(place, len(hidden.indices) - 1)]
    return np.where(swap, own, drawn)
