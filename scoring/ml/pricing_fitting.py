"""Fitting the price model: line, quantiles and conformal margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from sklearn.linear_model import HuberRegressor
from sklearn.model_selection import GroupKFold

from scoring.ml.pricing import (
    HISTOGRAM_STEP,
    LEVELS,
    LINEAR_FEATURES,
    PriceModel,
    PriceSettings,
    linear_part,
    raw_log_prices,
)
from scoring.ml.pricing_data import AskingPrices
from scoring.ml.pricing_features import FEATURE_SET, FEATURES, PRICED_DELIVERABLES

NOMINAL_COVERAGE: Final = 0.80
ROUNDS: Final = 150
OUTLIER_SHARE: Final = 0.005
COLLECTED: Final = "one product category, November 2025"
PARAMETERS: Final[Mapping[str, Any]] = {
    "objective": "quantile",
    "learning_rate": 0.05,
    "num_leaves": 5,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


def fit(prices: AskingPrices, random_state: int, folds: int = 5) -> PriceModel:
    """Fit line, quantiles and the conformal margin.

    The margin is that of conformalised quantile regression (Romano et al., 2019) over
    out-of-fold predictions with all rows of a creator in one fold (CV+, Barber et al.,
    2021, with the final model in place of the fold models).
    """
    held_out = np.zeros((len(prices), 3))
    for train_rows, test_rows in grouped_folds(prices, random_state, folds):
        settings, boosters = _fit_quantiles(prices.take(train_rows), random_state)
        features = prices.features[test_rows]
        held_out[test_rows] = raw_log_prices(boosters, linear_part(settings, features), features)
    actual = prices.log_prices
    scores = np.maximum(held_out[:, 0] - actual, actual - held_out[:, 2])
    level = min(np.ceil((len(scores) + 1) * NOMINAL_COVERAGE) / len(scores), 1.0)
    margin = float(np.quantile(scores, level, method="higher"))
    settings, boosters = _fit_quantiles(prices, random_state)
    edges, confidences = _confidence_by_width(held_out, actual, margin)
    settings = replace(settings, margin=margin, width_edges=edges, confidences=confidences)
    return PriceModel(
        boosters=boosters, settings=settings, version="unsaved", feature_set=FEATURE_SET
    )


def _fit_quantiles(
    prices: AskingPrices, random_state: int
) -> tuple[PriceSettings, dict[str, lgb.Booster]]:
    # a few absurd asks (169 times the price of the next length) are drawn in, in training only
    limits = np.quantile(prices.log_prices, [OUTLIER_SHARE, 1 - OUTLIER_SHARE])
    targets = np.clip(prices.log_prices, *limits)
    settings = _fit_line(prices.features, targets)
    line = linear_part(settings, prices.features)
    boosters = {}
    for name, level in LEVELS.items():
        dataset = lgb.Dataset(prices.features, targets - line, feature_name=list(FEATURES))
        parameters = {**PARAMETERS, "alpha": level, "seed": random_state}
        boosters[name] = lgb.train(parameters, dataset, ROUNDS)
    start, histogram = _histogram(prices.features)
    settings = replace(
        settings,
        histogram_start=start,
        histogram=histogram,
        priced_creators=len(np.unique(prices.creators)),
    )
    return settings, boosters


def _fit_line(features: np.ndarray, targets: np.ndarray) -> PriceSettings:
    columns = [features[:, FEATURES.index(name)] for name in LINEAR_FEATURES]
    typical = [_median(column) for column in columns]
    lengths = features[:, FEATURES.index("length")]
    known = [np.nan_to_num(c - t) for c, t in zip(columns, typical, strict=True)]
    unknown = [np.isnan(column).astype(float) for column in columns]
    design = np.column_stack([*known, *unknown, lengths == 1, lengths == 2])
    line = HuberRegressor(max_iter=1000, alpha=1.0).fit(design, targets)
    count = len(LINEAR_FEATURES)
    coefficients = [float(value) for value in line.coef_]
    return PriceSettings(
        typical=tuple(typical),
        coefficients=tuple(coefficients[:count]),
        unknown_coefficients=tuple(coefficients[count : 2 * count]),
        length_coefficients=(0.0, *coefficients[2 * count :]),
        intercept=float(line.intercept_),
        margin=0.0,
        nominal_coverage=NOMINAL_COVERAGE,
        width_edges=(),
        confidences=(0.0,),
        histogram_start=0.0,
        histogram=(),
        priced_creators=0,
        collected=COLLECTED,
    )


def _median(values: np.ndarray) -> float:
    """Median of the known values; 0 where a file knows none, as then nothing is subtracted."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else 0.0


def _confidence_by_width(
    held_out: np.ndarray, actual: np.ndarray, margin: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    widths = held_out[:, 2] - held_out[:, 0] + 2 * margin
    within = np.abs(actual - held_out[:, 1]) <= np.log(2)
    edges = np.quantile(widths, [1 / 3, 2 / 3])
    third = np.searchsorted(edges, widths)
    shares = [float(within[third == k].mean()) if (third == k).any() else 0.0 for k in range(3)]
    return tuple(float(edge) for edge in edges), tuple(shares)


def _histogram(features: np.ndarray) -> tuple[float, tuple[tuple[int, ...], ...]]:
    log2 = features[:, FEATURES.index("log_followers")] / np.log(2)
    lengths = features[:, FEATURES.index("length")]
    start = float(np.floor(log2.min()))
    bins = np.floor((log2 - start) / HISTOGRAM_STEP).astype(int)
    size = int(bins.max()) + 1
    counts = tuple(
        tuple(int(n) for n in np.bincount(bins[lengths == position], minlength=size))
        for position in range(len(PRICED_DELIVERABLES))
    )
    return start, counts


def grouped_folds(
    prices: AskingPrices, random_state: int, folds: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=random_state)
    return list(splitter.split(prices.features, groups=prices.creators))
