"""Evidence made by hand, and coefficients that are round numbers."""

from collections.abc import Sequence

import numpy as np

from scoring.ml.value.evidence import Evidence
from scoring.ml.value.formula import OTHER, Coefficients, Formula, Prior, RateLine
from scoring.ml.value.valuing import ValueModel

PRIOR = Prior(
    level=6.0, slope=2.0, centre=4.0, smallest=1_000.0, largest=1e6, between_sd=0.8, total_sd=2.0,
    within_sd=0.5, tail=1.2, correlation=0.2, creators=100, posts=1_000, source="made",
)  # fmt: skip
RATE = RateLine(
    market="real:douyin", currency="CNY", deliverable="video", level=2.0, slope=-0.5, centre=4.0,
    smallest=1_000.0, largest=1e6, level_se=0.1, slope_se=0.1, scatter=1.0, creators=50,
    priced_from="2025-11-01", priced_to="2025-11-30", source="made",
)  # fmt: skip
MODEL = ValueModel(Coefficients(Formula(), {"instagram": PRIOR, OTHER: PRIOR}), version="value/t")


def evidence_of(
    posts: Sequence[Sequence[float]],
    *,
    followers: float = 10_000.0,
    rate: float = np.nan,
    risk: float = np.nan,
    market: str = "",
    every: float = 5.0,
    first_key: int = 1,
) -> Evidence:
    """One account for each list of counts, the oldest first."""
    n = len(posts)
    counts = [len(one) for one in posts]
    ages = [3.0 + every * place for one in posts for place in reversed(range(len(one)))]
    return Evidence(
        keys=np.arange(first_key, first_key + n, dtype=np.uint64),
        platforms=np.full(n, "instagram", dtype=object),
        markets=np.full(n, market, dtype=object),
        followers=np.full(n, followers),
        engagement_rate=np.full(n, rate),
        average_engagement=np.full(n, np.nan),
        risk=np.full(n, risk),
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(int),
        engagement=np.array([float(one) for own in posts for one in own]),
        ages=np.array(ages),
    )
