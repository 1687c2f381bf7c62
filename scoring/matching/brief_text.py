"""A brief's words as a vector, its niches, and what to warn about."""

import re
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray
from redis.exceptions import RedisError
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from scoring import registry
from scoring.ml import encoding

CHUNK_CHARACTERS = 900
CACHE_SECONDS = 24 * 3600
SENTENCE = re.compile(r"(?<=[.!?。！？\n])\s+")
WORD = re.compile(r"[^\W\d_]+")


def encode_brief(text: str) -> NDArray[np.float32]:
    """The brief's direction, shape (384,), length 1; cached by text and encoder version.

    The encoder reads about 250 words at once, so a longer brief is read in pieces of
    whole sentences and their vectors are averaged: its end counts as much as its start.
    """
    key = f"brief:{encoding.ENCODER_VERSION}:{encoding.text_hash(text)}"
    try:
        stored = cache.get(key)
    except RedisError:
        stored = None
    if stored is not None:
        return np.frombuffer(stored, dtype=np.float32)
    vectors = encoding.get_encoder().encode(_pieces(text))
    mean = vectors.mean(axis=0)
    vector = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    with suppress(RedisError):  # The cache is a convenience; the answer does not depend on it.
        cache.set(key, vector.tobytes(), CACHE_SECONDS)
    return vector


def encode_values(values: Sequence[str]) -> NDArray[np.float32] | None:
    """A brand's values as directions, (k, 384); None without a value that has words."""
    found = [encode_brief(value) for value in values if WORD.search(value)]
    return np.array(found, dtype=np.float32) if found else None


def sentences_of(text: str) -> list[str]:
    """A brief's sentences, whose tone is compared with that of captions."""
    return [part for part in SENTENCE.split(text.strip()) if part.strip()]


def brief_niches(text: str, vector: NDArray[np.float32]) -> list[str]:
    """Niches the supervised model reads from the brief itself; empty when it abstains."""
    [assignment] = registry.load("niche").predict([text], vector[None, :])
    return [] if assignment.abstained else list(assignment.chosen)


def language_note(text: str) -> str:
    """A plain warning when the brief is hardly English, else an empty string.

    The encoder learnt from English text. Scripts other than Latin, or a text of some
    length with almost no English function words, rank less surely.
    """
    letters = [char for char in text if char.isalpha()]
    foreign = sum(char > "\u024f" for char in letters)
    words = [word.lower() for word in WORD.findall(text)]
    function_words = sum(word in ENGLISH_STOP_WORDS for word in words)
    if foreign > 0.3 * len(letters) or (len(words) >= 8 and function_words < 0.12 * len(words)):
        return (
            "The brief does not look like English. The text comparison was trained on English, "
            "so this order is less sure; an English version of the brief ranks better."
        )
    return ""


def _pieces(text: str) -> list[str]:
    """Whole sentences packed into pieces of at most `CHUNK_CHARACTERS`, long ones cut."""
    pieces: list[str] = [""]
    for sentence in SENTENCE.split(text.strip()):
        for start in range(0, len(sentence), CHUNK_CHARACTERS):
            part = sentence[start : start + CHUNK_CHARACTERS]
            if pieces[-1] and len(pieces[-1]) + len(part) >= CHUNK_CHARACTERS:
                pieces.append(part)
            else:
                pieces[-1] = f"{pieces[-1]} {part}".strip()
    return [piece for piece in pieces if piece.strip()]
