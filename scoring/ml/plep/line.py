"""The robust lines under the trees: what followers and earlier posts alone say.

Trees cannot reach beyond the counts they were trained on; lines can.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import HuberRegressor

from scoring.ml.plep.features import COLUMN
from scoring.ml.plep.settings import Line


def is_warm(features: np.ndarray) -> np.ndarray:
    """Whether a creator has an earlier post of known engagement, shape (n,)."""
    return np.isfinite(features[:, COLUMN["own_level"]])


def fit_line(features: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> Line:
    """Fit both lines; where one kind of creator is missing, its line is the other's mean."""
    empty = Line(
        typical_followers=_median(features[:, COLUMN["log_followers"]]),
        typical_level=_median(features[:, COLUMN["own_level"]]),
        warm=(),
        cold=(),
    )
    warm = is_warm(features)
    found = []
    for rows, design in ((warm, _warm_design), (~warm, _cold_design)):
        matrix = design(features[rows], empty)
        if len(matrix) > matrix.shape[1] * 3:
            fitted = HuberRegressor(max_iter=2000, alpha=1.0).fit(
                matrix, targets[rows], weights[rows]
            )
            found.append((float(fitted.intercept_), *map(float, fitted.coef_)))
        else:
            found.append((float(np.median(targets)), *[0.0] * matrix.shape[1]))
    return Line(empty.typical_followers, empty.typical_level, warm=found[0], cold=found[1])


def line_parts(features: np.ndarray, line: Line) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the start, the earlier posts and the followers add, each of shape (n,)."""
    warm = is_warm(features)
    level, followers, unknown, q_level, q_followers, q = _warm_design(features, line).T
    a, b = line.warm, line.cold
    start = np.where(warm, a[0], b[0])
    own = np.where(warm, a[1] * level + a[4] * q_level + a[6] * q, 0.0)
    reach = np.where(
        warm,
        a[2] * followers + a[3] * unknown + a[5] * q_followers,
        b[1] * followers + b[2] * unknown,
    )
    return start, own, reach


def line_values(features: np.ndarray, line: Line) -> np.ndarray:
    """The lines, shape (n,)."""
    start, own, reach = line_parts(features, line)
    return np.asarray(start + own + reach)


def _warm_design(features: np.ndarray, line: Line) -> np.ndarray:
    level = np.nan_to_num(features[:, COLUMN["own_level"]] - line.typical_level)
    cold = _cold_design(features, line)
    # own_posts is log1p of the number of earlier posts
    q = np.exp(-features[:, COLUMN["own_posts"]])
    return np.column_stack([level, cold, q * level, q * cold[:, 0], q])


def _cold_design(features: np.ndarray, line: Line) -> np.ndarray:
    followers = features[:, COLUMN["log_followers"]]
    centred = np.nan_to_num(followers - line.typical_followers)
    return np.column_stack([centred, np.isnan(followers)])


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else 0.0
