"""Training and evaluating prices: version 2, and version 1 where it is rolled back to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from scoring.ml import artifacts, pricing, pricing_features, pricing_training
from scoring.ml.prices.baselines import log_prices
from scoring.ml.prices.evaluation import Slices, measure_market, predict_rows
from scoring.ml.prices.facts import MarketRow, market_of
from scoring.ml.prices.features import FEATURE_SET
from scoring.ml.prices.fitting import in_order, price_figures
from scoring.ml.prices.model import PriceModel, train_market
from scoring.ml.prices.reading import PriceFile, read_prices
from scoring.ml.tables import TableError
from scoring.ml.tasks import Evaluation, TaskSpec

LICENCES: Final = {
    "rates_douyin.csv.gz": "none stated (noir-madlax/GoodGame, 565edbe)",
}
PROTOCOL: Final = "5-fold cross-validation grouped by creator"
Model = PriceModel | pricing.PriceModel


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Measure on held-out creators, fit on everything and write the artefact.

    :raises TableError: unreadable files, no market with enough creators, or simulated prices
        beside real ones.
    """
    read = [read_prices(path) for path in files]
    rows = list(dict.fromkeys(row for file in read for row in file.rows))
    try:
        model = train_market(rows, random_state=random_state, trained_at=trained_at)
    except ValueError as error:
        raise TableError(f"{error} {_passed_over(read)}".strip()) from error
    overall, slices = _measure(model, rows, random_state)
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={name: text.encode() for name, text in model.to_files().items()},
        metadata=artifacts.Metadata(
            algorithm=(
                "per platform and currency: robust line + LightGBM quantiles on log price, "
                "conformalised by size tier (CQR, CV+)"
            ),
            feature_set=FEATURE_SET,
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(
                    path, rows=file.lines, licence=LICENCES.get(path.name, "not stated")
                )
                for path, file in zip(files, read, strict=True)
            ],
            metrics=overall,
            metrics_by_slice=slices,
            feature_importance=_importance(model),
            holdout=TASK.holdout(PROTOCOL, files=files, metrics=overall),
            extra={
                "markets": model.list_markets(),
                "simulated": model.simulated,
                "passed_over": sum(file.passed_over_count for file in read),
                "passed_over_first": [line for file in read for line in file.passed_over][:20],
            },
        ),
    )


def load(artifact: artifacts.Artifact) -> Model:
    """The model of either version, told apart by its features."""
    if artifact.metadata["feature_set"] == pricing_features.FEATURE_SET:
        return pricing.PriceModel.from_artifact(artifact)
    return PriceModel.from_artifact(artifact)


def evaluate(model: Model, file: Path) -> Evaluation:
    """Figures on a file in either layout, of the prices whose market the model knows.

    `prices` were compared, each once however often the file repeats it; `abstained` have no
    market in the model; `passed_over` are rows that are no price (see `read_prices`).

    :raises TableError: see `read_prices`.
    """
    if isinstance(model, pricing.PriceModel):
        first = pricing_training.evaluate(model, file)
        figures = dict(first.metrics)
        figures["prices"] = figures.pop("asking_prices")
        unknown = dict.fromkeys(("abstained", "passed_over"))
        return Evaluation(rows=first.rows, metrics={**figures, **unknown})
    read = read_prices(file)
    distinct = list(dict.fromkeys(read.rows))
    by_market = _by_market(distinct)
    actual, predicted = [np.zeros(0)], [np.zeros((0, 3))]
    for key, rows in by_market.items():
        if key in model.markets:
            found = predict_rows(model.markets[key], rows)
            known = ~np.isnan(found[:, 1])
            actual.append(log_prices(rows)[known])
            predicted.append(found[known])
    prices = np.concatenate(actual)
    metrics = {
        **price_figures(prices, np.concatenate(predicted)),
        "prices": len(prices),
        "abstained": len(distinct) - len(prices),
        "passed_over": read.passed_over_count,
    }
    return Evaluation(rows=read.lines, metrics=metrics)


def _measure(
    model: PriceModel, rows: Sequence[MarketRow], random_state: int
) -> tuple[dict[str, float | None], Slices]:
    by_market = _by_market(rows)
    slices: Slices = {}
    actual, predicted = [], []
    for key in model.markets:
        found, held = measure_market(by_market[key], random_state=random_state)
        slices |= {f"{key[0]}/{key[1]}/{name}": values for name, values in found.items()}
        known = ~np.isnan(held[:, 1])
        actual.append(log_prices(in_order(by_market[key]))[known])
        predicted.append(held[known])
    return price_figures(np.concatenate(actual), np.concatenate(predicted)), slices


def _by_market(rows: Sequence[MarketRow]) -> Mapping[tuple[str, str], list[MarketRow]]:
    found: dict[tuple[str, str], list[MarketRow]] = defaultdict(list)
    for row in rows:
        found[market_of(row)].append(row)
    return found


def _importance(model: PriceModel) -> dict[str, float]:
    """Share of the trees' gain per column, mean over markets; the line's part is not in it."""
    total: dict[str, float] = defaultdict(float)
    for market in model.markets.values():
        gains = market.boosters["middle"].feature_importance("gain")
        columns = market.settings.vocabulary.columns
        for name, gain in zip(columns, gains / max(gains.sum(), 1e-12), strict=True):
            total[name] += float(gain) / len(model.markets)
    return {name: round(total[name], 4) for name in sorted(total, key=lambda n: -total[n])}


def _passed_over(files: Sequence[PriceFile]) -> str:
    count = sum(file.passed_over_count for file in files)
    first = next((file.passed_over[0] for file in files if file.passed_over), "")
    return f"{count} rows were passed over, the first {first}." if count else ""


TASK: Final = TaskSpec(
    name="price",
    metric_names=(
        "median_ape",
        "mape",
        "within_30",
        "coverage",
        "nominal_coverage",
        "mean_width",
        "prices",
        "abstained",
        "passed_over",
    ),
    primary_metric="median_ape",
    higher_is_better=False,
    train=train,
    load=load,
    evaluate=evaluate,
)
