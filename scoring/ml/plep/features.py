"""Facts of a planned post as inputs of the model, one row per post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.ml.plep.captions import CaptionFacts, caption_facts
from scoring.ml.plep.history import OWN_FEATURES, histories
from scoring.ml.plep.likeness import wording
from scoring.ml.plep.posts import Posts

FEATURE_SET: Final = "planned-post-1"
COMPONENTS: Final = 4
KNOWN_TAGS: Final = 20
FEWEST_TAG_CREATORS: Final = 10

CREATOR_FEATURES: Final = ("log_followers", "log_following")
TIME_FEATURES: Final = ("hour", "weekday")
DURATION_FEATURES: Final = ("log_duration",)
CAPTION_FEATURES: Final = (
    "has_caption",
    "log_characters",
    "log_words",
    "lines",
    "emoji",
    "questions",
    "exclamations",
    "digits",
    "capitals_share",
    "latin_share",
    "calls_to_action",
    "links",
    "mentions",
)
MEANING_FEATURES: Final = tuple(f"meaning_{position}" for position in range(COMPONENTS))
TAG_FEATURES: Final = (
    "hashtags",
    "known_hashtags",
    *(f"tag_{position}" for position in range(KNOWN_TAGS)),
)
FEATURES: Final = (
    *CREATOR_FEATURES,
    *OWN_FEATURES,
    *TIME_FEATURES,
    *DURATION_FEATURES,
    *CAPTION_FEATURES,
    *TAG_FEATURES,
    *MEANING_FEATURES,
)
COLUMN: Final = {name: position for position, name in enumerate(FEATURES)}


def columns_of(names: Sequence[str]) -> np.ndarray:
    """Positions of features in a row of the matrix."""
    return np.array([COLUMN[name] for name in names], dtype=int)


@dataclass(frozen=True)
class Facts:
    """Known of n posts before anything is learned: `plain` is of shape (n, p) with the features
    before the tags, `captions` the counts, `vectors` of shape (n, 384), NaN rows without text.
    """

    plain: np.ndarray
    captions: tuple[CaptionFacts, ...]
    vectors: np.ndarray

    def take(self, rows: np.ndarray) -> Facts:
        return Facts(self.plain[rows], tuple(self.captions[r] for r in rows), self.vectors[rows])


@dataclass(frozen=True)
class Vocabulary:
    """What training learned of words: `tags` by number of creators, and the principal
    components of caption vectors, `mean` (384,) and `directions` (384, COMPONENTS)."""

    tags: tuple[str, ...]
    mean: np.ndarray
    directions: np.ndarray


def gather_facts(posts: Posts, vectors: np.ndarray) -> Facts:
    """Facts of published posts, each with the history its file has before it.

    :param vectors: (n, 384), NaN rows where there is no caption.
    """
    counted = tuple(
        caption_facts(caption, tags)
        for caption, tags in zip(posts.captions, posts.hashtags, strict=True)
    )
    own = histories(
        posts.creators,
        posts.times,
        log_counts(posts.engagement),
        log_counts(posts.views),
        [wording(caption, facts) for caption, facts in zip(posts.captions, counted, strict=True)],
    )
    plain = plain_features(
        followers=posts.followers,
        following=posts.following,
        own=own,
        times=posts.times,
        durations=posts.durations,
        captions=counted,
    )
    return Facts(plain, counted, vectors)


def plain_features(
    *,
    followers: np.ndarray,
    following: np.ndarray,
    own: np.ndarray,
    times: np.ndarray,
    durations: np.ndarray,
    captions: Sequence[CaptionFacts],
) -> np.ndarray:
    """Features that need nothing learned, shape (n, p); hours and weekdays are in UTC."""
    hours = times / 3_600.0
    counted = np.array([_caption_row(facts) for facts in captions], dtype=float)
    return np.column_stack(
        [
            log_counts(followers),
            log_counts(following),
            own,
            np.floor(hours) % 24,
            (np.floor(hours / 24) + 3) % 7,  # 1970 began on a Thursday
            log_counts(durations),
            counted.reshape(len(times), len(CAPTION_FEATURES)),
        ]
    )


def learn_vocabulary(facts: Facts, creators: np.ndarray) -> Vocabulary:
    """Frequent hashtags and caption directions of training posts alone."""
    users: dict[str, set[int]] = {}
    for row, caption in enumerate(facts.captions):
        for tag in caption.hashtags:
            users.setdefault(tag, set()).add(int(creators[row]))
    frequent = Counter({tag: len(own) for tag, own in users.items()})
    tags = [
        t
        for t, n in sorted(frequent.items(), key=lambda kv: (-kv[1], kv[0]))
        if n >= FEWEST_TAG_CREATORS
    ]
    known = facts.vectors[np.isfinite(facts.vectors[:, 0])].astype(float)
    mean = known.mean(axis=0) if len(known) else np.zeros(facts.vectors.shape[1])
    directions = np.zeros((facts.vectors.shape[1], COMPONENTS))
    if len(known) > COMPONENTS:
        centred = known - mean
        _, found = np.linalg.eigh(centred.T @ centred)
        directions = found[:, ::-1][:, :COMPONENTS]
        # a direction and its opposite are equally good; fix which one is kept
        largest = directions[np.abs(directions).argmax(axis=0), np.arange(COMPONENTS)]
        directions = directions * np.sign(largest)
    return Vocabulary(tuple(tags[:KNOWN_TAGS]), mean, directions)


def feature_matrix(facts: Facts, vocabulary: Vocabulary) -> np.ndarray:
    """Shape (n, len(FEATURES)), NaN where unknown."""
    tags = np.array([_tag_row(caption, vocabulary.tags) for caption in facts.captions])
    # row by row, so that a batch has the very sums that its rows have alone
    meaning = [(vector - vocabulary.mean) @ vocabulary.directions for vector in facts.vectors]
    rows = len(facts.plain)
    return np.column_stack(
        [
            facts.plain,
            tags.reshape(rows, len(TAG_FEATURES)),
            np.array(meaning).reshape(rows, COMPONENTS),
        ]
    )


def log_counts(values: np.ndarray) -> np.ndarray:
    """log1p; NaN stays, infinities and counts below zero are unknown."""
    values = np.array(values, dtype=float)
    values[~(np.isfinite(values) & (values >= 0))] = np.nan
    return np.asarray(np.log1p(values))


def _caption_row(facts: CaptionFacts) -> tuple[float, ...]:
    return (
        float(facts.characters > 0),
        np.log1p(facts.characters),
        np.log1p(facts.words),
        facts.lines,
        facts.emoji,
        facts.questions,
        facts.exclamations,
        facts.digits,
        facts.capitals_share,
        facts.latin_share,
        facts.calls_to_action,
        facts.links,
        facts.mentions,
    )


def _tag_row(facts: CaptionFacts, known: tuple[str, ...]) -> list[float]:
    used = set(facts.hashtags)
    flags = [float(tag in used) for tag in known] + [0.0] * (KNOWN_TAGS - len(known))
    return [float(len(facts.hashtags)), sum(flags), *flags]
