"""Margins that make ranges hold their share of prices, by size tier.

Conformalised quantile regression (Romano, Patterson and Candès 2019) on out-of-fold
predictions (CV+, Barber et al. 2021, with the final model in place of the fold models), a
margin per tier (Mondrian, Vovk 2003). Prices of one creator are not independent, so a
creator counts as one in the finite-sample correction and in the Wilson intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

NOMINAL_COVERAGE: Final = 0.80
FEWEST_TIER_CREATORS: Final = 30
Z_95: Final = 1.959963984540054
WHOLE: Final = "all"


@dataclass(frozen=True)
class PartCoverage:
    """What held-out ranges of a tier, or of the whole market, held."""

    observed: float
    low: float
    high: float
    prices: int
    creators: int


@dataclass(frozen=True)
class Margins:
    """Log margin of the whole market (`WHOLE`) and of each tier with enough creators."""

    margins: Mapping[str, float]
    coverage: Mapping[str, PartCoverage]

    def margin(self, tier: str) -> float:
        return self.margins.get(tier, self.margins[WHOLE])

    def part(self, tier: str) -> str:
        return tier if tier in self.margins else WHOLE

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Margins:
        coverage = {name: PartCoverage(**values) for name, values in document["coverage"].items()}
        return cls(margins=dict(document["margins"]), coverage=coverage)


def range_scores(log_prices: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """How far each price is outside its range (below zero: inside), shape (n,).

    :param quantiles: low, middle, high of shape (n, 3).
    """
    return np.asarray(np.maximum(quantiles[:, 0] - log_prices, log_prices - quantiles[:, 2]))


def margin_of(scores: np.ndarray, creators: np.ndarray, nominal: float) -> float:
    """The margin that holds `nominal` of the scores, corrected for so few creators."""
    count = len(np.unique(creators))
    level = min(nominal * (1 + 1 / count), 1.0)
    return float(np.quantile(scores, level, method="higher"))


def fit_margins(
    scores: np.ndarray,
    creators: np.ndarray,
    tiers: np.ndarray,
    folds: np.ndarray,
    nominal: float = NOMINAL_COVERAGE,
) -> Margins:
    """Margins from out-of-fold scores, and what margins of the other folds would have held.

    :param creators, tiers, folds: of the same length as `scores`; `folds` by creator.
    """
    margins = _margins(scores, creators, tiers, nominal)
    held = np.zeros(len(scores), dtype=bool)
    for fold in np.unique(folds):
        rest, own = folds != fold, folds == fold
        found = _margins(scores[rest], creators[rest], tiers[rest], nominal)
        limits = np.array([found.get(tier, found[WHOLE]) for tier in tiers[own]])
        held[own] = scores[own] <= limits
    parts = {WHOLE: np.ones(len(scores), dtype=bool)}
    parts |= {str(tier): tiers == tier for tier in np.unique(tiers)}
    coverage = {name: _coverage(held[mask], creators[mask]) for name, mask in parts.items()}
    return Margins(margins=margins, coverage=coverage)


def wilson(share: float, count: float) -> tuple[float, float]:
    """95 % interval of a share of `count` (Wilson 1927)."""
    if count <= 0:
        return 0.0, 1.0
    centre = share + Z_95**2 / (2 * count)
    spread = Z_95 * np.sqrt(share * (1 - share) / count + Z_95**2 / (4 * count**2))
    scale = 1 + Z_95**2 / count
    return max(0.0, float((centre - spread) / scale)), min(1.0, float((centre + spread) / scale))


def _margins(
    scores: np.ndarray, creators: np.ndarray, tiers: np.ndarray, nominal: float
) -> dict[str, float]:
    found = {WHOLE: margin_of(scores, creators, nominal)}
    for tier in np.unique(tiers):
        own = tiers == tier
        if len(np.unique(creators[own])) >= FEWEST_TIER_CREATORS:
            found[str(tier)] = margin_of(scores[own], creators[own], nominal)
    return found


def _coverage(held: np.ndarray, creators: np.ndarray) -> PartCoverage:
    count = len(np.unique(creators))
    observed = float(held.mean())
    low, high = wilson(observed, count)
    return PartCoverage(observed, low, high, prices=len(held), creators=count)
