"""One platform's model: lines, trees for three quantiles, conformal margins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import lightgbm as lgb
import numpy as np

from scoring.ml.plep.features import (
    CAPTION_FEATURES,
    COLUMN,
    MEANING_FEATURES,
    TAG_FEATURES,
    Facts,
    Vocabulary,
    columns_of,
    feature_matrix,
)
from scoring.ml.plep.likeness import LIKENESS_FEATURES
from scoring.ml.plep.line import is_warm, line_parts, line_values
from scoring.ml.plep.settings import LEVELS, Line, PlatformSettings

CAPTION_FREE: Final = "caption_free"
ABOUT_CAPTIONS: Final = (
    *CAPTION_FEATURES,
    *TAG_FEATURES,
    *MEANING_FEATURES,
    *LIKENESS_FEATURES,
)


@dataclass(frozen=True)
class LogRange:
    """Log engagement (log1p of the count), each of shape (n,), low <= middle <= high."""

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray

    def stacked(self) -> np.ndarray:
        return np.column_stack([self.low, self.middle, self.high])


@dataclass(frozen=True)
class PlatformModel:
    """Read-only and safe to share between threads.

    `boosters` has one named `CAPTION_FREE` beside those of `LEVELS`: the middle as learned
    without `ABOUT_CAPTIONS`, for evaluations to compare with.
    """

    boosters: Mapping[str, lgb.Booster]
    vocabulary: Vocabulary
    settings: PlatformSettings

    def features(self, facts: Facts) -> np.ndarray:
        """The matrix of `feature_matrix` without what this platform leaves out."""
        matrix = feature_matrix(facts, self.vocabulary)
        matrix[:, columns_of(self.settings.off)] = np.nan
        return matrix

    def log_range(self, features: np.ndarray) -> LogRange:
        """Conformal range and median of a feature matrix."""
        raw = raw_quantiles(self.boosters, self.settings.line, features)
        return widen(raw, is_warm(features), self.settings.margins)

    def middles(self, features: np.ndarray) -> np.ndarray:
        """The middle alone, as what-if compares drafts; shape (n,)."""
        return line_values(features, self.settings.line) + _trees(self.boosters["middle"], features)

    def caption_free_middles(self, features: np.ndarray) -> np.ndarray:
        """The middle by the model that never saw a caption, shape (n,); NaN without one."""
        line = self.settings.caption_free_line
        if line is None:
            return np.full(len(features), np.nan)
        hidden = features.copy()
        hidden[:, columns_of(ABOUT_CAPTIONS)] = np.nan
        return line_values(hidden, line) + _trees(self.boosters[CAPTION_FREE], hidden)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds to the log of the middle, shape (n, features).

        TreeSHAP (Lundberg et al., 2020) of the trees, plus the lines' part of the followers
        and of the creator's level.
        """
        values = np.asarray(
            self.boosters["middle"].predict(features, pred_contrib=True, num_threads=1)
        )[:, :-1]
        _, own, reach = line_parts(features, self.settings.line)
        values[:, COLUMN["own_level"]] += own
        values[:, COLUMN["log_followers"]] += reach
        return values

    def confidence(self, width: float) -> float:
        place = int(np.searchsorted(self.settings.width_edges, width))
        return self.settings.confidences[place]


def raw_quantiles(
    boosters: Mapping[str, lgb.Booster], line: Line, features: np.ndarray
) -> np.ndarray:
    """Quantiles before conformalisation, shape (n, 3), sorted so that they do not cross."""
    start = line_values(features, line)
    return np.sort(
        np.column_stack([start + _trees(boosters[name], features) for name in LEVELS]), axis=1
    )


def widen(raw: np.ndarray, warm: np.ndarray, margins: Mapping[str, float]) -> LogRange:
    """Conformal range; a negative margin does not push an end past the median, nor below 0."""
    margin = np.where(warm, margins["warm"], margins["cold"])
    middle = np.maximum(raw[:, 1], 0.0)
    low = np.clip(raw[:, 0] - margin, 0.0, middle)
    return LogRange(low, middle, np.maximum(raw[:, 2] + margin, middle))


def _trees(booster: lgb.Booster, features: np.ndarray) -> np.ndarray:
    return np.asarray(booster.predict(features, num_threads=1))
