"""Words and character n-grams of a text as sparse TF-IDF rows, and their plain-format state.

Words carry the explanation ("the word “tattoo” points to …"); character n-grams read
hashtags such as #veganfoodshare, other languages' endings and misspellings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from scoring.ml.encoding import MAX_CHARACTERS, normalise_text

FEATURE_SET = "niche-words-chars-minilm-1"
MAX_WORDS = 12_000
MAX_CHAR_NGRAMS = 20_000


class TextFeatures:
    """Two TF-IDF vectorisers with sublinear counts and rows of length 1.

    Learned: `vocabularies_` and `idf_` per block, "words" and "chars".
    """

    BLOCKS = ("words", "chars")

    def fit(self, texts: Sequence[str]) -> TextFeatures:
        """Learn vocabulary and rarity; terms in fewer than 3 texts (chars: 8) are left out.

        :raises ValueError: too few texts share a term.
        """
        readable = [readable_text(text) for text in texts]
        self._vectorizers = {name: _vectorizer(name) for name in self.BLOCKS}
        for vectorizer in self._vectorizers.values():
            vectorizer.fit(readable)
        self._remember()
        return self

    def transform(self, texts: Sequence[str]) -> dict[str, sp.csr_matrix]:
        """Rows per block, shape (n, terms), float32; a text without known terms is zero."""
        readable = [readable_text(text) for text in texts]
        return {
            name: sp.csr_matrix(vectorizer.transform(readable))
            for name, vectorizer in self._vectorizers.items()
        }

    def to_document(self) -> dict[str, Any]:
        """The learned state for a JSON file; `idf_` is kept apart, as an array."""
        return {name: list(terms) for name, terms in self.vocabularies_.items()}

    @classmethod
    def from_state(
        cls, document: Mapping[str, Sequence[str]], idf: Mapping[str, np.ndarray]
    ) -> TextFeatures:
        """The features a model was trained with."""
        features = cls()
        features._vectorizers = {}
        for name in cls.BLOCKS:
            vocabulary = {term: place for place, term in enumerate(document[name])}
            vectorizer = _vectorizer(name, vocabulary)
            vectorizer.idf_ = idf[name].astype(np.float32)
            features._vectorizers[name] = vectorizer
        features._remember()
        return features

    def _remember(self) -> None:
        self.vocabularies_ = {
            name: vectorizer.get_feature_names_out()
            for name, vectorizer in self._vectorizers.items()
        }
        self.idf_ = {name: vectorizer.idf_ for name, vectorizer in self._vectorizers.items()}


def readable_text(text: str) -> str:
    """The text in lower case without control characters, as long as the encoder reads it."""
    return normalise_text(text[:MAX_CHARACTERS]).lower()


def _vectorizer(name: str, vocabulary: Mapping[str, int] | None = None) -> TfidfVectorizer:
    settings: dict[str, Any] = (
        {"token_pattern": r"[^\W_]{2,}", "min_df": 3, "max_features": MAX_WORDS}
        if name == "words"
        else {
            "analyzer": "char_wb",
            "ngram_range": (3, 5),
            "min_df": 8,
            "max_features": MAX_CHAR_NGRAMS,
        }
    )
    return TfidfVectorizer(
        **settings, vocabulary=vocabulary, sublinear_tf=True, lowercase=False, dtype=np.float32
    )
