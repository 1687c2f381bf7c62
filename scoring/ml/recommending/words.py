"""What two texts share letter by letter, where a vector of their meaning says too little.

A brand's name or a tag is hardly a word to the encoder; that a creator's text holds it is the
plainest sign there is. Nothing is learned from choices, so it serves for names nobody met.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

Floats = NDArray[np.float64]

# Chosen on 400 tags of another split than the one that is reported (docs/models/recommend.md).
GRAMS_WEIGHT: Final = 0.25
MENTION_WEIGHT: Final = 4.0
# "art" stands in "party" and "heart"; longer names seldom stand in a word by chance.
SHORTEST_NAME: Final = 4
_NOT_LETTERS = re.compile(r"\W+")


class WordMatch:
    """Compares names with the texts it was made of.

    Two parts: whether a text, written together, holds the name, and the cosine of TF-IDF
    vectors of three to five letters in a row, in its standard deviations for the name.
    """

    def __init__(
        self,
        texts: Sequence[str],
        *,
        grams_weight: float = GRAMS_WEIGHT,
        mention_weight: float = MENTION_WEIGHT,
    ) -> None:
        self.grams_weight = grams_weight
        self.mention_weight = mention_weight
        self._joined = [written_together(text) for text in texts]
        self._vectoriser = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
        )
        lowered = [text.lower() for text in texts]
        # Texts without three letters in a row have no letters to compare.
        self._table = self._vectoriser.fit_transform(lowered) if any(self._joined) else None

    def score(self, names: Sequence[str]) -> Floats:
        """(names, texts); 0 where nothing is shared."""
        grams = np.zeros((len(names), len(self._joined)))
        if self._table is not None and len(names):
            asked = self._vectoriser.transform([name.lower() for name in names])
            grams = np.asarray((asked @ self._table.T).toarray(), dtype=float)
        spread = grams.std(axis=1, keepdims=True)
        grams /= np.where(spread > 0, spread, 1.0)
        return np.asarray(self.grams_weight * grams + self.mention_weight * self.mentions(names))

    def mentions(self, names: Sequence[str]) -> Floats:
        """1 where a text holds the name, (names, texts)."""
        found = np.zeros((len(names), len(self._joined)))
        for row, name in enumerate(written_together(name) for name in names):
            if len(name) >= SHORTEST_NAME:
                found[row] = [name in text for text in self._joined]
        return found


def written_together(text: str) -> str:
    """ "Gym Shark!" → "gymshark"."""
    return _NOT_LETTERS.sub("", text.lower())
