"""What a learned recommender has to beat: popularity, content alone, EASE."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

Floats = NDArray[np.float64]


def popularity(weights: sparse.csr_array) -> Floats:
    """How many users chose each item, (items,)."""
    return np.bincount(sparse.coo_array(weights).col, minlength=weights.shape[1]).astype(float)


def content_cosine(user_vectors: Floats, item_vectors: Floats) -> Floats:
    """Cosines (users, items); a vector of length 0 or with NaN is like nothing (0)."""

    def unit(vectors: Floats) -> Floats:
        vectors = np.nan_to_num(np.asarray(vectors, dtype=float))
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0))

    return np.asarray(np.einsum("ud,id->ui", unit(user_vectors), unit(item_vectors)))


def ease_scores(weights: sparse.csr_array, *, regularisation: float = 100.0) -> Floats:
    """EASE (Steck 2019) scores X·B of every item for every user, (users, items).

    B = I - P·diag(1/diag P), P = (XᵀX + λI)⁻¹, the closed form with zero diagonal. With
    fewer users than items the same numbers come from the users' side (Woodbury):

        X·P = (XXᵀ + λI)⁻¹ X,  P_jj = (1 - x_jᵀ(XXᵀ + λI)⁻¹x_j) / λ

    :param weights: (users, items), read as 0/1; the smaller side squared must fit in memory.
    """
    x = (weights > 0).astype(float).toarray()
    users, items = x.shape
    if items <= users:
        p = linalg.inv(x.T @ x + regularisation * np.eye(items))
        return np.asarray(x - (x @ p) / np.diag(p))
    xp = linalg.solve(x @ x.T + regularisation * np.eye(users), x, assume_a="pos")
    diagonal = (1.0 - np.einsum("ui,ui->i", x, xp)) / regularisation
    return np.asarray(x - xp / diagonal)
