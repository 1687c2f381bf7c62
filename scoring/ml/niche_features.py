"""Words and character n-grams of a text as sparse TF-IDF rows, and their plain-format state.

Words carry the explanation ("the word “tattoo” points to …"); character n-grams read
hashtags such as #veganfoodshare, other languages' endings and misspellings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn import config_context
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from scoring.ml.encoding import MAX_CHARACTERS, normalise_text

FIRST_SET = "niche-words-chars-minilm-1"
FEATURE_SET = "niche-words-chars-minilm-2"
MAX_TERMS: Mapping[str, int] = {"words": 12_000, "chars": 20_000}
FEWEST_TEXTS: Mapping[str, int] = {"words": 3, "chars": 8}
# In the second set an emoji is a word: 💈 says barber in every language.
_WORD_PATTERNS = {
    FIRST_SET: r"[^\W_]{2,}",
    FEATURE_SET: r"[^\W_]{2,}|[\u2190-\u2bff\U0001f300-\U0001f3fa\U0001f400-\U0001faff]",
}
_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"


@dataclass(frozen=True)
class TermCounts:
    """How often every term stands in every text, per block: counted once, learned from often."""

    counts: Mapping[str, sp.csr_matrix]
    terms: Mapping[str, NDArray[np.str_]]


class TextFeatures:
    """Two TF-IDF vectorisers with sublinear counts and rows of length 1.

    Learned: `vocabularies_` and `idf_` per block, "words" and "chars".

    :param feature_set: how texts are read; the first one is kept for models trained with it.
    """

    BLOCKS = ("words", "chars")

    def __init__(self, feature_set: str = FEATURE_SET) -> None:
        self.feature_set = feature_set

    def count(self, texts: Sequence[str]) -> TermCounts:
        """Count all terms that enough of the texts share to be learned at all.

        :raises ValueError: no term is shared by enough texts.
        """
        readable = self._read(texts)
        counts, terms = {}, {}
        for name in self.BLOCKS:
            counter = CountVectorizer(
                **self._settings(name), min_df=FEWEST_TEXTS[name], lowercase=False, dtype=np.int32
            )
            counts[name] = sp.csr_matrix(counter.fit_transform(readable))
            terms[name] = counter.get_feature_names_out()
        return TermCounts(counts, terms)

    def fit(self, texts: Sequence[str]) -> TextFeatures:
        """Learn vocabulary and rarity; terms in fewer than 3 texts (chars: 8) are left out.

        :raises ValueError: too few texts share a term.
        """
        self.fit_counts(self.count(texts), np.arange(len(texts)))
        return self

    def fit_counts(self, counted: TermCounts, rows: NDArray[np.intp]) -> dict[str, sp.csr_matrix]:
        """Learn from some rows of counted texts; the blocks of all of them.

        The most frequent terms stay, the earlier in the alphabet where two are as frequent.
        """
        vocabularies, idf, blocks = {}, {}, {}
        for name in self.BLOCKS:
            counts = counted.counts[name]
            seen = counts[rows]
            texts_with = np.bincount(seen.indices, minlength=counts.shape[1])
            total = np.asarray(seen.sum(axis=0)).ravel()
            enough = np.flatnonzero(texts_with >= FEWEST_TEXTS[name])
            most = enough[np.argsort(-total[enough], kind="stable")[: MAX_TERMS[name]]]
            columns = np.sort(most)
            transformer = TfidfTransformer(sublinear_tf=True).fit(seen[:, columns])
            vocabularies[name] = counted.terms[name][columns]
            idf[name] = transformer.idf_.astype(np.float32)
            blocks[name] = sp.csr_matrix(
                transformer.transform(counts[:, columns]), dtype=np.float32
            )
        self._remember({name: list(terms) for name, terms in vocabularies.items()}, idf)
        return blocks

    def transform(self, texts: Sequence[str]) -> dict[str, sp.csr_matrix]:
        """Rows per block, shape (n, terms), float32; a text without known terms is zero."""
        readable = self._read(texts)
        # The checks of its own output take scikit-learn as long as the work for one text.
        with config_context(assume_finite=True, skip_parameter_validation=True):
            return {
                name: sp.csr_matrix(vectorizer.transform(readable))
                for name, vectorizer in self._vectorizers.items()
            }

    def to_document(self) -> dict[str, Any]:
        """The learned state for a JSON file; `idf_` is kept apart, as an array."""
        return {name: list(terms) for name, terms in self.vocabularies_.items()}

    @classmethod
    def from_state(
        cls,
        document: Mapping[str, Sequence[str]],
        idf: Mapping[str, np.ndarray],
        feature_set: str = FEATURE_SET,
    ) -> TextFeatures:
        """The features a model was trained with.

        :raises KeyError: a feature set this program does not have.
        """
        features = cls(feature_set)
        features._remember(document, idf)
        return features

    def _remember(
        self, vocabularies: Mapping[str, Sequence[str]], idf: Mapping[str, np.ndarray]
    ) -> None:
        self._vectorizers = {}
        for name in self.BLOCKS:
            vocabulary = {term: place for place, term in enumerate(vocabularies[name])}
            vectorizer = TfidfVectorizer(
                **self._settings(name),
                vocabulary=vocabulary,
                sublinear_tf=True,
                lowercase=False,
                dtype=np.float32,
            )
            vectorizer.idf_ = idf[name].astype(np.float32)
            self._vectorizers[name] = vectorizer
        self.vocabularies_ = {
            name: vectorizer.get_feature_names_out()
            for name, vectorizer in self._vectorizers.items()
        }
        self.idf_ = {name: vectorizer.idf_ for name, vectorizer in self._vectorizers.items()}

    def _read(self, texts: Sequence[str]) -> list[str]:
        read: Callable[[str], str] = readable_text if self.feature_set == FIRST_SET else plain_text
        return [read(text) for text in texts]

    def _settings(self, name: str) -> dict[str, Any]:
        if name == "words":
            return {"token_pattern": _WORD_PATTERNS[self.feature_set]}
        return {"analyzer": "char_wb", "ngram_range": (3, 5)}


def readable_text(text: str) -> str:
    """The text in lower case without control characters, as long as the encoder reads it."""
    return normalise_text(text[:MAX_CHARACTERS]).lower()


def plain_text(text: str) -> str:
    """Readable text without accents, its fancy letters (𝗳𝗶𝘁, ｆｉｔ) as ordinary ones."""
    readable = readable_text(text)
    if readable.isascii():
        return readable
    parts = unicodedata.normalize("NFKD", readable).lower()
    kept = "".join(char for char in parts if not _FIRST_ACCENT <= char <= _LAST_ACCENT)
    return normalise_text(kept)
