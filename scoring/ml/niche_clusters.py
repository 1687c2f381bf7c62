"""Unsupervised niches of a catalogue: K-Means on text vectors, named by their keywords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from scoring.ml.keywords import extract_cluster_keywords

N_CLUSTERS = 40
N_KEYWORDS = 3


@dataclass(frozen=True)
class NicheClusters:
    """Centres, shape (k, d), with a name and keywords each; the largest cluster is 0."""

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
) -> NicheClusters:
    """Cluster a catalogue; the same texts and seed give the same clusters and names.

    :param vectors: shape (n, d) with n ≥ n_clusters.
    """
    model = KMeans(n_clusters=n_clusters, n_init=2, max_iter=100, random_state=random_state)
    assigned = model.fit_predict(vectors)
    order = np.argsort(-np.bincount(assigned, minlength=n_clusters), kind="stable")
    renumbered = np.argsort(order)[assigned]
    keywords = extract_cluster_keywords(texts, renumbered, n_clusters, N_KEYWORDS)
    return NicheClusters(
        centres=model.cluster_centers_[order].astype(np.float32),
        names=tuple(name_clusters(keywords)),
        keywords=tuple(tuple(words) for words in keywords),
    )


def name_clusters(keywords: Sequence[Sequence[str]]) -> list[str]:
    """A distinct name per cluster: two keywords, a third or a number where they collide."""
    names: list[str] = []
    for number, words in enumerate(keywords):
        options = [" & ".join(words[:count]) for count in (2, 3) if words]
        options.append(f"{options[0] if options else 'mixed'} ({number})")
        names.append(next(option for option in options if option not in names))
    return names
