"""Unsupervised niches of a catalogue: K-Means on text vectors, named by their keywords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.metrics import silhouette_score

from scoring.ml.keywords import extract_cluster_keywords

N_CLUSTERS: Final = 40
N_KEYWORDS: Final = 3
SILHOUETTE_SAMPLE: Final = 4_000
# K-Means proper takes this many rows in seconds; from there on it learns from batches.
MINI_BATCH_FROM: Final = 50_000
MINI_BATCH: Final = 4_096
ROWS_AT_ONCE: Final = 16_384
# Centres of one topic in two halves of the catalogue are at least this alike.
SAME_CLUSTER_COSINE: Final = 0.8


@dataclass(frozen=True)
class NicheClusters:
    """Centres, shape (k, d), with a name and keywords each; the largest of a first run is 0."""

    centres: NDArray[np.float32]
    names: tuple[str, ...]
    keywords: tuple[tuple[str, ...], ...]

    def assign(self, vectors: NDArray[np.float32]) -> NDArray[np.intp]:
        """The nearest centre of every row."""
        return nearest_centre(vectors, self.centres)


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
    centres = fit_centres(vectors, n_clusters=n_clusters, random_state=random_state)
    kept: dict[int, str] = {}
    if previous is not None:
        centres = centres[_keep_numbers(match_clusters(centres, previous.centres), len(centres))]
        matched = match_clusters(centres, previous.centres)
        kept = {new: previous.names[old] for new, old in matched.items()}
    assigned = nearest_centre(vectors, centres)
    keywords = extract_cluster_keywords(texts, assigned, n_clusters, N_KEYWORDS)
    return NicheClusters(
        centres=centres,
        names=tuple(name_clusters(keywords, kept)),
        keywords=tuple(tuple(words) for words in keywords),
    )


def fit_centres(
    vectors: NDArray[np.float32], *, n_clusters: int, random_state: int
) -> NDArray[np.float32]:
    """K-Means centres (k-means++), shape (k, d), that of the largest cluster first.

    The better of two starts; from 50,000 rows on by mini-batches (Sculley, 2010).

    :raises ValueError: fewer rows than clusters.
    """
    if len(vectors) >= MINI_BATCH_FROM:
        model = MiniBatchKMeans(
            n_clusters=n_clusters, n_init=2, batch_size=MINI_BATCH, random_state=random_state
        )
    else:
        model = KMeans(n_clusters=n_clusters, n_init=2, max_iter=100, random_state=random_state)
    assigned = model.fit_predict(vectors)
    order = np.argsort(-np.bincount(assigned, minlength=n_clusters), kind="stable")
    return np.asarray(model.cluster_centers_[order], dtype=np.float32)


def nearest_centre(vectors: NDArray[np.float32], centres: NDArray[np.floating]) -> NDArray[np.intp]:
    """The nearest centre of every row, by Euclidean distance as in K-Means, shape (n,)."""
    centres = centres.astype(np.float64)
    squares = (centres**2).sum(axis=1)
    nearest = [
        (squares - 2 * vectors[start : start + ROWS_AT_ONCE].astype(np.float64) @ centres.T).argmin(
            axis=1
        )
        for start in range(0, len(vectors), ROWS_AT_ONCE)
    ]
    return np.concatenate(nearest) if nearest else np.zeros(0, dtype=np.intp)


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

    :raises ValueError: see `measure_options`.
    """
    silhouettes = measure_options(vectors, options, random_state=random_state)
    return max(silhouettes, key=lambda k: (silhouettes[k], -k))


def measure_options(
    vectors: NDArray[np.float32], options: Sequence[int], *, random_state: int
) -> dict[int, float]:
    """The mean silhouette of each possible number of clusters, smallest number first.

    Judged on at most 4,000 of the vectors, drawn with `random_state`.

    :raises ValueError: no option lies between 2 and the number of vectors less one.
    """
    generator = np.random.default_rng(random_state)
    size = min(len(vectors), SILHOUETTE_SAMPLE)
    sample = vectors[np.sort(generator.choice(len(vectors), size, replace=False))]
    possible = sorted({k for k in options if 2 <= k < size})
    if not possible:
        raise ValueError(f"None of {list(options)} clusters can be made of {size} vectors.")
    silhouettes = {}
    for k in possible:
        model = KMeans(n_clusters=k, n_init=1, max_iter=50, random_state=random_state)
        silhouettes[k] = round(float(silhouette_score(sample, model.fit_predict(sample))), 9)
    return silhouettes


def name_clusters(
    keywords: Sequence[Sequence[str]],
    kept: Mapping[int, str] | None = None,
    *,
    separator: str = " & ",
    words_in_name: Sequence[int] = (2, 3),
) -> list[str]:
    """A distinct name per cluster: some keywords, more of them or a number where they collide.

    :param kept: names given already, by number.
    """
    kept = kept or {}
    taken = set(kept.values())
    names: list[str] = []
    for number, words in enumerate(keywords):
        if number in kept:
            names.append(kept[number])
            continue
        options = [separator.join(words[:count]) for count in words_in_name if words]
        options.append(f"{options[0] if options else 'mixed'} ({number})")
        names.append(next(option for option in options if option not in taken))
        taken.add(names[-1])
    return names


def _keep_numbers(continued: dict[int, int], count: int) -> list[int]:
    """The order in which a continued cluster has its previous number, the rest as they were."""
    numbers = {old: new for new, old in continued.items() if old < count}
    others = iter([new for new in range(count) if new not in numbers.values()])
    return [numbers[n] if n in numbers else next(others) for n in range(count)]


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.asarray(rows, dtype=np.float64)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
