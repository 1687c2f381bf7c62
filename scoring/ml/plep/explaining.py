"""Contributions of features, added up to facts a creator knows, in words with figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from scoring.ml.plep.answers import Contributor
from scoring.ml.plep.captions import CaptionFacts
from scoring.ml.plep.features import (
    COLUMN,
    MEANING_FEATURES,
    TAG_FEATURES,
    columns_of,
)
from scoring.ml.plep.likeness import LIKENESS_FEATURES
from scoring.ml.plep.settings import PlatformSettings

MOST: Final = 3
_SMALLEST: Final = 0.01
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FACTS: Final = {
    "followers": ("log_followers",),
    "following": ("log_following",),
    "earlier engagement": (
        "own_level",
        "own_posts",
        "own_median_off",
        "own_highest_off",
        "own_lowest_off",
        "own_spread",
    ),
    "recent direction": ("own_last_off", "own_trend", "own_recent_off"),
    "earlier views": ("own_views_off",),
    "like captions": LIKENESS_FEATURES,
    "pace of posting": ("days_since_last", "typical_gap_days"),
    "hour": ("hour",),
    "weekday": ("weekday",),
    "duration": ("log_duration",),
    "caption length": ("has_caption", "log_characters", "log_words", "lines"),
    "wording": (*MEANING_FEATURES, "capitals_share", "latin_share", "digits"),
    "emoji": ("emoji",),
    "questions and exclamations": ("questions", "exclamations"),
    "call to action": ("calls_to_action",),
    "links and mentions": ("links", "mentions"),
    "hashtags": TAG_FEATURES,
}
"""Every feature belongs to one fact."""

_COLUMNS: Final = {fact: columns_of(names) for fact, names in FACTS.items()}


def contributors(
    features: np.ndarray, effects: np.ndarray, caption: CaptionFacts, settings: PlatformSettings
) -> tuple[tuple[Contributor, ...], tuple[Contributor, ...]]:
    """The strongest facts for and against, at most `MOST` each, strongest first.

    :param features: one row, shape (features,). :param effects: what each adds to the log.
    """
    found = []
    for fact, columns in _COLUMNS.items():
        effect = float(effects[columns].sum())
        if abs(effect) >= _SMALLEST:
            found.append((effect, fact))
    found.sort(key=lambda pair: -abs(pair[0]))

    def told(sign: float) -> tuple[Contributor, ...]:
        chosen = [(effect, fact) for effect, fact in found if effect * sign > 0][:MOST]
        return tuple(
            Contributor(
                fact=fact,
                text=f"{_say(fact, features, caption, settings)}: {in_words(effect)}",
                effect=effect,
                factor=float(np.exp(effect)),
            )
            for effect, fact in chosen
        )

    return told(1.0), told(-1.0)


def in_words(effect: float) -> str:
    """An effect on the log as a percentage, or as a multiple from a doubling on."""
    factor = float(np.exp(effect))
    if factor >= 2:
        return f"{factor:.1f} times as much"
    return f"{factor - 1:+.0%}".replace("-", "−")


def _say(fact: str, features: np.ndarray, caption: CaptionFacts, settings: PlatformSettings) -> str:
    if fact in _WITH_CAPTION:
        return _WITH_CAPTION[fact](caption)
    if fact == "hashtags":
        return _say_hashtags(caption, settings)
    values = {name: float(features[COLUMN[name]]) for name in FACTS[fact]}
    return _FROM_FEATURES[fact](values)


def _say_hashtags(caption: CaptionFacts, settings: PlatformSettings) -> str:
    known = [f"#{tag}" for tag in caption.hashtags if tag in settings.tags]
    common = f", of them common here {', '.join(known[:3])}" if known else ""
    return f"{_some(len(caption.hashtags), 'hashtag')}{common}"


def _say_followers(values: dict[str, float]) -> str:
    followers = values["log_followers"]
    return "followers unknown" if np.isnan(followers) else f"{_count(followers):,} followers"


def _say_following(values: dict[str, float]) -> str:
    following = values["log_following"]
    return (
        "accounts followed unknown"
        if np.isnan(following)
        else f"follows {_count(following):,} accounts"
    )


def _say_own(values: dict[str, float]) -> str:
    posts = _count(values["own_posts"])
    if np.isnan(values["own_level"]):
        return "no earlier posts known"
    return f"{_some(posts, 'earlier post')}, lately about {_count(values['own_level']):,} each"


def _say_direction(values: dict[str, float]) -> str:
    last = values["own_last_off"]
    if np.isnan(last):
        return "no earlier posts to see a direction in"
    return f"the latest post against the usual level {in_words(last)}"


def _say_views(values: dict[str, float]) -> str:
    off = values["own_views_off"]
    if np.isnan(off):
        return "views of earlier posts unknown"
    return f"earlier posts had {np.exp(off):,.0f} views per reaction"


def _say_likeness(values: dict[str, float]) -> str:
    off = values["like_captions_off"]
    if np.isnan(off):
        return "no earlier captions to compare with"
    return f"earlier posts with a caption like this against the others {in_words(off)}"


def _say_pace(values: dict[str, float]) -> str:
    days = values["days_since_last"]
    if np.isnan(days):
        return "no earlier post to reckon a pace from"
    return f"{np.expm1(days):,.1f} days after the post before"


def _say_hour(values: dict[str, float]) -> str:
    hour = values["hour"]
    return "hour unknown" if np.isnan(hour) else f"published from {hour:02.0f}:00 UTC"


def _say_weekday(values: dict[str, float]) -> str:
    day = values["weekday"]
    return "weekday unknown" if np.isnan(day) else f"published on a {_DAYS[int(day)]}"


def _say_duration(values: dict[str, float]) -> str:
    duration = values["log_duration"]
    return "duration unknown" if np.isnan(duration) else f"{np.expm1(duration):,.0f} seconds long"


_FROM_FEATURES: Final[dict[str, Callable[[dict[str, float]], str]]] = {
    "followers": _say_followers,
    "following": _say_following,
    "earlier engagement": _say_own,
    "recent direction": _say_direction,
    "earlier views": _say_views,
    "like captions": _say_likeness,
    "pace of posting": _say_pace,
    "hour": _say_hour,
    "weekday": _say_weekday,
    "duration": _say_duration,
}
_WITH_CAPTION: Final[dict[str, Callable[[CaptionFacts], str]]] = {
    "caption length": lambda c: (
        f"a caption of {_some(c.characters, 'character')}" if c.characters else "no caption"
    ),
    "wording": lambda c: "what the caption says and how it is written",
    "emoji": lambda c: f"{c.emoji} emoji",
    "questions and exclamations": lambda c: (
        f"{_some(c.questions, 'question mark')}, {_some(c.exclamations, 'exclamation mark')}"
    ),
    "call to action": lambda c: (
        "asks people to do something" if c.calls_to_action else "no call to action"
    ),
    "links and mentions": lambda c: f"{_some(c.links, 'link')}, {_some(c.mentions, 'mention')}",
}


def _some(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _count(log_count: float) -> int:
    return round(float(f"{np.expm1(log_count):.3g}"))
