"""Which part of a brief is about its field: the rest is talk about dates, money and tone.

A brief is read in sentences, and of those that are kept the long ones in clauses. A part is as
much about a field as it is nearer to some creators than to talk that any brief may have:

    score = max cosine with centres of creators' texts − max cosine with `TALK`

Kept are all parts of `SURELY_FIELD` or more, or at least the best and those `NEARLY` as good.
Both numbers were chosen on briefs for the placing half of fields (docs/models/match.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans

from scoring.ml.match.text_evidence import MAX_CHARACTERS, essence_of

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

CENTRES: Final = 200
SURELY_FIELD, NEARLY = 0.10, 0.02
LONG_SENTENCE: Final = 12
"""Words from which a sentence is read in clauses."""
MOST_PARTS: Final = 40
"""A brief of more parts is read in this many pieces, so that its price has a limit."""
TALK: Final = (
    "Our brand launched five years ago and is based in Berlin.",
    "We are a start-up that sells online in twelve countries.",
    "We are celebrating our anniversary this summer.",
    "The campaign starts in March and runs for six weeks.",
    "Please send us your rates and your media kit.",
    "We offer a flat fee of 500 dollars per post plus a bonus for sales.",
    "You will get a discount code for your followers and an affiliate link.",
    "Deliverables: one reel, two stories and a feed post.",
    "All content must be approved by us before it is published.",
    "The product will be shipped to you free of charge.",
    "Usage rights for paid ads are included for three months.",
    "Exclusivity: no work with competing brands for sixty days.",
    "The tone should be friendly, authentic and humorous.",
    "Do not make medical claims, and mark the post as advertising.",
    "Our target audience are women between 18 and 34 in the United States.",
    "Goal of the campaign is brand awareness and traffic to our website.",
    "The deadline for the first draft is the tenth of June.",
    "Please tag our account and use the campaign hashtag.",
    "Payment is made within thirty days after the invoice.",
    "We look forward to working with you on a long-term partnership.",
    "Thank you for reading, and apply with a short message about yourself.",
    "Travel and hotel are paid by us.",
    "Minimum of ten thousand followers and an engagement rate above three per cent.",
    "The videos should be vertical, 60 seconds long and in English.",
    "A report with reach and clicks is due one week after posting.",
    "Key message: simple, affordable and made with love.",
    "Total budget: 5,000 pounds, to be split between several creators.",
    "Contracts are signed digitally before production begins.",
    "Hello, and thank you for your interest in our campaign!",
    "Our values are quality, fairness and respect.",
    "The style is minimal, bright and modern.",
)
_SENTENCE: Final = re.compile(r"(?<=[.!?:;\n。！？])\s+|(?<=[。！？])")
_CLAUSE: Final = re.compile(
    r"(?<=,)\s+|\s+(?=(?:who|that|which|whose|with|in return|to produce|by|so that)\b)"
)


@dataclass(frozen=True)
class Brief:
    """A brief as it is compared: `field` is what the encoder and the letters are given.

    Empty only where the brief is.
    """

    text: str
    field: str


@dataclass(frozen=True)
class BriefReader:
    """Directions of creators' texts, (k, d), and of talk, (m, d), of length 1. Thread-safe."""

    centres: Vectors
    talk: Vectors

    def read(self, text: str, encode: Encode) -> Brief:
        """The field of a brief; a brief of one part is its own field.

        :param encode: texts → vectors of length 1, (n, d), such as `TextEncoder.encode`.
        """
        parts = self._about_field(split_sentences(text), encode)
        clauses = [clause for part in parts for clause in split_clauses(part)]
        kept = " ".join(self._about_field(clauses, encode))
        return Brief(text=text, field=essence_of(kept) or kept.strip())

    def _about_field(self, parts: list[str], encode: Encode) -> list[str]:
        if len(parts) < 2:
            return parts
        vectors = encode(parts)
        values = _best(vectors, self.centres) - _best(vectors, self.talk)
        least = min(float(values.max()) - NEARLY, SURELY_FIELD)
        return [part for part, value in zip(parts, values, strict=True) if value >= least]


def fit_reader(vectors: Vectors, encode: Encode, random_state: int) -> BriefReader:
    """Centres of creators' texts (k-means), and talk, both rounded to half precision."""
    clusters = MiniBatchKMeans(
        min(CENTRES, len(vectors)), random_state=random_state, n_init=3, batch_size=2_048
    ).fit(vectors)
    centres = clusters.cluster_centers_
    centres = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    return BriefReader(_halved(centres), _halved(encode(TALK)))


def split_sentences(text: str) -> list[str]:
    """The sentences that say something of their own, at most `MOST_PARTS`, neighbours joined.

    The whole text where none does.
    """
    text = text[:MAX_CHARACTERS]
    speaking = [part.strip() for part in _SENTENCE.split(text) if essence_of(part)]
    size = -(-len(speaking) // MOST_PARTS)
    joined = [" ".join(speaking[at : at + size]) for at in range(0, len(speaking), size or 1)]
    return joined or [text]


def split_clauses(sentence: str) -> list[str]:
    """A long sentence's clauses that say something of their own; a short one whole."""
    if len(sentence.split()) <= LONG_SENTENCE:
        return [sentence]
    return [part for part in _CLAUSE.split(sentence) if essence_of(part)] or [sentence]


def _best(vectors: Vectors, others: Vectors) -> NDArray[np.float64]:
    """The best cosine of each vector with the others, (n,)."""
    return np.array([float((others * row).sum(axis=1).max()) for row in vectors])


def _halved(vectors: NDArray[np.floating]) -> Vectors:
    # Stored in half precision; rounding now keeps training and serving the same.
    return np.asarray(vectors.astype(np.float16).astype(np.float32))
