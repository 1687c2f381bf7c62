"""Evaluation against the full catalogue, with splits by time and by creator.

No sampled metrics: every creator the brand has not already acted on competes
(Krichene & Rendle 2020 show that sampled ones can reverse an order of models).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METRICS: Final = ("ndcg_at_10", "recall_at_10", "recall_at_50")
DEEPEST: Final = 50
USERS_AT_ONCE: Final = 256

Score = Callable[[Ints], Floats]


@dataclass(frozen=True)
class Measurement:
    """Per user: each metric (users,). Over all: share of items in any top ten, novelty."""

    per_user: Mapping[str, Floats]
    coverage_at_10: float | None
    novelty_at_10: float | None

    def means(self) -> dict[str, float | None]:
        """None without users."""
        means = {k: float(v.mean()) if len(v) else None for k, v in self.per_user.items()}
        return means | {
            "coverage_at_10": self.coverage_at_10,
            "novelty_at_10": self.novelty_at_10,
        }


def measure(
    score: Score,
    held_out: sparse.csr_array,
    *,
    known: sparse.csr_array,
    items: NDArray[np.bool_] | None = None,
    users: Ints | None = None,
) -> Measurement:
    """Rank the whole catalogue for each user that has held-out choices.

    :param score: users (b,) → scores (b, items). :param held_out: (users, items) choices to find.
    :param known: (users, items) chosen or hidden before; not ranked again.
    :param items: only these count as right answers (all compete), e.g. cold ones.
    :param users: only these are measured.
    """
    target = sparse.csr_array(held_out > 0).astype(float)
    target = sparse.csr_array(target - target.multiply(known > 0))
    if items is not None:
        target = sparse.csr_array(target.multiply(items[None, :].astype(float)))
    target.eliminate_zeros()
    wanted = np.flatnonzero(np.diff(target.indptr) > 0)
    if users is not None:
        wanted = np.intersect1d(wanted, users)
    n_items = held_out.shape[1]
    if not len(wanted):
        return Measurement({name: np.zeros(0) for name in METRICS}, None, None)
    tops = []
    figures: dict[str, list[Floats]] = {name: [] for name in METRICS}
    for start in range(0, len(wanted), USERS_AT_ONCE):
        part = wanted[start : start + USERS_AT_ONCE]
        scores = np.array(score(part), dtype=float)
        scores[(known[part] > 0).toarray()] = -np.inf
        top = top_items(scores, min(DEEPEST, n_items))
        hits = np.take_along_axis(target[part].toarray() > 0, top, axis=1)
        totals = np.diff(target.indptr)[part]
        figures["ndcg_at_10"].append(_ndcg(hits[:, :10], totals))
        figures["recall_at_10"].append(hits[:, :10].sum(axis=1) / totals)
        figures["recall_at_50"].append(hits.sum(axis=1) / totals)
        tops.append(top[:, :10])
    shown = np.concatenate(tops)
    share = (np.diff(sparse.csc_array(known).indptr) + 1.0) / (known.shape[0] + 1.0)
    return Measurement(
        per_user={name: np.concatenate(parts) for name, parts in figures.items()},
        coverage_at_10=float(len(np.unique(shown)) / n_items),
        novelty_at_10=float(-np.log2(share[shown]).mean()),
    )


def top_items(scores: Floats, depth: int) -> Ints:
    """Columns of the best scores, best first, ties by column, (rows, depth)."""
    if depth < scores.shape[1]:
        # Whoever ties with the last one in stays in the running, or ties would fall by chance.
        limit = -np.partition(-scores, depth - 1, axis=1)[:, depth - 1]
    else:
        limit = np.full(len(scores), -np.inf)
    rows = []
    for own, least in zip(scores, limit, strict=True):
        candidates = np.flatnonzero(own >= least)
        rows.append(candidates[np.argsort(-own[candidates], kind="stable")][:depth])
    return np.array(rows, dtype=np.int64).reshape(len(scores), depth)


def bootstrap_interval(
    values: Floats, *, random_state: int = 0, rounds: int = 1_000
) -> tuple[float, float] | None:
    """95 % interval of the mean over users, drawn with replacement; None below two users."""
    if len(values) < 2:
        return None
    rng = np.random.default_rng(random_state)
    means = values[rng.integers(0, len(values), (rounds, len(values)))].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def split_pairs(
    matrix: sparse.csr_array, *, share: float, random_state: int
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Hold out a share of the pairs by lot: (left, held out). Where no times are known."""
    pairs = sparse.coo_array(matrix)
    out = np.random.default_rng(random_state).random(len(pairs.data)) < share
    return _only(pairs, ~out), _only(pairs, out)


def split_items(
    matrix: sparse.csr_array, cold: NDArray[np.bool_]
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """By creator: all pairs of the cold items are held out: (left, held out)."""
    pairs = sparse.coo_array(matrix)
    return _only(pairs, ~cold[pairs.col]), _only(pairs, cold[pairs.col])


def _only(pairs: sparse.coo_array, keep: NDArray[np.bool_]) -> sparse.csr_array:
    return sparse.csr_array(
        (pairs.data[keep], (pairs.row[keep], pairs.col[keep])), shape=pairs.shape
    )


def _ndcg(hits: NDArray[np.bool_], totals: Ints) -> Floats:
    discounts = 1.0 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(totals, hits.shape[1])]
    return np.asarray((hits * discounts).sum(axis=1) / ideal)
