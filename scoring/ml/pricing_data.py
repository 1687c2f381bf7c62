"""Asking prices as rows of one creator and one video length each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.pricing_features import (
    CURRENCY,
    PLATFORM,
    RAW_NUMBERS,
    RAW_TEXTS,
    baseline_features,
    price_features,
)
from scoring.ml.tables import Layout, Table

PRICE_COLUMNS: Final = ("price_1_20s", "price_21_60s", "price_over_60s")
LAYOUT: Final = Layout(
    numbers=(*RAW_NUMBERS, *PRICE_COLUMNS),
    texts=(*RAW_TEXTS, "platform", "creator_id", "currency"),
    needed_any=("followers", *PRICE_COLUMNS),
)


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
