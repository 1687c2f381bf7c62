"""The match score: how well accounts fit a brief, from stated, weighted factors.

Arrays in, arrays out. A factor is a value in [0, 1] per account, NaN where the facts
behind it are unknown. The score is the weighted mean of the known factors, reduced by
`EVIDENCE_DISCOUNT` times the share of the weight that is unknown (document 000 section 2:
weighted scoring; unknown facts are neither average nor free):

    score = (Σ w·v over known / Σ w over known) · (1 - EVIDENCE_DISCOUNT · unknown share)

A factor the brief does not ask for is left out for everybody and discounts nobody.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MATCH_VERSION: Final = "match/weighted-v1"

WEIGHTS: Final[Mapping[str, float]] = {
    "topic": 0.50,
    "niche": 0.15,
    "authenticity": 0.15,
    "engagement": 0.10,
    "audience_country": 0.05,
    "price": 0.05,
}
"""Weights of document 000's groups, before any factor is left out. They sum to 1."""

EVIDENCE_DISCOUNT: Final = 0.25

# Where MiniLM cosines between a brief and bios lie in the catalogue this was set on:
# 0.10 is the median of unrelated accounts, 0.60 is reached by about one best account in two.
TOPIC_FLOOR: Final = 0.10
TOPIC_CEILING: Final = 0.60


def topic_factor(cosine: Floats) -> Floats:
    """Cosine similarity of brief and account texts, (n,), stretched onto [0, 1]."""
    return np.clip((cosine - TOPIC_FLOOR) / (TOPIC_CEILING - TOPIC_FLOOR), 0.0, 1.0)


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


def weighted_scores(factors: Mapping[str, Floats]) -> Floats:
    """Match scores in [0, 1], shape (n,), of accounts with the given factors.

    :param factors: name → (n,) values in [0, 1], NaN unknown; names from `WEIGHTS`.
        Factors the brief does not ask for are simply absent.
    :raises KeyError: on a factor without a stated weight.
    """
    weights = np.array([WEIGHTS[name] for name in factors])
    values = np.column_stack([np.asarray(column, dtype=float) for column in factors.values()])
    known = ~np.isnan(values)
    known_weight = (known * weights).sum(axis=1)
    # Not a matrix product: BLAS rounds a batch unlike a single row.
    total = (np.where(known, values, 0.0) * weights).sum(axis=1)
    mean = np.divide(total, known_weight, out=np.zeros_like(total), where=known_weight > 0)
    unknown_share = 1.0 - known_weight / weights.sum()
    return mean * (1.0 - EVIDENCE_DISCOUNT * unknown_share)


def contributions(factors: Mapping[str, Floats]) -> dict[str, Floats]:
    """What each factor adds to the score, shape (n,) each, NaN where it is unknown.

    The known contributions of an account sum to its `weighted_scores`.
    """
    weights = np.array([WEIGHTS[name] for name in factors])
    values = np.column_stack([np.asarray(column, dtype=float) for column in factors.values()])
    known_weight = (~np.isnan(values) * weights).sum(axis=1)
    discount = 1.0 - EVIDENCE_DISCOUNT * (1.0 - known_weight / weights.sum())
    scale = np.divide(
        discount, known_weight, out=np.zeros_like(known_weight), where=known_weight > 0
    )
    parts = values * weights * scale[:, None]
    return {name: parts[:, column] for column, name in enumerate(factors)}


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
