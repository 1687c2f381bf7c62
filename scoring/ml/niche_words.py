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
    (0 = first), `tokens_left` behind the match, `count` of matches, the flags `whole` (the
    match begins a word), `tagged` (follows “#”), `last` (the label's last word is there)
    and `full` (the label as it is spelled); `phrase` is where the label or its singular
    stands, `phrase_order` its order among such. Shape (n,): `length` in characters,
    `tokens`, `labels` matched by stem, `phrases` matched.
    """

    start: NDArray[np.float32]
    order: NDArray[np.float32]
    tokens_left: NDArray[np.float32]
    count: NDArray[np.float32]
    whole: NDArray[np.float32]
    tagged: NDArray[np.float32]
    last: NDArray[np.float32]
    full: NDArray[np.float32]
    phrase: NDArray[np.float32]
    phrase_order: NDArray[np.float32]
    length: NDArray[np.float32]
    tokens: NDArray[np.float32]
    labels: NDArray[np.float32]
    phrases: NDArray[np.float32]

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Whether the label's word is in the text, shape (n, labels)."""
        return np.asarray(np.isfinite(self.start))

    def take(self, rows: NDArray[np.intp]) -> OwnWords:
        """Those texts only."""
        return OwnWords(*(getattr(self, field.name)[rows] for field in fields(self)))


def find_own_words(texts: Sequence[str], names: Sequence[str]) -> OwnWords:
    """Look for every label's words in every text, letters compared as `plain_text` has them."""
    own = _empty(len(texts), len(names))
    forms = [label_forms(name) for name in names]
    for row, text in enumerate(map(plain_text, texts)):
        ends = [match.end() for match in _TOKEN.finditer(text)]
        own.length[row], own.tokens[row] = len(text), len(ends)
        stems, phrases = [], []
        for place, (stem, last, spellings) in enumerate(forms):
            if last and last in text:
                own.last[row, place] = 1
            position = text.find(stem)
            if position < 0:
                continue
            stems.append((position, place))
            own.start[row, place] = position
            own.count[row, place] = text.count(stem)
            own.whole[row, place] = _begins_word(text, stem, position)
            own.tagged[row, place] = position > 0 and text[position - 1] == "#"
            own.tokens_left[row, place] = sum(end > position for end in ends) - 1
            found = [where for form in spellings if (where := text.find(form)) >= 0]
            if found:
                phrases.append((min(found), place))
                own.phrase[row, place] = min(found)
                own.full[row, place] = spellings[0] in text
        own.labels[row], own.phrases[row] = len(stems), len(phrases)
        for table, matches in ((own.order, stems), (own.phrase_order, phrases)):
            for rank, (_, place) in enumerate(sorted(matches)):
                table[row, place] = rank
    return own


def remove_own_words(text: str, labels: Sequence[str]) -> str:
    """The text without the words that hold a stem of one of its labels.

    For measuring how much of a model's success is the echo of those words. Letters are
    folded as in `plain_text`, the rest of the text stays as it is.
    """
    stems = {stem for label in labels for stem in _all_stems(label)}
    kept = [word for word in text.split() if not any(stem in plain_text(word) for stem in stems)]
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


def _empty(texts: int, labels: int) -> OwnWords:
    unknown = ("start", "order", "tokens_left", "phrase", "phrase_order")
    per_text = ("length", "tokens", "labels", "phrases")
    return OwnWords(
        **{
            field.name: np.full(
                texts if field.name in per_text else (texts, labels),
                np.nan if field.name in unknown else 0.0,
                dtype=np.float32,
            )
            for field in fields(OwnWords)
        }
    )


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
