"""What a price model has to beat: a line on followers, and medians by size tier.

Both give (n, 3) log prices: middle, and ends at the 10 % and 90 % of their residuals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from sklearn.linear_model import HuberRegressor

from scoring.ml.match.exposure import tier_of
from scoring.ml.prices.facts import MarketRow, plain

Baseline = Callable[[Sequence[MarketRow], Sequence[MarketRow]], np.ndarray]
ENDS: Final = (0.1, 0.9)


def follower_line(known: Sequence[MarketRow], asked: Sequence[MarketRow]) -> np.ndarray:
    """A Huber line on log followers and the deliverable, fitted on `known`."""
    names = sorted({plain(row.deliverable) for row in known})
    design = _line_design(known, names)
    prices = log_prices(known)
    line = HuberRegressor(max_iter=1000).fit(design, prices)
    middle = line.predict(_line_design(asked, names))
    return _with_ends(middle, prices - line.predict(design))


def tier_medians(known: Sequence[MarketRow], asked: Sequence[MarketRow]) -> np.ndarray:
    """The median of the deliverable in the size tier; of the deliverable, of all, where empty."""
    cells: dict[tuple[str, ...], list[float]] = {}
    for row, price in zip(known, log_prices(known), strict=True):
        for key in _cells(row):
            cells.setdefault(key, []).append(float(price))
    medians = {key: float(np.median(values)) for key, values in cells.items()}

    def read(rows: Sequence[MarketRow]) -> np.ndarray:
        return np.array(
            [next(medians[key] for key in _cells(row) if key in medians) for row in rows]
        )

    return _with_ends(read(asked), log_prices(known) - read(known))


def log_prices(rows: Sequence[MarketRow]) -> np.ndarray:
    return np.log([row.price for row in rows])


def _cells(row: MarketRow) -> list[tuple[str, ...]]:
    deliverable = plain(row.deliverable)
    return [(deliverable, tier_of(row.followers)), (deliverable,), ()]


def _line_design(rows: Sequence[MarketRow], names: Sequence[str]) -> np.ndarray:
    followers = np.log1p([row.followers or 0.0 for row in rows])
    own = [[plain(row.deliverable) == name for name in names[1:]] for row in rows]
    return np.column_stack([followers, np.array(own, dtype=float).reshape(len(rows), -1)])


def _with_ends(middle: np.ndarray, residuals: np.ndarray) -> np.ndarray:
    low, high = np.quantile(residuals, ENDS)
    return np.column_stack([middle + min(low, 0.0), middle, middle + max(high, 0.0)])


BASELINES: Final[dict[str, Baseline]] = {
    "follower_line": follower_line,
    "tier_medians": tier_medians,
}
