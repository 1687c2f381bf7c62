"""The active match model in the form that ranking calls, whichever version it is.

Version 2 (`MatchScorer`) is served as it is. Version 1 (`MatchModel`) knows six of the factors
and no letters; behind the same calls it answers as before, so that a rollback is one command.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scoring import registry
from scoring.ml.matching import MatchModel

Floats = NDArray[np.float64]
Factors = Mapping[str, Floats]
Encode = Callable[[list[str]], NDArray[np.float32]]


class Scorer(Protocol):
    """What `MatchScorer` and `FirstVersion` have in common; factors are name → (n,)."""

    version: str
    weights: Mapping[str, float]

    def read_brief(self, text: str, encode: Encode) -> Any: ...
    def topic_values(self, asked: Any, texts: Sequence[str], cosines: Floats) -> Floats: ...
    def weighted_scores(self, factors: Factors) -> Floats: ...
    def order_values(self, factors: Factors, scores: Floats | None = None) -> Floats: ...
    def decompose(self, factors: Factors) -> tuple[Floats, dict[str, Floats]]: ...


def get_scorer() -> Scorer:
    """The active version. :raises NoActiveVersion: if there is none."""
    model = registry.load("match")
    return FirstVersion(model) if isinstance(model, MatchModel) else model


@dataclass(frozen=True)
class WholeBrief:
    """A brief whose every word is its field."""

    field: str


class FirstVersion:
    """Version 1: a stated sum of its own factors, in whose order lists are."""

    def __init__(self, model: MatchModel) -> None:
        self.model = model
        self.version = model.version
        self.weights = model.weights

    def read_brief(self, text: str, encode: Encode) -> WholeBrief:
        return WholeBrief(text)

    def topic_values(self, asked: Any, texts: Sequence[str], cosines: Floats) -> Floats:
        return self.model.topic_factor(cosines)

    def weighted_scores(self, factors: Factors) -> Floats:
        return self.model.weighted_scores(factors)

    def order_values(self, factors: Factors, scores: Floats | None = None) -> Floats:
        return self.model.weighted_scores(factors) if scores is None else scores

    def decompose(self, factors: Factors) -> tuple[Floats, dict[str, Floats]]:
        """What is unknown moves nothing by itself: it discounts the others."""
        parts = self.model.contributions(factors)
        base = np.zeros(len(next(iter(factors.values()))))
        return base, {name: np.nan_to_num(part) for name, part in parts.items()}
