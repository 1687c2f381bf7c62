"""The match score: how well accounts fit a brief, from stated, weighted factors.

Arrays in, arrays out. A factor is a value in [0, 1] per account, NaN where the facts
behind it are unknown. The score is the weighted mean of the known factors, reduced by
`evidence_discount` times the share of the weight that is unknown (document 000 section 2:
weighted scoring; unknown facts are neither average nor free):

    score = (Σ w·v over known / Σ w over known) · (1 - evidence_discount · unknown share)

A factor the brief does not ask for is left out for everybody and discounts nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.artifacts import Artifact

Floats = NDArray[np.float64]

SETTINGS_FILE: Final = "settings.json"
FACTORS: Final = ("topic", "niche", "authenticity", "engagement", "audience_country", "price")


@dataclass(frozen=True)
class MatchModel:
    """The stated formula: a weight per factor, and where cosines start and stop to count.

    `weights` sum to 1 before any factor is left out. `topic_floor` and `topic_ceiling`
    are the cosines of text that become 0 and 1.
    """

    version: str
    weights: Mapping[str, float]
    evidence_discount: float
    topic_floor: float
    topic_ceiling: float

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> MatchModel:
        return cls(version=artifact.version, **artifact.document(SETTINGS_FILE))

    def topic_factor(self, cosine: Floats) -> Floats:
        """Cosine similarity of brief and account texts, (n,), stretched onto [0, 1]."""
        span = self.topic_ceiling - self.topic_floor
        return np.clip((cosine - self.topic_floor) / span, 0.0, 1.0)

    def weighted_scores(self, factors: Mapping[str, Floats]) -> Floats:
        """Match scores in [0, 1], shape (n,), of accounts with the given factors.

        :param factors: name → (n,) values in [0, 1], NaN unknown; names from `FACTORS`.
            Factors the brief does not ask for are simply absent.
        :raises KeyError: on a factor without a stated weight.
        """
        weights, values = self._table(factors)
        known = ~np.isnan(values)
        known_weight = (known * weights).sum(axis=1)
        # Not a matrix product: BLAS rounds a batch unlike a single row.
        total = (np.where(known, values, 0.0) * weights).sum(axis=1)
        mean = np.divide(total, known_weight, out=np.zeros_like(total), where=known_weight > 0)
        return mean * self._discount(known_weight, weights)

    def contributions(self, factors: Mapping[str, Floats]) -> dict[str, Floats]:
        """What each factor adds to the score, shape (n,) each, NaN where it is unknown.

        The known contributions of an account sum to its `weighted_scores`.
        """
        weights, values = self._table(factors)
        known_weight = (~np.isnan(values) * weights).sum(axis=1)
        scale = np.divide(
            self._discount(known_weight, weights),
            known_weight,
            out=np.zeros_like(known_weight),
            where=known_weight > 0,
        )
        parts = values * weights * scale[:, None]
        return {name: parts[:, column] for column, name in enumerate(factors)}

    def _table(self, factors: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        weights = np.array([self.weights[name] for name in factors])
        columns = [np.asarray(column, dtype=float) for column in factors.values()]
        return weights, np.column_stack(columns)

    def _discount(self, known_weight: Floats, weights: Floats) -> Floats:
        return 1.0 - self.evidence_discount * (1.0 - known_weight / weights.sum())


def authenticity_factor(risk: Floats) -> Floats:
    """Fake-follower risk 0–100, (n,), turned round: 1 is surely genuine."""
    return np.clip(1.0 - risk / 100.0, 0.0, 1.0)


def price_factor(lowest: Floats, suggested: Floats, budget: float) -> Floats:
    """1 where the suggested price is within budget, falling to 0 at twice the budget.

    All three in minor units of one currency; prices (n,), NaN where unknown. A price
    whose lowest figure is above the budget gets at most one half.
    """
    budget = max(budget, 1.0)
    fit = np.clip(2.0 - suggested / budget, 0.0, 1.0)
    return np.where(lowest > budget, np.minimum(fit, 0.5), fit)


def percentiles(scores: Floats, reference: Floats) -> NDArray[np.int64]:
    """Share of the reference scores below each score, in whole per cent 0–100, ties half.

    :param reference: scores of all eligible accounts, or of a random sample of them.
    """
    if len(reference) == 0:
        return np.zeros(len(scores), dtype=np.int64)
    ordered = np.sort(reference)
    below = np.searchsorted(ordered, scores, side="left")
    through = np.searchsorted(ordered, scores, side="right")
    share = (below + through) / 2 / len(ordered)
    return np.floor(100 * share + 1e-9).astype(np.int64)
