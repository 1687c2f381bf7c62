"""Training and evaluating the price model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from sklearn.linear_model import HuberRegressor

from scoring.ml import artifacts, metrics
from scoring.ml.pricing import SETTINGS_FILE, PriceModel
from scoring.ml.pricing_data import LAYOUT, PRICE_COLUMNS, AskingPrices, asking_prices
from scoring.ml.pricing_features import FEATURE_SET, FEATURES, PRICED_DELIVERABLES
from scoring.ml.pricing_fitting import NOMINAL_COVERAGE, fit, grouped_folds
from scoring.ml.tables import TableError, concatenate, read_table
from scoring.ml.tasks import Evaluation, TaskSpec

MINIMUM_CREATORS: Final = 30
LICENCE: Final = "none stated (noir-madlax/GoodGame, 565edbe)"


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
            holdout=TASK.holdout(
                "5-fold cross-validation grouped by creator", files=files, metrics=overall
            ),
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
    for train_rows, test_rows in grouped_folds(prices, random_state + 1, 5):
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
