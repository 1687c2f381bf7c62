"""How a creator's earlier posts with a like caption, or the same hashtags, fared.

Likeness is the Jaccard index of the captions' pairs of letters, which needs no word boundaries
and so serves every script, and of the sets of hashtags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from scoring.ml.plep.captions import CaptionFacts

CAPTION_LIKENESS: Final = ("like_captions_off", "likest_caption", "likest_caption_off")
TAG_LIKENESS: Final = ("like_tags_off", "likest_tags")
LIKENESS_FEATURES: Final = (*CAPTION_LIKENESS, *TAG_LIKENESS)
"""`_off` are mean log engagements, weighted by likeness, against the plain mean of the creator's
earlier posts; `likest_` the greatest likeness, 0 to 1."""

LONGEST_TEXT: Final = 400
_EVEN_CAPTIONS: Final = 0.02
_EVEN_TAGS: Final = 0.05


@dataclass(frozen=True)
class Wording:
    """The pairs of letters and the hashtags of one post."""

    pairs: frozenset[str]
    tags: frozenset[str]


def wording(caption: str | None, facts: CaptionFacts) -> Wording:
    """Of the first `LONGEST_TEXT` characters, in lower case."""
    text = (caption or "").strip()[:LONGEST_TEXT].lower()
    pairs = frozenset(map("".join, pairwise(text)))
    return Wording(pairs, frozenset(facts.hashtags))


def likeness_facts(
    own: Wording, earlier: Sequence[Wording], log_engagement: np.ndarray
) -> np.ndarray:
    """`LIKENESS_FEATURES` of a post against earlier ones, shape (5,); NaN without any.

    :param log_engagement: log1p counts of `earlier`, all known, shape (n,), oldest first.
    """
    if not len(earlier):
        return np.full(len(LIKENESS_FEATURES), np.nan)
    mean = log_engagement.mean()
    captions = np.array([_jaccard(own.pairs, one.pairs) for one in earlier])
    tags = np.array([_jaccard(own.tags, one.tags) for one in earlier])
    by_captions, by_tags = captions + _EVEN_CAPTIONS, tags + _EVEN_TAGS
    likest = log_engagement[captions.argmax()] - mean if captions.any() else np.nan
    return np.array(
        [
            (by_captions * log_engagement).sum() / by_captions.sum() - mean,
            captions.max(),
            likest,
            (by_tags * log_engagement).sum() / by_tags.sum() - mean,
            tags.max(),
        ]
    )


def _jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    shared = len(first & second)
    return shared / max(len(first) + len(second) - shared, 1)
