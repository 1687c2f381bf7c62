"""The parts of values as JSON, for storing and showing."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from scoring.ml.value.evidence import Evidence
from scoring.ml.value.factors import Factor
from scoring.ml.value.valuing import Valuations

DIGITS: Final = 6


def describe_all(valued: Valuations, evidence: Evidence) -> list[dict[str, Any]]:
    """Each account's parts, with six significant digits; unknown is None.

    What a stored value was multiplied from: engagement, rate, authenticity and consistency
    each have `value`, `low` and `high`, and beside them what they were read from.
    """
    engagement = valued.engagement
    parts = {
        "engagement": _columns(
            value=engagement.value,
            low=engagement.low,
            high=engagement.high,
            effective_posts=engagement.effective,
            own=engagement.own,
            usual_for_size=engagement.expected,
            own_weight=engagement.weight,
        )
        | {"basis": engagement.basis.tolist(), "posts": engagement.posts.tolist()},
        "rate": _factor(valued.rate),
        "authenticity": _factor(valued.authenticity) | _columns(risk=evidence.risk),
        "consistency": _factor(valued.consistency)
        | _columns(
            spread=engagement.spread,
            usual_spread=engagement.usual_spread,
            silence_days=engagement.silence,
            usual_gap_days=engagement.gap,
        ),
    }
    followers = _columns(followers=evidence.followers)["followers"]
    rows = {name: _rows(columns) for name, columns in parts.items()}
    return [
        {**{name: rows[name][row] for name in rows}, "followers": followers[row]}
        for row in range(len(valued))
    ]


def _factor(factor: Factor) -> dict[str, list[Any]]:
    return _columns(value=factor.value, low=factor.low, high=factor.high) | {
        "known": factor.known.tolist()
    }


def _columns(**columns: np.ndarray) -> dict[str, list[Any]]:
    return {
        name: [None if value != value else value for value in _rounded(column).tolist()]
        for name, column in columns.items()
    }


def _rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _rounded(values: np.ndarray) -> np.ndarray:
    """To `DIGITS` significant digits."""
    values = np.asarray(values, dtype=float)
    known = np.isfinite(values) & (values != 0)
    scale = np.floor(np.log10(np.where(known, np.abs(values), 1.0))) + 1 - DIGITS
    shift = 10.0 ** np.abs(scale)
    up = np.where(scale < 0, np.round(values * shift) / shift, np.round(values / shift) * shift)
    return np.where(known, up, np.where(np.isfinite(values), 0.0, np.nan))
