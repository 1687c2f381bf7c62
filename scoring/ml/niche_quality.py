"""How good a clustering is: tightness, stability, agreement with declared niches, sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    adjusted_rand_score,
    normalized_mutual_info_score,
    silhouette_score,
)

from scoring.ml.niche_clusters import fit_centres, nearest_centre

SAMPLE: Final = 4_000
STABILITY_SAMPLE: Final = 20_000
OTHER_SEEDS: Final = 2
SIZE_QUANTILES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def measure_clusters(
    vectors: NDArray[np.float32],
    assigned: NDArray[np.intp],
    declared: Sequence[Sequence[str]],
    *,
    n_clusters: int,
    random_state: int,
) -> dict[str, Any]:
    """Figures of a clustering; None where the data cannot support one.

    `silhouette` (Rousseeuw, 1987) on at most 4,000 rows. `stability`: the mean adjusted Rand
    index (Hubert and Arabie, 1985) with clusterings from other seeds. `agreement`: normalised
    mutual information with the niches people are listed under, a row per creator and niche;
    0 knows nothing of them, 1 is the same division. `sizes`: quartiles.

    :param vectors: shape (n, d). :param assigned: shape (n,), 0 to n_clusters − 1.
    :param declared: niches per row, empty where none are known.
    """
    counts = np.bincount(assigned, minlength=n_clusters)
    rows = _sample(len(vectors), SAMPLE, random_state)
    return {
        "silhouette": _silhouette(vectors[rows], assigned[rows]),
        "stability": measure_stability(
            vectors, assigned, n_clusters=n_clusters, random_state=random_state
        ),
        "agreement": measure_agreement(assigned, declared),
        "with_declared_niches": sum(bool(own) for own in declared),
        "sizes": [int(size) for size in np.quantile(counts, SIZE_QUANTILES)],
        "empty": int((counts == 0).sum()),
    }


def measure_stability(
    vectors: NDArray[np.float32],
    assigned: NDArray[np.intp],
    *,
    n_clusters: int,
    random_state: int,
) -> float | None:
    """How far other seeds divide at most 20,000 of the rows in the same way; 1: exactly."""
    rows = _sample(len(vectors), STABILITY_SAMPLE, random_state)
    if len(rows) <= n_clusters:
        return None
    sample = vectors[rows]
    agreements = []
    for other in range(1, OTHER_SEEDS + 1):
        centres = fit_centres(sample, n_clusters=n_clusters, random_state=random_state + other)
        agreements.append(adjusted_rand_score(assigned[rows], nearest_centre(sample, centres)))
    return round(float(np.mean(agreements)), 4)


def measure_agreement(
    assigned: NDArray[np.intp], declared: Sequence[Sequence[str]]
) -> float | None:
    """Normalised mutual information of clusters and declared niches; None without niches."""
    pairs = [
        (cluster, niche) for cluster, own in zip(assigned, declared, strict=True) for niche in own
    ]
    if not pairs:
        return None
    clusters, niches = zip(*pairs, strict=True)
    return round(float(normalized_mutual_info_score(niches, clusters)), 4)


def moved_share(before: NDArray[np.integer], after: NDArray[np.integer]) -> float | None:
    """The share whose group is another one now, of the same creators; None without any."""
    return round(float((before != after).mean()), 4) if len(before) else None


def _silhouette(vectors: NDArray[np.float32], assigned: NDArray[np.intp]) -> float | None:
    if not 2 <= len(np.unique(assigned)) < len(vectors):
        return None
    return round(float(silhouette_score(vectors, assigned)), 4)


def _sample(rows: int, most: int, random_state: int) -> NDArray[np.intp]:
    generator = np.random.default_rng(random_state)
    return np.sort(generator.choice(rows, min(rows, most), replace=False))
