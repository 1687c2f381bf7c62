"""The texts and vectors that niche groups are found in, read from the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from scoring.catalogue import Progress
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.keywords import topic_text

CHUNK: Final = 10_000

READ = """
SELECT entry.id, entry.creator_id, embedding.text_hash, vector_send(embedding.vector),
       account.bio, account.hashtags, account.declared_niches
FROM scoring_entryembedding embedding
JOIN scoring_searchentry entry ON entry.id = embedding.entry_id
JOIN accounts_socialaccount account ON account.id = entry.account_id
WHERE entry.is_visible AND embedding.encoder_version = %(encoder)s
  AND (account.bio <> '' OR account.hashtags <> '{}') AND entry.id > %(after)s
ORDER BY entry.id LIMIT %(limit)s
"""
WITHOUT_TEXT = """
SELECT count(*) FROM scoring_searchentry entry
JOIN accounts_socialaccount account ON account.id = entry.account_id
WHERE entry.is_visible AND account.bio = '' AND account.hashtags = '{}'
"""


@dataclass
class GroupedTexts:
    """The visible accounts with a vector, by rising entry id."""

    entry_ids: list[int] = field(default_factory=list)
    creator_ids: list[int] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    declared: list[list[str]] = field(default_factory=list)
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def __len__(self) -> int:
        return len(self.entry_ids)


def read_texts(progress: Progress) -> GroupedTexts:
    """All visible accounts with text and a vector of the present encoder; a query for 10,000.

    Reading counts for nothing in the progress: what is counted is who has a group.
    """
    progress.set_stage("Reading vectors")
    texts, parts = GroupedTexts(), []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scoring_entryembedding")
        progress.set_total(cursor.fetchone()[0])
    for rows in _chunks():
        for entry_id, creator_id, text_hash, vector, bio, hashtags, declared in rows:
            texts.entry_ids.append(entry_id)
            texts.creator_ids.append(creator_id)
            texts.hashes.append(text_hash)
            texts.texts.append(topic_text(f"{bio} {' '.join(hashtags)}"))
            texts.declared.append(declared)
            # pgvector's own format: two 16-bit numbers, then the big-endian components
            parts.append(np.frombuffer(vector, dtype=">f4", offset=4).astype(np.float32))
        progress.advance(0)
    if parts:
        texts.vectors = np.stack(parts)
    return texts


def _chunks() -> Iterator[list[tuple[Any, ...]]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(READ, {"encoder": ENCODER_VERSION, "after": after, "limit": CHUNK})
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def hash_inputs(texts: GroupedTexts, settings: str) -> str:
    """What a run sees, as one hash: who is there with which text, the encoder, the settings."""
    digest = hashlib.sha256(f"{settings}|{ENCODER_VERSION}".encode())
    for entry_id, text_hash in zip(texts.entry_ids, texts.hashes, strict=True):
        digest.update(f"|{entry_id}:{text_hash}".encode())
    return digest.hexdigest()


def count_without_text() -> int:
    """Visible accounts with nothing to read. One query."""
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_TEXT)
        return int(cursor.fetchone()[0])
