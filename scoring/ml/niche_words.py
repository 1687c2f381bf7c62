"""Where the labels' own words stand in a text: "photograph" for photographers.

Most of the directory's labels were given for a word of the label in the biography, so
that a linear model over all words knows that the word is there, but not that it opens
the text, stands alone, or competes with four others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scoring.ml.niche_features import plain_text

# Longest first: "photographers" is cut to "photo" and so also finds "photography".
_ENDINGS = ("graphers", "ers", "ists", "ors", "ing", "ics", "ies", "s")
SHORTEST_STEM = 3
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True)
class OwnWords:
    """Matches of n texts with the labels' words; a position is NaN where nothing matches.

    Shape (n, labels): `start` in characters, `order` among the matched labels of the text
    (0 = first), `tokens_left` behind the match, `count` of matches, and the flags `whole`
    (the match begins a word), `tagged` (follows “#”), `phrase` (the label in full or its
    singular) and `last` (the label's last word). Shape (n,): `length` in characters,
    `tokens`, `labels` matched.
    """

    start: NDArray[np.float32]
    order: NDArray[np.float32]
    tokens_left: NDArray[np.float32]
    count: NDArray[np.float32]
    whole: NDArray[np.float32]
    tagged: NDArray[np.float32]
    phrase: NDArray[np.float32]
    last: NDArray[np.float32]
    length: NDArray[np.float32]
    tokens: NDArray[np.float32]
    labels: NDArray[np.float32]

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Whether the label's word is in the text, shape (n, labels)."""
        return np.asarray(np.isfinite(self.start))

    def take(self, rows: NDArray[np.intp]) -> OwnWords:
        """Those texts only."""
        return OwnWords(*(getattr(self, field.name)[rows] for field in fields(self)))


def find_own_words(texts: Sequence[str], names: Sequence[str]) -> OwnWords:
    """Look for every label's words in every text, letters compared as `plain_text` has them."""
    shape = (len(texts), len(names))
    start, order, left = (np.full(shape, np.nan, dtype=np.float32) for _ in range(3))
    count, whole, tagged, phrase, last = (np.zeros(shape, dtype=np.float32) for _ in range(5))
    length, tokens, labels = (np.zeros(len(texts), dtype=np.float32) for _ in range(3))
    forms = [label_forms(name) for name in names]
    for row, text in enumerate(map(plain_text, texts)):
        ends = [match.end() for match in _TOKEN.finditer(text)]
        length[row], tokens[row] = len(text), len(ends)
        found = []
        for place, (stem, ending, phrases) in enumerate(forms):
            if ending and ending in text:
                last[row, place] = 1
            position = text.find(stem)
            if position < 0:
                continue
            found.append((position, place))
            start[row, place] = position
            count[row, place] = text.count(stem)
            whole[row, place] = _begins_word(text, stem, position)
            tagged[row, place] = position > 0 and text[position - 1] == "#"
            left[row, place] = sum(end > position for end in ends) - 1
            phrase[row, place] = any(form in text for form in phrases)
        labels[row] = len(found)
        for rank, (_, place) in enumerate(sorted(found)):
            order[row, place] = rank
    return OwnWords(
        start, order, left, count, whole, tagged, phrase, last, length, tokens, labels
    )


def remove_own_words(text: str, labels: Sequence[str]) -> str:
    """The text without the words that hold a stem of one of its labels.

    For measuring how much of a model's success is the echo of those words. Letters are
    folded as in `plain_text`, the rest of the text stays as it is.
    """
    stems = {stem for label in labels for stem in _all_stems(label)}
    kept = [
        word
        for word in text.split()
        if not any(stem in plain_text(word) for stem in stems)
    ]
    return " ".join(kept)


@lru_cache(maxsize=1_024)
def label_forms(label: str) -> tuple[str, str, tuple[str, ...]]:
    """The stem of the first word, of the last where there are several, and the whole.

    "hair-dressers" → "hair", "dress", ("hair dressers", "hair dresser", "hairdresser").
    """
    words = label.split("-")
    full = " ".join(words)
    single = full.removesuffix("s")
    last = _stem(words[-1]) if len(words) > 1 else ""
    return _stem(words[0]), last, tuple(dict.fromkeys((full, single, single.replace(" ", ""))))


def _all_stems(label: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in label.split("-") if len(word) >= SHORTEST_STEM)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _begins_word(text: str, stem: str, position: int) -> bool:
    while position > 0 and text[position - 1].isalnum():
        position = text.find(stem, position + 1)
    return position >= 0
