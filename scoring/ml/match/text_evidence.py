"""How near a creator's text is to a brief: meaning and letters together.

    evidence = (cosine of embeddings + s · cosine of letters + s · coverage) / (1 + 2 s)

Letters are the 3- to 5-grams within words, hashed to 2¹⁵ places and weighted by how rare they
are among creators' texts (TF-IDF; Salton and Buckley 1988) and how much they are about
something (`fit_weights`), so that "photographer" meets "photography" in any language that has
words. Coverage is the share of the brief's weighty letters that the text has at all, which does
not fall for a creator who also writes of other things. The three count alike (s = 1) for a
field of up to three words besides what every brief says ("we are looking for creators"), which is
left out first; fitted weights and trees were no better on fields they had not seen. A field in
more words is a description, which creators seldom share word for word: s = (3 / words)⁴.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils import murmurhash3_32

Floats = NDArray[np.float64]
PLACES: Final = 2**15
FULL_WORDS: Final = 3.0
FADING: Final = 4
WORDS_KEPT: Final = 50_000
FEW: Final = 20.0
USUAL_RISE, LEAST_TOPICALITY = 0.1, 0.01
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
_LENGTHS: Final = (3, 4, 5)


@dataclass(frozen=True)
class LetterEvidence:
    """Cosine of letters and coverage, (n,) each in [0, 1], and the `share` s of both."""

    cosine: Floats
    coverage: Floats
    share: float = 1.0


class TextMatcher:
    """Compares letters with the weights of `fit_weights`. Read-only; thread-safe."""

    def __init__(self, weights: Floats) -> None:
        """:param weights: (PLACES,), positive."""
        self.weights = weights

    def compare(self, brief: str, texts: Sequence[str]) -> LetterEvidence:
        """One brief with n texts; each pair is what it would be alone.

        A brief of nothing but usual wording, or without letters, is 0 to everybody.
        """
        if not len(texts):
            return LetterEvidence(np.zeros(0), np.zeros(0))
        return self.compare_counted(brief, count_letters(texts))

    def compare_counted(self, brief: str, counts: Any) -> LetterEvidence:
        """`compare` with one text or more, already counted by `count_letters`."""
        essence = essence_of(brief)
        share = min(1.0, FULL_WORDS / max(len(essence.split()), 1)) ** FADING
        asked = count_letters([essence])
        if asked.nnz == 0:
            nothing = np.zeros(counts.shape[0])
            return LetterEvidence(nothing, nothing.copy(), 0.0)
        question = np.zeros(PLACES)
        question[asked.indices] = (1 + np.log(asked.data)) * self.weights[asked.indices]
        present = np.zeros(PLACES)
        present[asked.indices] = self.weights[asked.indices]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        weights = (1 + np.log(counts.data)) * self.weights[counts.indices]

        def by_row(parts: Floats) -> Floats:
            # Sums in the order of the row's own entries, so that a batch is its rows.
            return np.asarray(np.bincount(rows, parts, counts.shape[0]), dtype=float)

        lengths = np.sqrt(by_row(weights**2)) * float(np.sqrt((question**2).sum()))
        shared = by_row(weights * question[counts.indices])
        cosine = np.divide(shared, lengths, out=np.zeros_like(shared), where=lengths > 0)
        coverage = by_row(present[counts.indices]) / present.sum()
        return LetterEvidence(np.clip(cosine, 0, 1), np.clip(coverage, 0, 1), share)


def text_evidence(cosines: Floats, letters: LetterEvidence) -> Floats:
    """The mean that the topic factor is placed on, (n,); NaN where the cosine is."""
    share = letters.share
    return np.asarray((cosines + share * (letters.cosine + letters.coverage)) / (1 + 2 * share))


def essence_of(brief: str) -> str:
    """A brief without what every brief says; empty if nothing else is left."""
    words = [w for w in _WORD.findall(brief[:MAX_CHARACTERS]) if w.lower() not in BRIEF_WORDING]
    return " ".join(words)


def count_letters(texts: Sequence[str]) -> Any:
    """Sparse counts (n, PLACES), CSR, of one text or more.

    What scikit-learn's HashingVectorizer of analyzer `char_wb` counts, five times as fast on
    texts whose words have been seen before: a request compares more than a thousand.
    """
    rows = [b"".join(map(_places, text[:MAX_CHARACTERS].lower().split())) for text in texts]
    places = np.frombuffer(b"".join(rows), dtype=np.uint16).astype(np.int32)
    ends = np.cumsum([0] + [len(row) // 2 for row in rows])
    counts = sparse.csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), PLACES))
    counts.sum_duplicates()
    return counts


@lru_cache(maxsize=WORDS_KEPT)
def _places(word: str) -> bytes:
    """Where the letters of a word are counted, as 16-bit numbers."""
    padded = f" {word} "
    grams: list[str] = []
    for length in _LENGTHS:
        grams += [padded[at : at + length] for at in range(max(len(padded) - length + 1, 1))]
        if len(padded) <= length:  # a word this short is counted once
            break
    hashed = (murmurhash3_32(gram.encode("utf-8", "replace"), seed=0) for gram in grams)
    return np.array([abs(int(value)) % PLACES for value in hashed], dtype=np.uint16).tobytes()


def fit_weights(texts: Sequence[str], vectors: NDArray[np.float32]) -> Floats:
    """Rarity · sqrt(topicality) of each place, (PLACES,), from creators' texts without labels.

    Rarity is 1 + ln((1 + n) / (1 + texts that have it)). Topicality is how much nearer to each
    other the texts that have it are than any two texts (mean cosine of pairs, drawn towards the
    mean of all where few have it): letters of "architecture" gather alike creators, those of
    "community" do not, and a brief may say both.

    :param vectors: embeddings of length 1, (n, d).
    """
    counts = count_letters(texts)
    has = counts.copy().astype(np.float32)
    has.data = np.ones_like(has.data)
    having = np.bincount(counts.indices, minlength=PLACES).astype(float)
    rarity = 1.0 + np.log((1 + len(texts)) / (1 + having))
    together = _mean_cosine(np.asarray(has.T.tocsr() @ vectors, dtype=float), having)
    ordinary = float(
        _mean_cosine(vectors.sum(axis=0, dtype=float)[None], np.array([len(texts)]))[0]
    )
    above = (together - ordinary) * having / (having + FEW)
    weights = rarity * np.sqrt(np.maximum(above / USUAL_RISE, LEAST_TOPICALITY))
    # Stored in half precision; rounding now keeps training and serving the same.
    return np.asarray(weights.astype(np.float16).astype(float))


def _mean_cosine(sums: Floats, counts: Floats) -> Floats:
    """Of all pairs of different unit vectors whose sum and number are given, (m,)."""
    pairs = np.maximum(counts * (counts - 1), 1)
    return np.asarray(((sums**2).sum(axis=1) - counts) / pairs)
