"""The robust line under the trees: what each fact adds to the log price.

Trees cannot reach beyond the followers they were trained on; a line can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from sklearn.linear_model import HuberRegressor

RIDGE: Final = 10.0


@dataclass(frozen=True)
class Line:
    """intercept + sum of coefficient * (value - typical), or of `unknown` where NaN."""

    intercept: float
    typical: tuple[float, ...]
    coefficients: tuple[float, ...]
    unknown: tuple[float, ...]

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each column adds, as `features`."""
        known = np.asarray(self.coefficients) * (features - np.asarray(self.typical))
        return np.where(np.isnan(features), np.asarray(self.unknown), known)

    def values(self, features: np.ndarray) -> np.ndarray:
        """The line, shape (n,)."""
        return np.asarray(self.intercept + self.contributions(features).sum(axis=1))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Line:
        return cls(
            intercept=float(document["intercept"]),
            **{k: tuple(document[k]) for k in ("typical", "coefficients", "unknown")},
        )


def fit_line(features: np.ndarray, targets: np.ndarray, blocks: list[list[int]]) -> Line:
    """A Huber line (Huber 1964) with a small ridge.

    :param features: (n, k), NaN unknown. :param targets: log prices, (n,).
    :param blocks: columns that are known or unknown together; numbers are blocks of one.
        A block that is sometimes unknown gets one coefficient for being so.
    """
    typical = np.array([_typical(column) for column in features.T])
    design = np.nan_to_num(features - typical)
    flags, flagged = [], []
    for block in blocks:
        missing = np.isnan(features[:, block[0]])
        if 0 < missing.sum() < len(missing):
            flags.append(missing.astype(float))
            flagged.append(block[0])
    fitted = HuberRegressor(max_iter=2000, alpha=RIDGE).fit(
        np.column_stack([design, *flags]), targets
    )
    count = features.shape[1]
    unknown = np.zeros(count)
    unknown[flagged] = fitted.coef_[count:]
    return Line(
        intercept=float(fitted.intercept_),
        typical=tuple(map(float, typical)),
        coefficients=tuple(map(float, fitted.coef_[:count])),
        unknown=tuple(map(float, unknown)),
    )


def _typical(values: np.ndarray) -> float:
    """Median of a number, share of an indicator; 0 where nothing is known."""
    known = values[~np.isnan(values)]
    if not known.size:
        return 0.0
    is_indicator = bool(np.isin(known, (0.0, 1.0)).all())
    return float(known.mean() if is_indicator else np.median(known))
