"""The facts and features of one account in plain Python.

`authenticity_features` says what they are; this says the same for a single row, where two
dozen NumPy calls on arrays of one number would take longer than the model itself. Tests hold
both to the same values; the last digit may differ where NumPy has its own logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from scoring.ml.authenticity_features import RAW_COLUMNS

_NAN: Final = math.nan
_SHARES: Final = frozenset({"username_digit_ratio", "caption_similarity"})
_FLAGS: Final = frozenset(name for name in RAW_COLUMNS if name.startswith(("has_", "is_")))
_RATES: Final = frozenset({"like_rate", "comment_rate"})
_LARGEST: Final = float(np.finfo(float).max)
_UPPER: Final = {name: 1.0 if name in _SHARES | _FLAGS else _LARGEST for name in RAW_COLUMNS}


def facts_of_one(columns: Mapping[str, Any]) -> dict[str, float] | None:
    """The known facts of the only row, cleaned as `clean_columns` does; None if not one row.

    Average likes are left out: they are in the like rate.
    """
    facts: dict[str, float] = {}
    for name, values in columns.items():
        upper = _UPPER.get(name)
        if upper is None:
            continue
        try:
            value = float(values.item())
        except (AttributeError, ValueError):  # not an array, or not of one row
            return None
        if 0.0 <= value <= upper and (name not in _FLAGS or value in (0.0, 1.0)):
            facts[name] = min(value, 100.0) if name in _RATES else value
    likes = facts.pop("avg_likes", None)
    if likes is not None and "like_rate" not in facts and facts.get("followers"):
        facts["like_rate"] = min(100.0 * likes / facts["followers"], 100.0)
    return facts


def features_of_one(facts: Mapping[str, float]) -> list[float]:
    """`KNOWN_FEATURES` of one account, NaN where unknown."""
    get = facts.get
    followers = _two_digits(get("followers", _NAN))
    like_rate = _two_digits(get("like_rate", _NAN))
    comment_rate = _two_digits(get("comment_rate", _NAN))
    log_followers = math.log1p(followers)
    log_following = math.log1p(_two_digits(get("following", _NAN)))
    log_posts = math.log1p(_two_digits(get("posts", _NAN)))
    log_likes = math.log1p(followers * like_rate / 100.0)
    digits, similarity = get("username_digit_ratio", _NAN), get("caption_similarity", _NAN)
    bio, words = get("bio_length", _NAN), get("full_name_words", _NAN)
    hashtags = get("hashtags_per_post", _NAN)
    return [
        log_followers,
        log_following,
        log_posts,
        math.log1p(like_rate),
        math.log1p(comment_rate),
        math.log1p(get("post_interval_hours", _NAN)),
        math.log1p(get("avg_caption_length", _NAN)),
        log_likes,
        log_following - log_followers,
        log_likes - log_following,
        log_following - log_posts,
        math.log((comment_rate + 0.1) / (like_rate + 0.1)),
        _hundredths(digits),
        _hundredths(similarity),
        150.0 if bio > 150.0 else bio,
        5.0 if words > 5.0 else words,
        30.0 if hashtags > 30.0 else hashtags,
        get("username_length", _NAN),
        get("has_picture", _NAN),
        get("has_link", _NAN),
        get("is_private", _NAN),
        get("is_verified", _NAN),
        get("is_business", _NAN),
    ]


def _two_digits(value: float) -> float:
    if value != value or value == 0.0:
        return value
    scale = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(value / scale) * scale


def _hundredths(value: float) -> float:
    return value if value != value else round(value * 100.0) / 100.0
