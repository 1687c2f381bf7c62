"""Account facts as model inputs, in the layout of labelled account collections.

Every input is allowed to be unknown (NaN) and unknown is never zero. Some care is taken
that a model cannot tell *which collection* a row came from, because each collection
has its own mix of fakes:

- counts keep two significant digits (one collection rounds them so above 1,000);
- rates keep two significant digits and are capped at 100 % (their decimals differ by class);
- biographies are capped at 150 characters, Instagram's limit (one collection counts bytes);
- account age is not used: only one collection has it, and its fakes came from one seller.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

FEATURE_SET: Final = "account-facts-1"

RAW_COLUMNS: Final = (
    "followers",
    "following",
    "posts",
    "bio_length",
    "full_name_words",
    "username_length",
    "username_digit_ratio",
    "has_picture",
    "has_link",
    "is_private",
    "is_verified",
    "is_business",
    "avg_likes",
    "like_rate",
    "comment_rate",
    "post_interval_hours",
    "hashtags_per_post",
    "avg_caption_length",
    "caption_similarity",
)
"""Inputs: counts; like_rate and comment_rate in percent of followers per post; flags 0/1."""

FEATURES: Final = (
    "log_followers",
    "log_following",
    "log_posts",
    "log_following_ratio",
    "bio_length",
    "full_name_words",
    "username_length",
    "username_digit_ratio",
    "has_picture",
    "has_link",
    "is_private",
    "is_verified",
    "is_business",
    "log_like_rate",
    "log_comment_rate",
    "log_comments_per_like",
    "log_post_interval",
    "hashtags_per_post",
    "log_caption_length",
    "caption_similarity",
)


def features_from_columns(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Turn raw columns into the feature matrix.

    :param columns: any of `RAW_COLUMNS`, each of shape (n,); others are ignored and missing
        ones are unknown. Impossible values (negative counts, flags other than 0/1, rates
        below zero) are unknown too.
    :returns: float array of shape (n, len(FEATURES)), NaN where unknown.
    :raises ValueError: no known column at all, or columns of different lengths.
    """
    raw = clean_columns(columns)
    followers = _two_digits(raw["followers"])
    following = _two_digits(raw["following"])
    posts = _two_digits(raw["posts"])
    like_rate, comment_rate = _two_digits(raw["like_rate"]), _two_digits(raw["comment_rate"])
    by_name = {
        "log_followers": np.log1p(followers),
        "log_following": np.log1p(following),
        "log_posts": np.log1p(posts),
        "log_following_ratio": np.log1p(following) - np.log1p(followers),
        "bio_length": np.minimum(raw["bio_length"], 150.0),
        "full_name_words": np.minimum(raw["full_name_words"], 5.0),
        "username_length": raw["username_length"],
        "username_digit_ratio": np.round(raw["username_digit_ratio"], 2),
        "has_picture": raw["has_picture"],
        "has_link": raw["has_link"],
        "is_private": raw["is_private"],
        "is_verified": raw["is_verified"],
        "is_business": raw["is_business"],
        "log_like_rate": np.log1p(like_rate),
        "log_comment_rate": np.log1p(comment_rate),
        # 0.1 is added to both so that 0 comments on 0 likes is no information, not infinity
        "log_comments_per_like": np.log((comment_rate + 0.1) / (like_rate + 0.1)),
        "log_post_interval": np.log1p(raw["post_interval_hours"]),
        "hashtags_per_post": np.minimum(raw["hashtags_per_post"], 30.0),
        "log_caption_length": np.log1p(raw["avg_caption_length"]),
        "caption_similarity": np.round(raw["caption_similarity"], 2),
    }
    return np.column_stack([by_name[name] for name in FEATURES])


def clean_columns(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All `RAW_COLUMNS` as float arrays; impossible values become NaN, rates are capped.

    A missing like_rate is derived from avg_likes where followers are known.
    """
    given = {
        name: np.atleast_1d(np.asarray(columns[name], dtype=float))
        for name in RAW_COLUMNS
        if name in columns
    }
    if not given:
        raise ValueError(f"none of the columns {', '.join(RAW_COLUMNS)} is given")
    lengths = {len(values) for values in given.values()}
    if len(lengths) > 1:
        raise ValueError(f"columns differ in length: {sorted(lengths)}")
    rows = lengths.pop()
    raw = {name: given.get(name, np.full(rows, np.nan)).copy() for name in RAW_COLUMNS}
    for name, values in raw.items():
        allowed = np.isfinite(values) & (values >= 0)
        if name in _FLAGS:
            allowed &= (values == 0) | (values == 1)
        if name in _SHARES:
            allowed &= values <= 1
        values[~allowed] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        derived = 100.0 * raw["avg_likes"] / raw["followers"]
    raw["like_rate"] = np.where(np.isnan(raw["like_rate"]), derived, raw["like_rate"])
    for name in ("like_rate", "comment_rate"):
        raw[name][~np.isfinite(raw[name])] = np.nan
        raw[name] = np.minimum(raw[name], 100.0)
    return raw


def columns_from_catalogue(
    *,
    followers: np.ndarray,
    engagement_rate: np.ndarray,
    comments_to_likes: np.ndarray,
    bio_length: np.ndarray,
    is_verified: np.ndarray,
) -> dict[str, np.ndarray]:
    """Map catalogue facts to the input columns.

    :param engagement_rate: (likes + comments) / followers per post, a fraction.
    :param comments_to_likes: comments / likes. Negative or above 1 is a fault of the
        collection, so the split between likes and comments is then unknown.
    """
    engagement = np.asarray(engagement_rate, dtype=float)
    ratio = np.asarray(comments_to_likes, dtype=float)
    usable = (ratio >= 0) & (ratio <= 1) & (engagement >= 0) & (engagement <= 1)
    ratio = np.where(usable, ratio, np.nan)
    engagement = np.where((engagement >= 0) & (engagement <= 1), engagement, np.nan)
    like_rate = 100.0 * engagement / (1.0 + ratio)
    # without the split, likes are nearly all of it (median comments_to_likes is 0.03)
    like_rate = np.where(np.isnan(ratio), 100.0 * engagement, like_rate)
    return {
        "followers": np.asarray(followers, dtype=float),
        "bio_length": np.asarray(bio_length, dtype=float),
        "is_verified": np.asarray(is_verified, dtype=float),
        "like_rate": like_rate,
        "comment_rate": 100.0 * engagement * ratio / (1.0 + ratio),
    }


_FLAGS = frozenset({"has_picture", "has_link", "is_private", "is_verified", "is_business"})
_SHARES = frozenset({"username_digit_ratio", "caption_similarity"})


def _two_digits(values: np.ndarray) -> np.ndarray:
    """Keep two significant digits; zero and NaN stay."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 10.0 ** (np.floor(np.log10(values)) - 1)
        rounded = np.round(values / scale) * scale
    return np.where(values == 0, 0.0, np.where(np.isnan(values), np.nan, rounded))
