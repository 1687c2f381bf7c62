"""The direction a search looks in: the mean of its words, examples and pasted text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.errors import NotFound
from accounts.models import Creator
from scoring.discovery.terms import SearchRejected, SearchTerms
from scoring.matching.brief_text import encode_brief, language_note
from scoring.ml import encoding
from scoring.ml.encoding import ENCODER_VERSION
from scoring.models import EntryEmbedding

Vector = NDArray[np.float32]

FOREIGN = (
    "The search does not look like English. The text comparison was trained on English, so this "
    "order is less sure; English words search better."
)


class ExampleNotFound(NotFound):
    code = "example_not_found"

    def __init__(self, missing: Sequence[int]) -> None:
        numbers = ", ".join(str(pk) for pk in missing)
        super().__init__(
            f"There is no creator {numbers}, or the profile is not shown.",
            details={"field": "like"},
        )


@dataclass(frozen=True)
class Direction:
    """``vector`` (384,) of length 1, or None when there is nothing to compare texts with."""

    vector: Vector | None
    examples: list[Creator]
    notes: list[str]


def direction_of(terms: SearchTerms) -> Direction:
    """The unit mean of the query's words, the pasted text and each example creator.

    Each counts the same, and nothing is taken away. At most two queries.

    :raises ExampleNotFound: if an example is not shown to anybody.
    :raises SearchRejected: if an example has no text and nothing else is asked.
    """
    examples = _examples(terms.like)
    known = creator_vectors([creator.pk for creator in examples]) if examples else {}
    parts = [known[creator.pk] for creator in examples if creator.pk in known]
    notes = [
        f"{creator} has no text to compare, so only the other examples count."
        for creator in examples
        if creator.pk not in known
    ]
    for text in (terms.text.strip().removeprefix("@"), terms.example):
        if has_words(text):
            parts.append(encode_brief(text))
            notes += [FOREIGN] if language_note(text) and FOREIGN not in notes else []
    if not parts and examples and not terms.text.strip():
        raise SearchRejected(
            "None of the examples has text to compare. Choose another, or describe in words "
            "what you look for.",
            code="examples_without_text",
            attr="like",
        )
    return Direction(unit_mean(parts) if parts else None, examples, notes)


def has_words(text: str) -> bool:
    """Whether there is a letter to compare by; signs and digits alone have no meaning."""
    return any(sign.isalpha() for sign in encoding.normalise_text(text))


def creator_vectors(creator_ids: Sequence[int]) -> dict[int, Vector]:
    """Creator → unit mean of the vectors of their accounts; those without text are absent.

    One query.
    """
    stored = EntryEmbedding.objects.filter(
        entry__creator_id__in=creator_ids, encoder_version=ENCODER_VERSION
    )
    rows = stored.order_by("entry_id").values_list("entry__creator_id", "vector")
    found: dict[int, list[Vector]] = {}
    for creator_id, vector in rows:
        found.setdefault(creator_id, []).append(np.asarray(vector, dtype=np.float32))
    return {creator_id: unit_mean(vectors) for creator_id, vectors in found.items()}


def unit_mean(vectors: Sequence[Vector]) -> Vector:
    """The direction between them, shape (384,)."""
    mean = np.mean(np.asarray(vectors, dtype=np.float64), axis=0)
    unit: Vector = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    return unit


def _examples(ids: Sequence[int]) -> list[Creator]:
    """In the order asked. Only profiles shown to everybody, so that a search gives one answer."""
    wanted = list(dict.fromkeys(ids))
    shown = Creator.objects.filter(status__in=(Creator.Status.ACTIVE, Creator.Status.FLAGGED))
    found = shown.in_bulk(wanted)
    if missing := [pk for pk in wanted if pk not in found]:
        raise ExampleNotFound(missing)
    return [found[pk] for pk in wanted]
