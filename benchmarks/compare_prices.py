"""Prices side by side: Fairground's model, MAPIE's CQR, a line on followers, tier medians, v1.

    python -m benchmarks.compare_prices [--data FILE] [--repeats 10] [--simulated]

Needs ../shared/data/rates_douyin.csv.gz (or --data in either layout of `train price`), and for
MAPIE `pip install -r benchmarks/requirements.txt`; without it its rows are left out and said so.
Five folds by creator, repeated with other folds; a figure is the mean of the repeats,
`median_ape_range` the least and most of them, `median_ape_interval_95` a bootstrap over creators in
the first. Version 1's
form can only be fitted on the rate list's own columns. `--simulated` measures on the
simulated market instead: by creator, at later times (the last quarter) of known creators, and
both at once, beside `true_median`, what knowing the simulator's median would give.
The last line of stdout is one JSON object.
"""

import argparse
import json
import logging
import warnings
from collections import defaultdict
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import lightgbm as lgb
import numpy as np
from sklearn.model_selection import GroupShuffleSplit

from scoring.ml import pricing_data, pricing_fitting
from scoring.ml.prices.baselines import BASELINES, log_prices
from scoring.ml.prices.conformal import NOMINAL_COVERAGE
from scoring.ml.prices.evaluation import (
    LATER_SHARE,
    Predict,
    held_out,
    predict_with_model,
    with_intervals,
)
from scoring.ml.prices.facts import MarketRow, market_of
from scoring.ml.prices.features import row_features
from scoring.ml.prices.fitting import PARAMETERS, ROUNDS, in_order, price_figures
from scoring.ml.prices.reading import read_prices
from scoring.ml.prices.simulation import SimulatedPrice, simulate_market
from scoring.ml.prices.vocabulary import learn_vocabulary
from scoring.ml.pricing_features import PRICED_DELIVERABLES
from scoring.ml.tables import read_table

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "rates_douyin.csv.gz"
SEED = 42
SHOWN = ("median_ape", "mape", "within_30", "coverage", "mean_width")
Report = dict[str, dict[str, object]]


