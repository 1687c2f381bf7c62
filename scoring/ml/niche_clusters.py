"""Unsupervised niches of a catalogue: K-Means on text vectors, named by their keywords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from scoring.ml.keywords import extract_cluster_keywords

N_CLUSTERS: Final = 40
N_KEYWORDS: Final = 3
SILHOUETTE_SAMPLE: Final = 4_000
# Centres of one topic in two halves of the catalogue are at least this alike.
SAME_CLUSTER_COSINE: Final = 0.8


@dataclass(frozen=True)
class NicheClusters:
    """Centres, shape (k, d), with a name and keywords each; the largest of a first run is 0."""

    centres: NDArray[np.float32]
    names: tuple[str, ...]
    keywords: tuple[tuple[str, ...], ...]

    def assign(self, vectors: NDArray[np.float32]) -> NDArray[np.intp]:
        """The nearest centre of every row, by Euclidean distance as in K-Means."""
        centres = self.centres.astype(np.float64)
        distances = (centres**2).sum(axis=1) - 2 * vectors.astype(np.float64) @ centres.T
        return np.asarray(distances.argmin(axis=1))


def fit_clusters(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    *,
    random_state: int,
    n_clusters: int = N_CLUSTERS,
    previous: NicheClusters | None = None,
) -> NicheClusters:
    """Cluster a catalogue; the same texts and seed give the same clusters and names.

    :param vectors: shape (n, d) with n ≥ n_clusters.
    :param previous: clusters whose numbers and names pass on to those that continue them,
        see `match_clusters`. Keywords are always those of the new texts.
    """
    model = KMeans(n_clusters=n_clusters, n_init=2, max_iter=100, random_state=random_state)
    assigned = model.fit_predict(vectors)
    order = np.argsort(-np.bincount(assigned, minlength=n_clusters), kind="stable")
    kept: dict[int, str] = {}
    if previous is not None:
        order = _keep_numbers(
            order, match_clusters(model.cluster_centers_[order], previous.centres)
        )
        matched = match_clusters(model.cluster_centers_[order], previous.centres)
        kept = {new: previous.names[old] for new, old in matched.items()}
    renumbered = np.argsort(order)[assigned]
    keywords = extract_cluster_keywords(texts, renumbered, n_clusters, N_KEYWORDS)
    return NicheClusters(
        centres=model.cluster_centers_[order].astype(np.float32),
        names=tuple(name_clusters(keywords, kept)),
        keywords=tuple(tuple(words) for words in keywords),
    )


def match_clusters(centres: NDArray[np.floating], previous: NDArray[np.floating]) -> dict[int, int]:
    """Which new cluster continues which previous one: {new: previous}.

    The assignment with the largest sum of cosines (Kuhn, 1955); pairs below a cosine of 0.8
    are taken apart again, so that a new topic does not inherit an old name.
    """
    cosines = _unit(centres) @ _unit(previous).T
    pairs = zip(*linear_sum_assignment(-cosines), strict=True)
    return {int(new): int(old) for new, old in pairs if cosines[new, old] >= SAME_CLUSTER_COSINE}


def choose_n_clusters(
    vectors: NDArray[np.float32], options: Sequence[int], *, random_state: int
) -> int:
    """The option with the largest mean silhouette (Rousseeuw, 1987); the smallest of equals.

    Judged on at most 4,000 of the vectors, drawn with `random_state`.

    :raises ValueError: no option lies between 2 and the number of vectors less one.
    """
    generator = np.random.default_rng(random_state)
    size = min(len(vectors), SILHOUETTE_SAMPLE)
    sample = vectors[np.sort(generator.choice(len(vectors), size, replace=False))]
    possible = sorted({k for k in options if 2 <= k < size})
    if not possible:
        raise ValueError(f"None of {list(options)} clusters can be made of {size} vectors.")
    silhouettes = []
    for k in possible:
        model = KMeans(n_clusters=k, n_init=1, max_iter=50, random_state=random_state)
        silhouettes.append(silhouette_score(sample, model.fit_predict(sample)))
    return possible[int(np.argmax(np.round(silhouettes, 9)))]


def name_clusters(
    keywords: Sequence[Sequence[str]], kept: dict[int, str] | None = None
) -> list[str]:
    """A distinct name per cluster: two keywords, a third or a number where they collide.

    :param kept: names given already, by number.
    """
    kept = kept or {}
    taken = set(kept.values())
    names: list[str] = []
    for number, words in enumerate(keywords):
        if number in kept:
            names.append(kept[number])
            continue
        options = [" & ".join(words[:count]) for count in (2, 3) if words]
        options.append(f"{options[0] if options else 'mixed'} ({number})")
        names.append(next(option for option in options if option not in taken))
        taken.add(names[-1])
    return names


def _keep_numbers(order: NDArray[np.intp], continued: dict[int, int]) -> NDArray[np.intp]:
    """The order in which a continued cluster has its previous number, the rest by size."""
    numbers = {old: new for new, old in continued.items() if old < len(order)}
    others = iter([new for new in range(len(order)) if new not in numbers.values()])
    return order[[numbers[n] if n in numbers else next(others) for n in range(len(order))]]


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.asarray(rows, dtype=np.float64)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
