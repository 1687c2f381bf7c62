"""Creators with niche labels: reading, near-duplicates, folds and figures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from scoring.ml.encoding import is_empty
from scoring.ml.niche_head import targets_of
from scoring.ml.tables import Layout, Table, concatenate, read_table

LAYOUT = Layout(
    numbers=(),
    texts=("creator_id", "platform", "bio", "hashtags", "niches"),
    needed_any=("bio", "hashtags"),
)
NEAR_DUPLICATE_COSINE = 0.95
SHORTEST_BIO = 20
# With or without "#", divided by ";", "," or white space.
_HASHTAG = re.compile(r"[^#;,\s]+")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True)
class Creators:
    """Creators as the niche model sees them; `labels` are empty where none are known."""

    ids: list[str]
    platforms: list[str]
    bios: list[str]
    texts: list[str]
    labels: list[tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[np.intp]) -> Creators:
        """Those rows only."""
        return Creators(
            *(
                [column[row] for row in rows]
                for column in (self.ids, self.platforms, self.bios, self.texts, self.labels)
            )
        )


def read_creators(files: Sequence[Path]) -> tuple[Creators, list[int]]:
    """Creators of all files, and rows per file. The text is the bio, then the hashtags.

    :raises TableError: unreadable files, or neither bio nor hashtags.
    """
    tables = [read_table(path, LAYOUT) for path in files]
    return _creators(concatenate(tables, LAYOUT)), [table.rows for table in tables]


def has_text(creators: Creators) -> NDArray[np.intp]:
    """Rows with something to read."""
    return np.flatnonzero([not is_empty(text) for text in creators.texts])


def distinct_rows(creators: Creators, vectors: NDArray[np.float32]) -> NDArray[np.intp]:
    """The rows left after removing near-duplicates, the first of each kept.

    A row goes when an earlier one has the same bio (20 letters and more, letters only), or
    a text vector with a cosine above 0.95: the same person twice, or a copied profile,
    would otherwise be learned in one fold and recognised in another.
    """
    seen: set[str] = set()
    keep = np.ones(len(creators), dtype=bool)
    for row, bio in enumerate(creators.bios):
        key = _NOT_LETTERS.sub("", bio.casefold())
        if len(key) >= SHORTEST_BIO:
            keep[row] = key not in seen
            seen.add(key)
    for start in range(0, len(vectors), 1_024):
        stop = min(start + 1_024, len(vectors))
        close = vectors[start:stop] @ vectors[:stop].T > NEAR_DUPLICATE_COSINE
        for row in range(start, stop):
            keep[row] &= not (close[row - start, :row] & keep[:row]).any()
    return np.flatnonzero(keep)


def folds_of(ids: Sequence[str], *, n_folds: int, random_state: int) -> NDArray[np.intp]:
    """A fold per creator from a hash of the id, the same in whatever file and order."""
    digests = (hashlib.sha256(f"{random_state}:{key}".encode()).digest() for key in ids)
    return np.array([int.from_bytes(d[:8], "big") % n_folds for d in digests], dtype=np.intp)


def hit_at(
    ranking: NDArray[np.intp], targets: NDArray[np.bool_], depth: int, misses: int = 0
) -> float | None:
    """Share of creators with a right label among the first `depth`; None without creators.

    :param ranking: label places, best first, shape (n, ≥ depth).
    :param misses: further creators counted as wrong.
    """
    total = len(targets) + misses
    if not total:
        return None
    return float(np.take_along_axis(targets, ranking[:, :depth], axis=1).any(axis=1).sum() / total)


def macro_f1(targets: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> float | None:
    """Mean F1 over the labels that occur in `targets`; None when none does."""
    present = targets.any(axis=0)
    if not present.any():
        return None
    return float(
        f1_score(targets[:, present], chosen[:, present], average="macro", zero_division=0)
    )


def choose_labels(
    probabilities: NDArray[np.float64],
    best: NDArray[np.intp],
    choose_from: float,
    abstain_below: float = 0.0,
) -> NDArray[np.bool_]:
    """The `best` label and all from `choose_from` on; none when even it is too unlikely."""
    chosen = probabilities >= choose_from
    rows = np.arange(len(chosen))
    chosen[rows, best] = True
    chosen[probabilities[rows, best] < abstain_below] = False
    return np.asarray(chosen)


def targets_for(creators: Creators, names: Sequence[str]) -> NDArray[np.bool_]:
    """Who has which label, shape (n, labels)."""
    return targets_of(creators.labels, names)


def _creators(table: Table) -> Creators:
    bios = [bio or "" for bio in table.text("bio")]
    tags = [" ".join(_HASHTAG.findall(tags or "")) for tags in table.text("hashtags")]
    ids = table.text("creator_id")
    return Creators(
        ids=[key or f"row {row}" for row, key in enumerate(ids)],
        platforms=[platform or "unknown" for platform in table.text("platform")],
        bios=bios,
        texts=[" ".join(filter(None, parts)) for parts in zip(bios, tags, strict=True)],
        labels=[
            tuple(sorted({part.strip() for part in (own or "").split(";") if part.strip()}))
            for own in table.text("niches")
        ],
    )
