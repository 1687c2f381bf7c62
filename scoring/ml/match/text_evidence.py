"""How near a creator's text is to a brief: meaning and letters together.

    evidence = cosine of embeddings + cosine of letters + coverage

Letters are the 3- to 5-grams within words, hashed to 2¹⁵ places and weighted by how rare they
are among creators' texts (TF-IDF; Salton and Buckley 1988), so that "photographer" meets
"photography" in any language that has words. Coverage is the share of the brief's rare letters
that the text has at all, which does not fall for a creator who also writes of other things.
The three are added with equal weight: fitted weights and trees were no better on fields they
had not seen. What every brief says ("we are looking for creators") is left out first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

Floats = NDArray[np.float64]
PLACES: Final = 2**15
MAX_CHARACTERS: Final = 20_000
BRIEF_WORDING: Final = frozenset(
    """a about all also an and any are as at audience audiences authentic be brand brands budget by
    campaign campaigns can collab collaborate collaboration collaborations content creator creators
    creating deliverable deliverables engaging for field find followers from great has have help
    honest ideal in influencer influencers into is it its join launch launching like line look
    looking looks love more must need needs new of on one or our partner partners partnership
    people post posts product products promote reach real seek seeking share should show someone
    story stories that the their them they this to us want wanted wants we week weeks who will
    with work working would you your""".split()
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_VECTORIZER: Final = HashingVectorizer(
    analyzer="char_wb", ngram_range=(3, 5), n_features=PLACES, alternate_sign=False, norm=None
)


@dataclass(frozen=True)
class LetterEvidence:
    """Cosine of letters and coverage, (n,) each in [0, 1]."""

    cosine: Floats
    coverage: Floats


class TextMatcher:
    """Compares letters with the rarity that `fit_rarity` counted. Read-only; thread-safe."""

    def __init__(self, rarity: Floats) -> None:
        """:param rarity: (PLACES,), positive."""
        self.rarity = rarity

    def compare(self, brief: str, texts: Sequence[str]) -> LetterEvidence:
        """One brief with n texts; each pair is what it would be alone.

        A brief of nothing but usual wording, or without letters, is 0 to everybody.
        """
        return self.compare_counted(brief, count_letters(texts))

    def compare_counted(self, brief: str, counts: Any) -> LetterEvidence:
        """`compare` with texts already counted by `count_letters`."""
        asked = count_letters([essence_of(brief)])
        if asked.nnz == 0 or counts.shape[0] == 0:
            nothing = np.zeros(counts.shape[0])
            return LetterEvidence(nothing, nothing.copy())
        question = np.zeros(PLACES)
        question[asked.indices] = (1 + np.log(asked.data)) * self.rarity[asked.indices]
        present = np.zeros(PLACES)
        present[asked.indices] = self.rarity[asked.indices]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        weights = (1 + np.log(counts.data)) * self.rarity[counts.indices]

        def by_row(parts: Floats) -> Floats:
            # Sums in the order of the row's own entries, so that a batch is its rows.
            return np.asarray(np.bincount(rows, parts, counts.shape[0]), dtype=float)

        lengths = np.sqrt(by_row(weights**2)) * float(np.sqrt((question**2).sum()))
        shared = by_row(weights * question[counts.indices])
        cosine = np.divide(shared, lengths, out=np.zeros_like(shared), where=lengths > 0)
        coverage = by_row(present[counts.indices]) / present.sum()
        return LetterEvidence(np.clip(cosine, 0, 1), np.clip(coverage, 0, 1))


def text_evidence(cosines: Floats, letters: LetterEvidence) -> Floats:
    """The sum that the topic factor is placed on, (n,); NaN where the cosine is."""
    return np.asarray(cosines + letters.cosine + letters.coverage)


def essence_of(brief: str) -> str:
    """A brief without what every brief says; empty if nothing else is left."""
    words = [w for w in _WORD.findall(brief[:MAX_CHARACTERS]) if w.lower() not in BRIEF_WORDING]
    return " ".join(words)


def count_letters(texts: Sequence[str]) -> Any:
    """Sparse counts (n, PLACES), CSR."""
    return _VECTORIZER.transform([text[:MAX_CHARACTERS] for text in texts]).tocsr()


def fit_rarity(texts: Sequence[str]) -> Floats:
    """1 + ln((1 + n) / (1 + texts that have it)) for each place, (PLACES,)."""
    counts = count_letters(texts)
    having = np.bincount(counts.indices, minlength=PLACES)
    rarity = 1.0 + np.log((1 + counts.shape[0]) / (1 + having))
    # Stored in half precision; rounding now keeps training and serving the same.
    return np.asarray(rarity.astype(np.float16).astype(float))
