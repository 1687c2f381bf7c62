"""Training and evaluating the price model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from sklearn.linear_model import HuberRegressor
from sklearn.model_selection import GroupKFold

from scoring.ml import artifacts, metrics
from scoring.ml.pricing import (
    HISTOGRAM_STEP,
    LEVELS,
    LINEAR_FEATURES,
    SETTINGS_FILE,
    PriceModel,
    PriceSettings,
    linear_part,
    raw_log_prices,
)
from scoring.ml.pricing_features import (
    CURRENCY,
    FEATURE_SET,
    FEATURES,
    PLATFORM,
    PRICED_DELIVERABLES,
    RAW_NUMBERS,
    RAW_TEXTS,
    baseline_features,
    price_features,
)
from scoring.ml.tables import Layout, Table, TableError, concatenate, read_table
from scoring.ml.tasks import Evaluation, TaskSpec

PRICE_COLUMNS: Final = ("price_1_20s", "price_21_60s", "price_over_60s")
LAYOUT: Final = Layout(
    numbers=(*RAW_NUMBERS, *PRICE_COLUMNS),
    texts=(*RAW_TEXTS, "platform", "creator_id", "currency"),
    needed_any=("followers", *PRICE_COLUMNS),
)
NOMINAL_COVERAGE: Final = 0.80
ROUNDS: Final = 150
OUTLIER_SHARE: Final = 0.005
MINIMUM_CREATORS: Final = 30
LICENCE: Final = "none stated (noir-madlax/GoodGame, 565edbe)"
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


@dataclass(frozen=True)
class AskingPrices:
    """One row per creator and video length with an asking price; n rows."""

    features: np.ndarray
    baseline: np.ndarray
    log_prices: np.ndarray
    creators: np.ndarray

    def __len__(self) -> int:
        return len(self.log_prices)

    def take(self, rows: np.ndarray) -> AskingPrices:
        return AskingPrices(**{name: values[rows] for name, values in vars(self).items()})


def asking_prices(table: Table) -> AskingPrices:
    """All asking prices in CNY on Douyin; platform or currency the file lacks are these.

    Prices of zero or less are unknown.
    """
    names = table.text("creator_id")
    creators = np.array([name or f"row {row}" for row, name in enumerate(names)], dtype=str)
    _, creators = np.unique(creators, return_inverse=True)
    comparable = np.array(
        [
            (platform is None or str(platform).lower() == PLATFORM)
            and (currency is None or str(currency).upper() == CURRENCY)
            for platform, currency in zip(
                table.text("platform"), table.text("currency"), strict=True
            )
        ]
    )
    rows, lengths, prices = [], [], []
    for position, column in enumerate(PRICE_COLUMNS):
        price = table.number(column)
        known = np.flatnonzero(comparable & (price > 0) & ~np.isnan(table.number("followers")))
        rows.append(known)
        lengths.append(np.full(len(known), position))
        prices.append(price[known])
    row, length = np.concatenate(rows), np.concatenate(lengths)
    columns = {name: table.number(name)[row] for name in RAW_NUMBERS}
    columns |= {name: table.text(name)[row] for name in RAW_TEXTS}
    return AskingPrices(
        features=price_features(columns, length),
        baseline=baseline_features(columns, length),
        log_prices=np.log(np.concatenate(prices)),
        creators=creators[row],
    )


def fit(prices: AskingPrices, random_state: int, folds: int = 5) -> PriceModel:
    """Fit line, quantiles and the conformal margin.

    The margin is that of conformalised quantile regression (Romano et al., 2019) over
    out-of-fold predictions with all rows of a creator in one fold (CV+, Barber et al.,
    2021, with the final model in place of the fold models).
    """
    held_out = np.zeros((len(prices), 3))
    for train_rows, test_rows in _folds(prices, random_state, folds):
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


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Measure by grouped cross-validation, fit on everything and write the artefact.

    :raises TableError: unreadable files or fewer than `MINIMUM_CREATORS` priced creators.
    """
    tables = [read_table(path, LAYOUT) for path in files]
    prices = asking_prices(concatenate(tables, LAYOUT))
    priced_creators = len(np.unique(prices.creators))
    if priced_creators < MINIMUM_CREATORS:
        raise TableError(
            f"Training needs at least {MINIMUM_CREATORS} creators with an asking price (columns "
            f"{', '.join(PRICE_COLUMNS)}); found {priced_creators}."
        )
    overall, slices = _cross_validated(prices, random_state)
    model = fit(prices, random_state)
    documents = {
        f"{name}.txt": booster.model_to_string().encode()
        for name, booster in model.boosters.items()
    }
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={**documents, SETTINGS_FILE: artifacts.document_to_bytes(model.settings.to_json())},
        metadata=artifacts.Metadata(
            algorithm="robust line + LightGBM quantiles on log price, conformalised (CQR, CV+)",
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(path, rows=table.rows, licence=LICENCE)
                for path, table in zip(files, tables, strict=True)
            ],
            metrics=overall,
            metrics_by_slice=slices,
            feature_importance=_importance(model.boosters["middle"]),
            holdout={
                "protocol": "5-fold cross-validation grouped by creator",
                "data_sha256": sorted(artifacts.sha256_of_file(path) for path in files),
                "metric": TASK.primary_metric,
                "value": overall[TASK.primary_metric],
                "higher_is_better": TASK.higher_is_better,
            },
            extra={"priced_creators": priced_creators, "asking_prices": len(prices)},
        ),
    )


