"""Creator facts as inputs of the price model, one row per creator and video length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

FEATURE_SET: Final = "creator-market-1"
PLATFORM: Final = "douyin"
CURRENCY: Final = "CNY"

PRICED_DELIVERABLES: Final = ("video_1_20s", "video_21_60s", "video_over_60s")
"""Deliverables with asking prices: a video by its length, shortest first."""

RAW_NUMBERS: Final = (
    "followers",
    "follower_change_15d",
    "median_views_30d",
    "engagement_rate_30d",
    "completion_rate_30d",
    "expected_views",
)
"""Counts; rates are fractions. `follower_change_30d` is not used: the collection mixes
counts and other figures in it (its mean exceeds the followers)."""

RAW_TEXTS: Final = ("tags",)
TAGS: Final = ("时尚", "测评", "生活", "美妆", "剧情搞笑", "美食")
"""Fashion, reviews, life, beauty, comedy, food: the tags of ten or more priced creators."""

FEATURES: Final = (
    "log_followers",
    "log_expected_views",
    "log_median_views",
    "log_engagement_rate",
    "completion_rate",
    "growth_15d",
    "has_tags",
    *(f"tag_{position}" for position in range(len(TAGS))),
    "length",
)
FOLLOWER_FEATURES: Final = ("log_followers",)
ENGAGEMENT_FEATURES: Final = (
    "log_expected_views",
    "log_median_views",
    "log_engagement_rate",
    "completion_rate",
)


def price_features(columns: Mapping[str, np.ndarray], lengths: np.ndarray) -> np.ndarray:
    """Feature matrix of shape (n, len(FEATURES)), NaN where unknown.

    :param columns: any of `RAW_NUMBERS` (float) and `RAW_TEXTS` (object), shape (n,).
        `tags` is the text of the collection's tags or None; negative counts are unknown.
    :param lengths: positions in `PRICED_DELIVERABLES`, shape (n,).
    """
    rows = len(lengths)
    raw = {name: _number(columns, name, rows) for name in RAW_NUMBERS}
    tags = columns.get("tags", np.full(rows, None, dtype=object))
    has_tags = np.array([_has_tags(text) for text in tags], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.clip(raw["follower_change_15d"] / raw["followers"], -0.2, 0.2)
    tagged = [_tagged(tags, tag) for tag in TAGS]
    return np.column_stack(
        [
            np.log1p(raw["followers"]),
            np.log1p(raw["expected_views"]),
            np.log1p(raw["median_views_30d"]),
            np.log(raw["engagement_rate_30d"] + 0.001),
            raw["completion_rate_30d"],
            growth,
            has_tags,
            *tagged,
            np.asarray(lengths, dtype=float),
        ]
    )


def baseline_features(columns: Mapping[str, np.ndarray], lengths: np.ndarray) -> np.ndarray:
    """Log followers and the video length as indicators, shape (n, 3)."""
    followers = np.log1p(_number(columns, "followers", len(lengths)))
    return np.column_stack([followers, lengths == 1, lengths == 2]).astype(float)


def length_positions(deliverable_types: Sequence[str]) -> np.ndarray:
    """Positions in `PRICED_DELIVERABLES`, -1 for a type without asking prices."""
    known = {name: position for position, name in enumerate(PRICED_DELIVERABLES)}
    return np.array([known.get(name, -1) for name in deliverable_types], dtype=int)


def _number(columns: Mapping[str, np.ndarray], name: str, rows: int) -> np.ndarray:
    values = np.array(columns.get(name, np.full(rows, np.nan)), dtype=float)
    values[~np.isfinite(values)] = np.nan
    if name != "follower_change_15d":
        values[values < 0] = np.nan
    return values


def _has_tags(text: object) -> float:
    return np.nan if text is None else float(str(text).strip() not in ("", "{}"))


def _tagged(tags: np.ndarray, tag: str) -> np.ndarray:
    return np.array([np.nan if text is None else float(tag in str(text)) for text in tags])
