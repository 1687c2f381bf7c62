"""How repetitive and how warm the comments under an account's posts are.

Repetition: a comment of four words or more that says nearly what another one says (Jaccard
similarity of their sets of five-character shingles, Broder 1997, at least 0.7). Short praise
is repeated by honest people too and is counted apart, as generic. Sentiment: VADER (Hutto and
Gilbert, 2014), whose lexicon is English, over the comments that are recognisably English;
others are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

MAX_COMMENTS: Final = 1_000
MIN_TEXTS: Final = 20
MIN_ENGLISH: Final = 10
MIN_WORDS: Final = 4
NEAR: Final = 0.7
SHINGLE: Final = 5
ORDINARY_REPETITION: Final = 0.2
FULL_REPETITION: Final = 0.6
REPETITION_RATIO: Final = 1.0
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ENGLISH: Final = frozenset(
    "the is are was this that these you your and it's i'm my of with for what where when how "
    "can have has be we they so just love very really looks look great from would".split()
)
_PRAISE: Final = frozenset(
    "nice cool wow great amazing awesome beautiful love lovely cute good best perfect super top "
    "pic picture photo post shot one work so this it you very omg yes fire bro dear sir".split()
)


@dataclass(frozen=True)
class CommentQuality:
    """Measures of n comments; a share is None where too few comments carry it.

    `repeated` is of the `long` comments of `MIN_WORDS` words or more; `generic` of all of
    them: nothing but emoji, or up to three words of stock praise; `sentiment` the mean VADER
    compound, -1 to 1, of the `english` ones. `authors` is None where authors are not known.
    """

    comments: int
    long: int
    repeated: float | None
    generic: float | None
    english: int
    sentiment: float | None
    authors: int | None
    busiest_author: float | None

    @property
    def repetition_ratio(self) -> float | None:
        """Log-likelihood ratio of the repetition: 0 up to a fifth, full from three fifths on.

        The weight is judged, not fitted. Little repetition says nothing: paid comments can
        be written one by one.
        """
        if self.repeated is None:
            return None
        over = (self.repeated - ORDINARY_REPETITION) / (FULL_REPETITION - ORDINARY_REPETITION)
        return REPETITION_RATIO * min(max(over, 0.0), 1.0)


def measure_comments(
    texts: Sequence[str], authors: Sequence[str] | None = None
) -> CommentQuality | None:
    """Measure the first `MAX_COMMENTS` texts; None without any.

    :param authors: as long as ``texts``; "" where not known.
    """
    texts = [text for text in texts[:MAX_COMMENTS] if text.strip()]
    if not texts:
        return None
    words = [_WORD.findall(text.lower().replace("’", "'")) for text in texts]
    long = [" ".join(own) for own in words if len(own) >= MIN_WORDS]
    english = [text for text, own in zip(texts, words, strict=True) if is_english(own)]
    named = [author for author in (authors or ())[:MAX_COMMENTS] if author]
    counts = np.unique(named, return_counts=True)[1] if named else None
    return CommentQuality(
        comments=len(texts),
        long=len(long),
        repeated=repeated_share(long) if len(long) >= MIN_TEXTS else None,
        generic=_share([_is_generic(own) for own in words]) if len(words) >= MIN_TEXTS else None,
        english=len(english),
        sentiment=mean_sentiment(english) if len(english) >= MIN_ENGLISH else None,
        authors=None if counts is None else len(counts),
        busiest_author=None if counts is None else round(float(counts.max() / counts.sum()), 4),
    )


def is_english(words: Sequence[str]) -> bool:
    """Whether words are recognisably English: Latin letters and a word English alone uses."""
    return all(word.isascii() for word in words) and not _ENGLISH.isdisjoint(words)


def _is_generic(words: Sequence[str]) -> bool:
    return len(words) <= 3 and _PRAISE.issuperset(words)


def repeated_share(texts: Sequence[str]) -> float:
    """The share of texts that have a near-duplicate among the others."""
    vectors = CountVectorizer(analyzer="char", ngram_range=(SHINGLE, SHINGLE), binary=True)
    shingles = vectors.fit_transform(texts).astype(np.int32)
    shared = (shingles @ shingles.T).toarray()
    sizes = np.diag(shared).copy()
    alike = shared / (sizes[:, None] + sizes[None, :] - shared)
    np.fill_diagonal(alike, 0.0)
    return _share((alike >= NEAR).any(axis=1))


def mean_sentiment(texts: Sequence[str]) -> float:
    analyzer = _analyzer()
    return round(float(np.mean([analyzer.polarity_scores(text)["compound"] for text in texts])), 4)


def _share(flags: Sequence[bool] | np.ndarray) -> float:
    return round(float(np.mean(flags)), 4)


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]
        SentimentIntensityAnalyzer,
    )

    return SentimentIntensityAnalyzer()