def evaluate(model: PriceModel, file: Path) -> Evaluation:
    """Figures on a file; `rows` are its rows, `asking_prices` how many prices were compared.

    :raises TableError: see `read_table`.
    """
    table = read_table(file, LAYOUT)
    prices = asking_prices(table)
    log = model.log_prices(prices.features)
    figures = price_figures(
        prices.log_prices,
        np.column_stack([log.low, log.middle, log.high]),
        model.settings.nominal_coverage,
    )
    return Evaluation(rows=table.rows, metrics={**figures, "asking_prices": len(prices)})


def price_figures(
    actual: np.ndarray, predicted: np.ndarray, nominal_coverage: float
) -> dict[str, float | None]:
    """The task's metrics; log prices of shape (n,) and (n, 3) for low, middle, high.

    `mean_width` is the mean of ln(max / min).
    """
    low, middle, high = np.exp(predicted.T) if len(predicted) else np.empty((3, 0))
    price = np.exp(actual)
    return {
        "median_ape": metrics.median_ape(price, middle),
        "mape": metrics.mape(price, middle),
        "within_30": metrics.share_within(price, middle, 0.30),
        "coverage": metrics.coverage(price, low, high),
        "nominal_coverage": nominal_coverage,
        "mean_width": metrics.mean_log_width(low, high),
    }


def fit_baseline(prices: AskingPrices) -> HuberRegressor:
    """The log-linear baseline: log followers and video length, robust."""
    return HuberRegressor(max_iter=1000).fit(prices.baseline, prices.log_prices)


def _cross_validated(
    prices: AskingPrices, random_state: int
) -> tuple[dict[str, float | None], dict[str, dict[str, float | None]]]:
    """Outer grouped folds; calibration happens inside each, so coverage is honest."""
    predicted = np.zeros((len(prices), 3))
    baseline = np.zeros((len(prices), 3))
    for train_rows, test_rows in _folds(prices, random_state + 1, 5):
        part = prices.take(train_rows)
        log = fit(part, random_state).log_prices(prices.features[test_rows])
        predicted[test_rows] = np.column_stack([log.low, log.middle, log.high])
        line = fit_baseline(part)
        residuals = part.log_prices - line.predict(part.baseline)
        middle = line.predict(prices.baseline[test_rows])
        offsets = np.quantile(residuals, [0.1, 0.5, 0.9]) * [1, 0, 1]
        baseline[test_rows] = middle[:, None] + offsets
    slices = {"baseline": price_figures(prices.log_prices, baseline, NOMINAL_COVERAGE)}
    lengths = prices.features[:, FEATURES.index("length")]
    followers = np.expm1(prices.features[:, FEATURES.index("log_followers")])
    masks = {
        **{name: lengths == position for position, name in enumerate(PRICED_DELIVERABLES)},
        "followers_below_100k": followers < 100_000,
        "followers_100k_to_1m": (followers >= 100_000) & (followers < 1_000_000),
        "followers_from_1m": followers >= 1_000_000,
    }
    for name, mask in masks.items():
        slices[name] = price_figures(prices.log_prices[mask], predicted[mask], NOMINAL_COVERAGE)
    return price_figures(prices.log_prices, predicted, NOMINAL_COVERAGE), slices


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


def _folds(
    prices: AskingPrices, random_state: int, folds: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=random_state)
    return list(splitter.split(prices.features, groups=prices.creators))


def _importance(booster: lgb.Booster) -> dict[str, float]:
    gains = booster.feature_importance("gain")
    return {
        FEATURES[i]: round(float(gains[i] / max(gains.sum(), 1e-12)), 4) for i in np.argsort(-gains)
    }


TASK: Final = TaskSpec(
    name="price",
    metric_names=(
        "median_ape",
        "mape",
        "within_30",
        "coverage",
        "nominal_coverage",
        "mean_width",
        "asking_prices",
    ),
    primary_metric="median_ape",
    higher_is_better=False,
    train=train,
    load=PriceModel.from_artifact,
    evaluate=evaluate,
)
