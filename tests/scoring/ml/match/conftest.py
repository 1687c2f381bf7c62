"""A small simulated market, and a scorer taught on it once for all tests."""

import numpy as np
import pytest

from scoring.ml.match.brief_reading import BriefReader
from scoring.ml.match.fitting import fit_scorer
from scoring.ml.match.pairs import Market, Pairs, simulate_pairs
from scoring.ml.match.scorer import MatchScorer
from scoring.ml.match.simulation import Noise
from scoring.ml.match.text_evidence import PLACES, TextMatcher

SMALL = Market(
    campaigns={"training": 350, "validation": 25, "test": 40},
    creators={"training": 500, "validation": 150, "test": 200},
    candidates={"training": 12, "validation": 20, "test": 25},
)


def fit_small(parts: dict[str, Pairs], random_state: int = 3) -> MatchScorer:
    return fit_scorer(
        parts["training"],
        parts["validation"],
        topic_floor=0.2,
        topic_ceiling=1.2,
        texts=TextMatcher(np.ones(PLACES)),
        reader=BriefReader(np.eye(2, 3, dtype=np.float32), np.eye(3, dtype=np.float32)[2:]),
        random_state=random_state,
        rounds=200,
        order_rounds=40,
    )


@pytest.fixture(scope="session")
def market() -> dict[str, Pairs]:
    return simulate_pairs(11, SMALL, Noise())


@pytest.fixture(scope="session")
def scorer(market: dict[str, Pairs]) -> MatchScorer:
    return fit_small(market)
