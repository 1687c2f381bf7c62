"""Fitting one market: line, quantiles, margins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from sklearn.model_selection import GroupKFold

from scoring.ml import metrics
from scoring.ml.match.exposure import tier_of
from scoring.ml.prices.conformal import NOMINAL_COVERAGE, WHOLE, Margins, fit_margins, range_scores
from scoring.ml.prices.facts import AGREED, MarketRow, market_of, plain
from scoring.ml.prices.features import row_features
from scoring.ml.prices.line import Line, fit_line
from scoring.ml.prices.market_model import MarketModel
from scoring.ml.prices.settings import LEVELS, SIZE_STEP, Counts, MarketSettings
from scoring.ml.prices.vocabulary import Vocabulary, learn_vocabulary

FOLDS: Final = 5
ROUNDS: Final = 80
CUT: Final = 4.0
"""Prices further than this from the line, in robust standard deviations, are not learned from."""

MAD_TO_DEVIATION: Final = 1.4826
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
class Prices:
    """Rows of one market as arrays: `features` (n, k), the others (n,); `creators` are codes."""

    features: np.ndarray
    log_prices: np.ndarray
    creators: np.ndarray
    tiers: np.ndarray

    def __len__(self) -> int:
        return len(self.log_prices)

    def take(self, rows: np.ndarray) -> Prices:
        return Prices(**{name: values[rows] for name, values in vars(self).items()})


@dataclass(frozen=True)
class Quantiles:
    """A fitted line, its trees, and how many rows were cut."""

    line: Line
    boosters: Mapping[str, lgb.Booster]
    cut: int

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Low, middle, high before conformalisation, (n, 3)."""
        line = self.line.values(features)
        raw = [
            line + np.asarray(self.boosters[name].predict(features, num_threads=1))
            for name in LEVELS
        ]
        return np.column_stack([np.minimum(raw[0], raw[1]), raw[1], np.maximum(raw[1], raw[2])])


def gather(rows: Sequence[MarketRow], vocabulary: Vocabulary) -> Prices:
    """Rows as arrays; all must be usable."""
    _, creators = np.unique([row.creator_key for row in rows], return_inverse=True)
    return Prices(
        features=row_features(rows, vocabulary),
        log_prices=np.log([row.price for row in rows]),
        creators=creators,
        tiers=np.array([tier_of(row.followers) for row in rows]),
    )


def fit_market(
    rows: Sequence[MarketRow], *, random_state: int, minor_digits: int = 2
) -> MarketModel:
    """Fit one market's usable rows, whose order does not matter to what is learned."""
    platform, currency = market_of(rows[0])
    known = set(learn_vocabulary(rows).deliverables)
    rows = in_order([row for row in rows if plain(row.deliverable) in known])
    vocabulary = learn_vocabulary(rows)
    prices = gather(rows, vocabulary)
    blocks = column_blocks(vocabulary)
    held_out = np.zeros((len(prices), 3))
    folds = np.zeros(len(prices), dtype=int)
    for fold, (train_rows, test_rows) in enumerate(grouped_folds(prices, random_state)):
        fitted = fit_quantiles(prices.take(train_rows), blocks, random_state)
        held_out[test_rows] = fitted.predict(prices.features[test_rows])
        folds[test_rows] = fold
    scores = range_scores(prices.log_prices, held_out)
    margins = fit_margins(scores, prices.creators, prices.tiers, folds)
    fitted = fit_quantiles(prices, blocks, random_state)
    ranges = widened(held_out, prices.tiers, margins)
    edges, confidences = _confidence_by_width(ranges, prices.log_prices)
    size_start, sizes = _sizes(rows)
    days = sorted(row.priced_at for row in rows if row.priced_at)
    agreed = sum(row.kind == AGREED for row in rows)
    settings = MarketSettings(
        platform=platform,
        currency=currency,
        minor_digits=minor_digits,
        simulated=rows[0].simulated,
        vocabulary=vocabulary,
        line=fitted.line,
        margins=margins,
        width_edges=edges,
        confidences=confidences,
        size_start=size_start,
        sizes=sizes,
        counts=Counts(
            prices=len(rows),
            creators=len(np.unique(prices.creators)),
            asked=len(rows) - agreed,
            agreed=agreed,
            cut=fitted.cut,
        ),
        first_day=days[0].isoformat() if days else "",
        last_day=days[-1].isoformat() if days else "",
        figures=price_figures(prices.log_prices, ranges)
        | {"coverage": margins.coverage[WHOLE].observed},
    )
    return MarketModel(boosters=fitted.boosters, settings=settings)


