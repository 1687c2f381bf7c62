"""Account facts as model inputs, in the layout of labelled account collections.

Every input is allowed to be unknown (NaN) and unknown is never zero. Some care is taken
that a model cannot tell *which collection* a row came from, because each collection
has its own mix of fakes:

- counts keep two significant digits (one collection rounds them so above 1,000);
- rates keep two significant digits and are capped at 100 % (their decimals differ by class);
- biographies are capped at 150 characters, Instagram's limit (one collection counts bytes);
- account age is not used: only one collection has it, and its fakes came from one seller.

The work is done on whole blocks of columns, not column by column: for a single account the
number of NumPy calls is what costs time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

FEATURE_SET: Final = "account-facts-2"

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

KNOWN_FEATURES: Final = (
    "log_followers",
    "log_following",
    "log_posts",
    "log_like_rate",
    "log_comment_rate",
    "log_post_interval",
    "log_caption_length",
    "log_likes",
    "log_following_ratio",
    "log_likes_per_following",
    "log_following_per_post",
    "log_comments_per_like",
    "username_digit_ratio",
    "caption_similarity",
    "bio_length",
    "full_name_words",
    "hashtags_per_post",
    "username_length",
    "has_picture",
    "has_link",
    "is_private",
    "is_verified",
    "is_business",
)
"""Everything any version of the model reads, in the order `all_features` gives it."""

FEATURES: Final = (
    "log_followers",
    "log_posts",
    "log_following_ratio",
    "bio_length",
    "full_name_words",
    "username_length",
    "username_digit_ratio",
    "has_picture",
    "has_link",
    "is_verified",
    "log_like_rate",
    "log_comment_rate",
    "log_likes_per_following",
    "log_comments_per_like",
    "log_post_interval",
    "hashtags_per_post",
    "log_caption_length",
    "caption_similarity",
)
"""What the trees are grown on."""

_PLACE: Final = {name: place for place, name in enumerate(RAW_COLUMNS)}
_UPPER: Final = np.array(
    [
        1.0
        if name.startswith(("has_", "is_"))
        or name in ("username_digit_ratio", "caption_similarity")
        else np.finfo(float).max
        for name in RAW_COLUMNS
    ]
)[:, None]
_FLAGS: Final = slice(_PLACE["has_picture"], _PLACE["is_business"] + 1)
_RATES: Final = slice(_PLACE["like_rate"], _PLACE["comment_rate"] + 1)
_TIMES_AND_CAPTIONS: Final = slice(
    _PLACE["post_interval_hours"], _PLACE["avg_caption_length"] + 1, 2
)
_ROUNDED: Final = np.array(
    [_PLACE[n] for n in ("followers", "following", "posts", "like_rate", "comment_rate")]
)
_SHARES: Final = np.array([_PLACE[n] for n in ("username_digit_ratio", "caption_similarity")])
_AS_THEY_ARE: Final = np.array([_PLACE[n] for n in KNOWN_FEATURES[14:]])
_CAPS: Final = np.array([150.0, 5.0, 30.0])[:, None]
_HIGHEST_RATE: Final = 100.0
_TINY: Final = 1e-300


def features_from_columns(
    columns: Mapping[str, np.ndarray], names: Sequence[str] = FEATURES
) -> np.ndarray:
    """Turn raw columns into the feature matrix.

    :param columns: any of `RAW_COLUMNS`, each of shape (n,); others are ignored and missing
        ones are unknown. Impossible values (negative counts, flags other than 0/1, rates
        below zero) are unknown too.
    :param names: which of `KNOWN_FEATURES`, in this order.
    :returns: float array of shape (n, len(names)), NaN where unknown.
    :raises ValueError: no known column at all, or columns of different lengths.
    """
    return np.ascontiguousarray(
        all_features(clean_matrix(columns))[[KNOWN_FEATURES.index(name) for name in names]].T
    )


def clean_columns(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All `RAW_COLUMNS` as float arrays; impossible values become NaN, rates are capped.

    A missing like_rate is derived from avg_likes where followers are known.
    """
    return dict(zip(RAW_COLUMNS, clean_matrix(columns), strict=True))


def clean_matrix(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """`clean_columns` as one array of shape (len(RAW_COLUMNS), n).

    :raises ValueError: no known column at all, or columns of different lengths.
    """
    given = [(_PLACE[name], columns[name]) for name in columns if name in _PLACE]
    if not given:
        raise ValueError(f"none of the columns {', '.join(RAW_COLUMNS)} is given")
    rows = np.size(given[0][1])
    raw = np.full((len(RAW_COLUMNS), rows), np.nan)
    for place, values in given:
        if np.size(values) != rows:
            lengths = sorted({np.size(column) for _, column in given})
            raise ValueError(f"columns differ in length: {lengths}")
        raw[place] = values
    possible = (raw >= 0) & (raw <= _UPPER)
    flags = raw[_FLAGS]
    possible[_FLAGS] &= flags == np.floor(flags)
    raw[~possible] = np.nan
    rates = raw[_RATES]
    if "avg_likes" in columns:
        followers = raw[0]
        derived = np.full(rows, np.nan)
        np.divide(100.0 * raw[_PLACE["avg_likes"]], followers, out=derived, where=followers > 0)
        rates[0] = np.where(np.isnan(rates[0]), derived, rates[0])
    np.minimum(rates, _HIGHEST_RATE, out=rates)
    return raw


def all_features(raw: np.ndarray) -> np.ndarray:
    """`KNOWN_FEATURES` of a `clean_matrix`, shape (len(KNOWN_FEATURES), n)."""
    features = np.empty((len(KNOWN_FEATURES), raw.shape[1]))
    logs = features[:8]
    logs[:5] = rounded = _two_digits(raw[_ROUNDED])
    logs[5:7] = raw[_TIMES_AND_CAPTIONS]
    followers, _, _, like_rate, comment_rate = rounded
    np.multiply(followers, like_rate, out=logs[7])
    logs[7] /= 100.0
    np.log1p(logs, out=logs)
    log_following, log_likes = logs[1], logs[7]
    np.subtract(log_following, logs[0], out=features[8])
    # fakes are followed and liked by fewer than they follow, whatever the collection calls typical
    np.subtract(log_likes, log_following, out=features[9])
    np.subtract(log_following, logs[2], out=features[10])
    # 0.1 is added to both so that 0 comments on 0 likes is no information, not infinity
    np.log((comment_rate + 0.1) / (like_rate + 0.1), out=features[11])
    features[12:14] = np.rint(raw[_SHARES] * 100.0) / 100.0
    features[14:] = raw[_AS_THEY_ARE]
    np.minimum(features[14:17], _CAPS, out=features[14:17])
    return features


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


def _two_digits(values: np.ndarray) -> np.ndarray:
    """Keep two significant digits; zero and NaN stay."""
    scale = 10.0 ** (np.floor(np.log10(np.maximum(values, _TINY))) - 1.0)
    return np.asarray(np.rint(values / scale) * scale)