def mapie_cqr(**parameters: float) -> Predict:
    """MAPIE's split CQR over LightGBM quantiles of the log price, on the same columns.

    A fifth of the creators is kept to conformalise on. Its middle is the median regressor.
    """
    regression = import_module("mapie.regression")
    logging.disable(logging.INFO)  # it says so each time quantiles cross

    def predict(known: Sequence[MarketRow], asked: Sequence[MarketRow]) -> np.ndarray:
        vocabulary = learn_vocabulary(known)
        features, prices = row_features(known, vocabulary), log_prices(known)
        creators = [row.creator_key for row in known]
        splitter = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=SEED)
        fitted, kept = next(splitter.split(features, groups=creators))
        trees = lgb.LGBMRegressor(
            **{**PARAMETERS, "alpha": 0.5, "random_state": SEED, **parameters}
        )
        model = regression.ConformalizedQuantileRegressor(trees, confidence_level=NOMINAL_COVERAGE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # crossing quantiles, columns without names
            model.fit(features[fitted], prices[fitted])
            model.conformalize(features[kept], prices[kept])
            middle, ends = model.predict_interval(row_features(asked, vocabulary))
        low, high = ends[:, 0, 0], ends[:, 1, 0]
        return np.column_stack([np.minimum(low, middle), middle, np.maximum(high, middle)])

    return predict


def first_version(file: Path) -> Predict | None:
    """Version 1's form on the rate list `file`; None for a file of another layout."""
    table = read_table(file, pricing_data.LAYOUT)
    if not any(name in table.columns for name in pricing_data.PRICE_COLUMNS):
        return None
    prices = pricing_data.asking_prices(table)
    ids = np.array([str(name) for name in table.text("creator_id")])
    names = np.unique(ids)
    lengths = prices.features[:, -1].astype(int)
    place = {
        (names[creator], PRICED_DELIVERABLES[length]): row
        for row, (creator, length) in enumerate(zip(prices.creators, lengths, strict=True))
    }

    def predict(known: Sequence[MarketRow], asked: Sequence[MarketRow]) -> np.ndarray:
        rows, others = (
            np.array([place[row.creator_key, row.deliverable] for row in part])
            for part in (known, asked)
        )
        model = pricing_fitting.fit(prices.take(rows), SEED)
        found = model.log_prices(prices.features[others])
        return np.column_stack([found.low, found.middle, found.high])

    return predict


def contenders() -> dict[str, Predict]:
    found: dict[str, Predict] = {"fairground": predict_with_model(SEED), **BASELINES}
    if find_spec("mapie"):
        found["mapie_cqr"] = mapie_cqr(n_estimators=ROUNDS)
        found["mapie_cqr_larger_trees"] = mapie_cqr(n_estimators=300, num_leaves=15)
    else:
        print("MAPIE is not installed: pip install -r benchmarks/requirements.txt")
    return found


def compare_file(file: Path, repeats: int) -> Report:
    """Mean figures over `repeats` sets of folds, per market and contender."""
    by_market: dict[tuple[str, str], list[MarketRow]] = defaultdict(list)
    for row in read_prices(file).rows:
        by_market[market_of(row)].append(row)
    report: Report = {}
    for key, own in sorted(by_market.items()):
        rows = in_order(own)
        creators = np.array([row.creator_key for row in rows])
        methods = contenders()
        if (first := first_version(file)) is not None:
            methods["version_1"] = first
        for name, predict in methods.items():
            runs = [
                held_out(rows, predict, random_state=SEED + 1 + repeat) for repeat in range(repeats)
            ]
            figures = [price_figures(log_prices(rows), run) for run in runs]
            one = with_intervals(log_prices(rows), runs[0], creators)
            report[f"{'/'.join(key)}/{name}"] = {
                **{m: round(float(np.mean([f[m] for f in figures])), 4) for m in SHOWN},
                "median_ape_range": [
                    round(float(edge([f["median_ape"] for f in figures])), 4)
                    for edge in (np.min, np.max)
                ],
                "median_ape_interval_95": [one["median_ape_low"], one["median_ape_high"]],
            }
    return report


def compare_simulated() -> Report:
    """Each market of the simulator by three splits; mean over the markets."""
    prices = simulate_market(random_state=SEED)
    cells: dict[str, list[dict[str, float | None]]] = defaultdict(list)
    methods = contenders()
    for key in sorted({market_of(price.row) for price in prices}):
        own = [price for price in prices if market_of(price.row) == key]
        rows = [price.row for price in own]
        truth = np.log([price.true_median for price in own])
        actual = log_prices(rows)
        late = late_rows(own)
        for name, predict in methods.items():
            by_creator = held_out(rows, predict, random_state=SEED)
            both = held_out(rows, predict, random_state=SEED, later=True)
            early = [row for row, is_late in zip(rows, late, strict=True) if not is_late]
            later = predict(
                early, [row for row, is_late in zip(rows, late, strict=True) if is_late]
            )
            cells[f"creators/{name}"].append(price_figures(actual, by_creator))
            cells[f"later/{name}"].append(price_figures(actual[late], later))
            known = ~np.isnan(both[:, 1])
            cells[f"creators and later/{name}"].append(price_figures(actual[known], both[known]))
        for split, mask in (("creators", late | ~late), ("later", late)):
            oracle = np.column_stack([truth[mask]] * 3)
            cells[f"{split}/true_median"].append(price_figures(actual[mask], oracle))
    return {
        name: {m: round(float(np.mean([one[m] for one in runs])), 4) for m in SHOWN}
        for name, runs in sorted(cells.items())
    }


def late_rows(prices: Sequence[SimulatedPrice]) -> np.ndarray:
    days = np.array([price.row.priced_at.toordinal() for price in prices if price.row.priced_at])
    return np.asarray(days > np.quantile(days, 1 - LATER_SHARE))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--simulated", action="store_true")
    options = parser.parse_args()
    if options.simulated:
        report, data = compare_simulated(), f"simulated, seed {SEED}"
    else:
        report, data = compare_file(options.data, options.repeats), options.data.name
    for name, row in report.items():
        print(f"{name:34} {row}")
    print(json.dumps({"data": data, "nominal_coverage": NOMINAL_COVERAGE, "methods": report}))


if __name__ == "__main__":
    main()
