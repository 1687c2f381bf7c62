"""The facts behind a risk score in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np


@dataclass(frozen=True)
class Signal:
    """One known fact and what it did to the score.

    `effect` is in calibrated log-odds: above zero raises the risk. It is the sum over the
    features made from the fact of SHAP values (LightGBM `pred_contrib`) and linear terms; the
    effects of all facts, known and unknown, and a constant add up to the log-odds.
    """

    feature: str
    value: float
    effect: float
    text: str


FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "followers": ("log_followers",),
    "following": ("log_following", "log_following_ratio"),
    "posts": ("log_posts", "log_following_per_post"),
    "bio_length": ("bio_length",),
    "full_name_words": ("full_name_words",),
    "username_length": ("username_length",),
    "username_digit_ratio": ("username_digit_ratio",),
    "has_picture": ("has_picture",),
    "has_link": ("has_link",),
    "is_private": ("is_private",),
    "is_verified": ("is_verified",),
    "is_business": ("is_business",),
    "like_rate": ("log_like_rate", "log_likes", "log_likes_per_following"),
    "comment_rate": ("log_comment_rate", "log_comments_per_like"),
    "post_interval_hours": ("log_post_interval",),
    "hashtags_per_post": ("hashtags_per_post",),
    "avg_caption_length": ("log_caption_length",),
    "caption_similarity": ("caption_similarity",),
}
"""Which features are made from which fact; every feature belongs to exactly one."""

_FLAG_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "has_picture": ("no profile picture", "a profile picture"),
    "has_link": ("no link in the profile", "a link in the profile"),
    "is_private": ("a public account", "a private account"),
    "is_verified": ("not verified by the platform", "verified by the platform"),
    "is_business": ("not a business account", "a business account"),
}


def describe_fact(fact: str, facts: Mapping[str, float], effect: float) -> str:
    """A clause such as "follows 2,932 accounts (39.6 per follower): raises the risk"."""
    direction = "raises the risk" if effect > 0 else "lowers the risk"
    return f"{_clause(fact, facts)}: {direction}"


def _clause(fact: str, facts: Mapping[str, float]) -> str:
    value = facts[fact]
    if fact in _FLAG_TEXTS:
        return _FLAG_TEXTS[fact][int(value)]
    match fact:
        case "followers":
            return _counted(value, "follower")
        case "following":
            ratio = _followed_per_follower(facts)
            return f"follows {_counted(value, 'account')}{ratio}"
        case "posts":
            return _counted(value, "post")
        case "bio_length":
            return f"biography of {_counted(value, 'character')}" if value else "no biography"
        case "full_name_words":
            return f"full name of {_counted(value, 'word')}" if value else "no full name"
        case "username_length":
            return f"user name of {_counted(value, 'character')}"
        case "username_digit_ratio":
            return f"{value:.0%} of the user name is digits" if value else "no digits in user name"
        case "like_rate":
            return f"likes per post are {value:.2f} % of followers"
        case "comment_rate":
            return f"comments per post are {value:.2f} % of followers"
        case "post_interval_hours":
            unit, figure = ("days", value / 24) if value >= 48 else ("hours", value)
            return f"{figure:.0f} {unit} between posts"
        case "hashtags_per_post":
            return f"{value:.1f} hashtags per post"
        case "avg_caption_length":
            return f"captions of {_counted(value, 'character')} on average"
        case "caption_similarity":
            return f"captions are {value:.0%} alike"
    raise ValueError(f"unknown fact {fact!r}")


def _followed_per_follower(facts: Mapping[str, float]) -> str:
    followers = facts["followers"]
    if np.isnan(followers) or followers <= 0:
        return ""
    return f" ({facts['following'] / followers:,.2g} per follower)"


def _counted(value: float, noun: str) -> str:
    return f"{value:,.0f} {noun}{'' if round(value) == 1 else 's'}"
