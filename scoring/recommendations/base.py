"""The shipped model of facts that learning from behaviour starts from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring import registry
from scoring.ml.recommending.learning import Start


@dataclass(frozen=True)
class Base:
    version: str
    projection: NDArray[np.float64]
    start: Start


def load_base() -> Base:
    """The active version, loaded once per process. :raises registry.NoActiveVersion: none is."""
    model = registry.load("recommend")
    start = Start(
        factorisation=model.recommender.factorisation,
        brand_encoder=model.brand_features,
        creator_encoder=model.creator_features,
        content_weight=model.recommender.content_weight,
    )
    return Base(f"recommend/{model.version}", model.projection, start)