def fit_quantiles(prices: Prices, blocks: list[list[int]], random_state: int) -> Quantiles:
    """Line, then a LightGBM quantile of what it leaves, absurd prices cut."""
    line = fit_line(prices.features, prices.log_prices, blocks)
    residuals = prices.log_prices - line.values(prices.features)
    kept = is_plausible(residuals)
    boosters = {}
    for name, level in LEVELS.items():
        dataset = lgb.Dataset(prices.features[kept], residuals[kept])
        parameters = {**PARAMETERS, "alpha": level, "seed": random_state}
        boosters[name] = lgb.train(parameters, dataset, ROUNDS)
    return Quantiles(line, boosters, cut=int((~kept).sum()))


def is_plausible(residuals: np.ndarray) -> np.ndarray:
    """Within `CUT` robust standard deviations of the median residual, (n,)."""
    offsets = np.abs(residuals - np.median(residuals))
    deviation = MAD_TO_DEVIATION * float(np.median(offsets))
    return np.asarray(offsets <= max(CUT * deviation, np.log(2)))


def column_blocks(vocabulary: Vocabulary) -> list[list[int]]:
    """Columns that are known or unknown together, for the line."""
    numbers = [[place] for place in range(len(vocabulary.numbers))]
    taken = {place for block in numbers for place in block}
    named = [
        places
        for places in vocabulary.places().values()
        if places and not taken.intersection(places)
    ]
    return [*numbers, *named]


def widened(quantiles: np.ndarray, tiers: np.ndarray, margins: Margins) -> np.ndarray:
    """Quantiles with their tiers' margins, (n, 3)."""
    found = np.array([margins.margin(tier) for tier in tiers])
    low, middle, high = quantiles.T
    return np.column_stack(
        [np.minimum(low - found, middle), middle, np.maximum(high + found, middle)]
    )


def price_figures(
    log_prices: np.ndarray, predicted: np.ndarray, nominal: float = NOMINAL_COVERAGE
) -> dict[str, float | None]:
    """The task's metrics; log prices (n,) and (n, 3). `mean_width` is the mean of ln(max/min)."""
    low, middle, high = np.exp(predicted.T) if len(predicted) else np.empty((3, 0))
    price = np.exp(log_prices)
    return {
        "median_ape": metrics.median_ape(price, middle),
        "mape": metrics.mape(price, middle),
        "within_30": metrics.share_within(price, middle, 0.30),
        "coverage": metrics.coverage(price, low, high),
        "nominal_coverage": nominal,
        "mean_width": metrics.mean_log_width(low, high),
    }


def grouped_folds(
    prices: Prices, random_state: int, folds: int = FOLDS
) -> list[tuple[np.ndarray, np.ndarray]]:
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=random_state)
    return list(splitter.split(prices.features, groups=prices.creators))


def in_order(rows: Sequence[MarketRow]) -> list[MarketRow]:
    """Rows in an order of their own, so that what is learned does not depend on the file's."""
    return sorted(rows, key=_order)


def _order(row: MarketRow) -> tuple[str, str, str, float]:
    day = row.priced_at.isoformat() if row.priced_at else ""
    return row.creator_key, row.deliverable, day, row.price


def _confidence_by_width(
    ranges: np.ndarray, actual: np.ndarray
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    widths = ranges[:, 2] - ranges[:, 0]
    near = np.abs(actual - ranges[:, 1]) <= np.log(2)
    edges = np.quantile(widths, [1 / 3, 2 / 3])
    third = np.searchsorted(edges, widths)
    shares = [
        float(near[third == k].mean()) if (third == k).any() else float(near.mean())
        for k in range(3)
    ]
    return tuple(map(float, edges)), tuple(shares)


def _sizes(rows: Sequence[MarketRow]) -> tuple[float, dict[str, tuple[int, ...]]]:
    own: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        own[plain(row.deliverable), row.creator_key].append(float(np.log2(row.followers or 1.0)))
    typical = {key: float(np.median(values)) for key, values in own.items()}
    start = float(np.floor(min(typical.values())))
    size = int((max(typical.values()) - start) / SIZE_STEP) + 1
    counts: dict[str, list[int]] = {name: [0] * size for name, _ in typical}
    for (name, _), value in typical.items():
        counts[name][int((value - start) / SIZE_STEP)] += 1
    return start, {name: tuple(values) for name, values in sorted(counts.items())}
