"""Facts of requests and rows as the columns of one market."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from scoring.ml.prices.facts import AGREED, MarketRow, PriceRequest, plain
from scoring.ml.prices.readings import NAMED, NAMES_OF, Facts, month_of, numbers_of
from scoring.ml.prices.vocabulary import Vocabulary

FEATURE_SET: Final = "market-rows-2"


def row_features(rows: Sequence[MarketRow], vocabulary: Vocabulary) -> np.ndarray:
    """Columns of priced rows, shape (n, len(vocabulary.columns)), NaN where unknown."""
    years = np.array(
        [vocabulary.years_asked(row.priced_at) if row.priced_at else math.nan for row in rows]
    )
    months = [month_of(row) for row in rows]
    agreed = np.array([float(row.kind == AGREED) for row in rows])
    return _features(rows, vocabulary, years, months, agreed)


def request_features(
    requests: Sequence[PriceRequest], vocabulary: Vocabulary, now: date
) -> np.ndarray:
    """Columns of requests, shape (n, len(vocabulary.columns)); where both kinds of price were
    learned, an agreed price is what is asked for."""
    years = np.full(len(requests), vocabulary.years_asked(now))
    months = [request.month or now.month for request in requests]
    return _features(requests, vocabulary, years, months, np.ones(len(requests)))


def is_priced_deliverable(request: Facts, vocabulary: Vocabulary) -> bool:
    return plain(request.deliverable) in vocabulary.deliverables


def _features(
    facts: Sequence[Facts],
    vocabulary: Vocabulary,
    years: np.ndarray,
    months: Sequence[int | None],
    agreed: np.ndarray,
) -> np.ndarray:
    parts = [years if name == "years" else numbers_of(facts, name) for name in vocabulary.numbers]
    blocks = [np.column_stack(parts)] if parts else []
    if vocabulary.months:
        blocks.append(_indicators([(month,) for month in months], vocabulary.months))
    for factor in NAMED:
        if names := vocabulary.names(factor):
            blocks.append(_indicators([NAMES_OF[factor](one) for one in facts], names))
    if vocabulary.has_kinds:
        blocks.append(agreed[:, None])
    return np.column_stack(blocks).astype(float)


def _indicators(values: Sequence[tuple[Any, ...]], names: Sequence[Any]) -> np.ndarray:
    """1 for each name a row has, NaN for all where it has none that is known."""
    place = {name: position for position, name in enumerate(names)}
    result = np.zeros((len(values), len(names)))
    for row, own in enumerate(values):
        found = [place[name] for name in own if name in place]
        result[row, found] = 1.0
        if not found:
            result[row] = math.nan
    return result
