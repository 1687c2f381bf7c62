"""Figures of price models on creators, and times, that were not learned from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from sklearn.model_selection import GroupKFold

from scoring.ml import metrics
from scoring.ml.match.exposure import tier_of
from scoring.ml.prices.baselines import BASELINES, log_prices
from scoring.ml.prices.facts import MarketRow, plain
from scoring.ml.prices.features import is_priced_deliverable, row_features
from scoring.ml.prices.fitting import FOLDS, fit_market, in_order, price_figures
from scoring.ml.prices.market_model import MarketModel

Predict = Callable[[Sequence[MarketRow], Sequence[MarketRow]], np.ndarray]
Slices = dict[str, dict[str, float | None]]
LATER_SHARE: Final = 0.25
DRAWS: Final = 400
WITH_INTERVAL: Final = ("median_ape", "mape", "within_30", "coverage")


def predict_rows(market: MarketModel, rows: Sequence[MarketRow]) -> np.ndarray:
    """Log low, middle, high of rows of the market, (n, 3); NaN for an unpriced deliverable."""
    vocabulary = market.settings.vocabulary
    result = np.full((len(rows), 3), np.nan)
    places = [k for k, row in enumerate(rows) if is_priced_deliverable(row, vocabulary)]
    if places:
        asked = [rows[place] for place in places]
        found = market.log_prices(
            row_features(asked, vocabulary), [tier_of(row.followers) for row in asked]
        )
        result[places] = np.column_stack([found.low, found.middle, found.high])
    return result


def predict_with_model(random_state: int) -> Predict:
    """Fit line, quantiles and margins on the known rows; the margins see nothing else."""

    def predict(known: Sequence[MarketRow], asked: Sequence[MarketRow]) -> np.ndarray:
        return predict_rows(fit_market(known, random_state=random_state), asked)

    return predict


def held_out(
    rows: Sequence[MarketRow], predict: Predict, *, random_state: int, later: bool = False
) -> np.ndarray:
    """Log low, middle, high of one market's rows, (n, 3), NaN where none was given.

    Five folds by creator. With `later`, models of the other creators' earlier rows answer for
    the latest quarter of the rows alone: unseen creators at unseen times.
    """
    names = np.array([row.creator_key for row in rows])
    codes = np.unique(names, return_inverse=True)[1]
    is_early = np.ones(len(rows), dtype=bool)
    is_asked = is_early.copy()
    if later:
        days = np.array([row.priced_at.toordinal() if row.priced_at else -1 for row in rows])
        limit = np.quantile(days[days >= 0], 1 - LATER_SHARE)
        is_early, is_asked = (days >= 0) & (days <= limit), days > limit
    predicted = np.full((len(rows), 3), np.nan)
    splitter = GroupKFold(n_splits=FOLDS, shuffle=True, random_state=random_state)
    for known, asked in splitter.split(codes, groups=codes):
        known, asked = known[is_early[known]], asked[is_asked[asked]]
        if len(asked):
            predicted[asked] = predict([rows[k] for k in known], [rows[k] for k in asked])
    return predicted


def measure_market(rows: Sequence[MarketRow], *, random_state: int) -> tuple[Slices, np.ndarray]:
    """Figures by slice of one market, and the model's held-out predictions of `in_order(rows)`.

    Slices: all, deliverable/…, tier/…, each baseline, and later/… where all prices are dated.
    """
    rows = in_order(rows)
    prices = log_prices(rows)
    creators = np.array([row.creator_key for row in rows])
    model = predict_with_model(random_state)
    # the folds of version 1, so that both are measured on the same creators
    predicted = held_out(rows, model, random_state=random_state + 1)
    slices: Slices = {"all": with_intervals(prices, predicted, creators)}
    for prefix, labels in (
        ("deliverable", [plain(row.deliverable) for row in rows]),
        ("tier", [tier_of(row.followers) for row in rows]),
    ):
        for label in sorted(set(labels)):
            mask = np.array(labels) == label
            slices[f"{prefix}/{label}"] = with_intervals(
                prices[mask], predicted[mask], creators[mask]
            )
    for name, baseline in BASELINES.items():
        found = held_out(rows, baseline, random_state=random_state + 1)
        slices[name] = with_intervals(prices, found, creators)
    days = {row.priced_at for row in rows}
    if None not in days and len(days) >= 2 * FOLDS:
        contenders: dict[str, Predict] = {"model": model, **BASELINES}
        for name, contender in contenders.items():
            found = held_out(rows, contender, random_state=random_state + 1, later=True)
            slices[f"later/{name}"] = with_intervals(prices, found, creators)
    return slices, predicted


def with_intervals(
    prices: np.ndarray, predicted: np.ndarray, creators: np.ndarray, random_state: int = 0
) -> dict[str, float | None]:
    """`price_figures` where there is a prediction, with 95 % bootstrap intervals over creators
    as `…_low` and `…_high`, and how many `prices` and `creators` were compared."""
    known = ~np.isnan(predicted[:, 1])
    prices, predicted, creators = prices[known], predicted[known], creators[known]
    figures: dict[str, float | None] = dict(price_figures(prices, predicted))
    names, codes = np.unique(creators, return_inverse=True)
    figures |= {"prices": len(prices), "creators": len(names)}
    if len(names) < 2:
        return figures
    return figures | _intervals(prices, predicted, codes, random_state)


def _intervals(
    log_prices: np.ndarray, predicted: np.ndarray, codes: np.ndarray, random_state: int
) -> dict[str, float]:
    """95 % percentile bootstrap over creators of the figures in `WITH_INTERVAL`."""
    errors = metrics.absolute_percentage_errors(np.exp(log_prices), np.exp(predicted[:, 1]))
    held = (log_prices >= predicted[:, 0]) & (log_prices <= predicted[:, 2])
    own = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    generator = np.random.default_rng(random_state)
    draws = np.empty((DRAWS, len(WITH_INTERVAL)))
    for draw in draws:
        chosen = np.concatenate([own[k] for k in generator.integers(0, len(own), len(own))])
        drawn = errors[chosen]
        draw[:] = np.median(drawn), drawn.mean(), (drawn <= 0.30).mean(), held[chosen].mean()
    low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    return {
        f"{name}_{end}": float(values[place])
        for place, name in enumerate(WITH_INTERVAL)
        for end, values in (("low", low), ("high", high))
    }
