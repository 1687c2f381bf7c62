"""The ensemble: LightGBM over step features, then LightGBM over the whole series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import lightgbm as lgb
import numpy as np
from scipy.special import expit

from scoring.ml.engagement.detecting import DETECTOR_MODULES, Detector, cheap_detector
from scoring.ml.engagement.features import step_features
from scoring.ml.engagement.series import EngagementSeries
from scoring.ml.engagement.series_features import series_features

CHEAP_DETECTORS: Final = tuple(DETECTOR_MODULES)
BATCH_STEPS: Final = 20_000
"""Steps that are predicted in one call: bounds the memory of a large batch."""


@dataclass(frozen=True)
class SeriesView:
    """A series with its step features, each of shape (n - 1,), and its detectors' scores.

    Features are kept in single precision: thousands of views are held at once in training.
    """

    series: EngagementSeries
    columns: dict[str, np.ndarray]
    detector_scores: dict[str, np.ndarray]

    def step_matrix(self) -> np.ndarray:
        """Shape (n - 1, features), single precision, columns in the order of `columns`."""
        return np.column_stack(list(self.columns.values()))


def view_series(series: EngagementSeries, detectors: Sequence[str] = CHEAP_DETECTORS) -> SeriesView:
    """What the ensemble sees of a series of at least two points."""
    tools: list[Detector] = [cheap_detector(name) for name in detectors]
    scores = {tool.name: tool.score(series) for tool in tools}
    columns = step_features(series, scores)
    single = {name: values.astype(np.float32) for name, values in columns.items()}
    return SeriesView(series, single, scores)


def series_vector(view: SeriesView, step_probabilities: np.ndarray) -> dict[str, float]:
    """Features of the whole series, given how likely each step is fake."""
    return series_features(view.series, view.columns, step_probabilities)


def pooled(scores: np.ndarray) -> float:
    """A detector's word on a series: its highest step score; NaN if it scored none."""
    known = scores[~np.isnan(scores)]
    return float(known.max()) if known.size else float("nan")


@dataclass(frozen=True)
class Ensemble:
    """Two boosters; read-only and safe to share between threads."""

    step_booster: lgb.Booster
    series_booster: lgb.Booster

    def step_scores(self, views: Sequence[SeriesView]) -> list[np.ndarray]:
        """Raw log-odds of every step, a list of arrays of shape (n - 1,)."""
        scores: list[np.ndarray] = []
        for batch in _batches(views):
            raw = _predict(self.step_booster, np.vstack([view.step_matrix() for view in batch]))
            ends = np.cumsum([len(view.series) - 1 for view in batch])
            scores.extend(np.split(raw, ends[:-1]))
        return scores

    def series_vectors(
        self, views: Sequence[SeriesView], step_scores: Sequence[np.ndarray]
    ) -> np.ndarray:
        """Shape (series, features)."""
        rows = [
            list(series_vector(view, expit(raw)).values())
            for view, raw in zip(views, step_scores, strict=True)
        ]
        return np.array(rows, dtype=np.float32)

    def series_scores(self, vectors: np.ndarray) -> np.ndarray:
        """Raw log-odds of every series, shape (series,)."""
        return _predict(self.series_booster, vectors)

    def contributions(self, vectors: np.ndarray) -> np.ndarray:
        """SHAP values (Lundberg & Lee, 2017), shape (series, features)."""
        shap = self.series_booster.predict(vectors, pred_contrib=True, num_threads=1)
        return np.asarray(shap)[:, :-1]


def _predict(booster: lgb.Booster, rows: np.ndarray) -> np.ndarray:
    return np.asarray(booster.predict(rows, raw_score=True, num_threads=1))


def _batches(views: Sequence[SeriesView]) -> list[list[SeriesView]]:
    batches: list[list[SeriesView]] = []
    steps = 0
    for view in views:
        if not batches or steps + len(view.series) > BATCH_STEPS:
            batches.append([])
            steps = 0
        batches[-1].append(view)
        steps += len(view.series)
    return batches
