"""Real implicit feedback from a creator file: which creators post under which tag.

No public file records what brands did with creators. What is public is whom a brand's
name is found with: a creator who posts under #gymshark has chosen Gymshark, for pay or for
love. Each tag takes the place of a brand, the creators using it are its choices; tags
that name brands (`brand_names`) are measured apart from the others. A creator's tags are
the interactions here, so they are no features; bio, niche-free facts and size are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.encoding import get_encoder, is_empty
from scoring.ml.recommending.brand_names import BRAND_TAGS
from scoring.ml.recommending.features import Facts, size_band
from scoring.ml.tables import Layout, concatenate, read_table

LAYOUT: Final = Layout(
    numbers=("followers", "engagement_rate"),
    texts=("creator_id", "platform", "bio", "hashtags", "location"),
    needed_any=("creator_id", "bio", "hashtags"),
)
_BETWEEN_TAGS = re.compile(r"[;,\s]+")
FEWEST_CREATORS: Final = 5
DENSE_WIDTH: Final = 48
# Tags that ask an algorithm for reach say nothing of what a creator posts about.
REACH_TAGS: Final = frozenset(
    """fyp foryou foryoupage viral trending explore explorepage reels tiktok instagram instagood
    foryourpage fy fypage xyzbca parati pourtoi trend love photooftheday duet stitch greenscreen
    ad repost tbt reel reelsinstagram instadaily picoftheday follow like tiktokviral""".split()
)


@dataclass(frozen=True)
class TagData:
    """Tags as brands (t), creators (n): choices (t, n), facts of both, texts as vectors.

    `tag_vectors` (t, 384) are of the tag as words, `bio_vectors` (n, 384) of the bio, NaN
    where it is empty; `is_brand` (t,) marks tags that name a brand.
    """

    tags: list[str]
    is_brand: NDArray[np.bool_]
    choices: sparse.csr_array
    followers: NDArray[np.float64]
    engagement: NDArray[np.float64]
    locations: list[str | None]
    platforms: list[str | None]
    own_tags: list[list[str]]
    bios: list[str]
    tag_vectors: NDArray[np.float64]
    bio_vectors: NDArray[np.float64]
    rows: int


def read_tags(files: Sequence[Path], *, with_vectors: bool = True) -> TagData:
    """Creators with at least one tag; the same creator counts once.

    A file without hashtags has no tags, no creators and no choices.

    :param with_vectors: read the texts; without, all vectors are unknown.
    :raises TableError: unreadable file.
    """
    table = concatenate([read_table(path, LAYOUT) for path in files], LAYOUT)
    own, order = _distinct(table.text("creator_id"), table.text("bio"), table.text("hashtags"))
    vectorise = embed if with_vectors else _unread
    counts: dict[str, int] = {}
    for tags in own:
        for tag in tags:
            counts[tag] = counts.get(tag, 0) + 1
    names = sorted(
        t for t, count in counts.items() if count >= FEWEST_CREATORS and t not in REACH_TAGS
    )
    place = {name: row for row, name in enumerate(names)}
    cells = [
        (place[tag], column) for column, tags in enumerate(own) for tag in tags if tag in place
    ]
    where = np.array(cells, dtype=np.int64).reshape(-1, 2).T
    choices = sparse.csr_array(
        (np.ones(len(cells)), (where[0], where[1])), shape=(len(names), len(own))
    )
    bios = [table.text("bio")[row] or "" for row in order]
    return TagData(
        tags=names,
        is_brand=np.array([name in BRAND_TAGS for name in names], dtype=bool),
        choices=choices,
        followers=table.number("followers")[order],
        engagement=table.number("engagement_rate")[order],
        locations=[table.text("location")[row] for row in order],
        platforms=[table.text("platform")[row] for row in order],
        own_tags=own,
        bios=bios,
        tag_vectors=vectorise(names),
        bio_vectors=vectorise(bios),
        rows=table.rows,
    )


def embed(texts: Sequence[str]) -> NDArray[np.float64]:
    """Vectors (n, 384) of texts, NaN where there is nothing to read."""
    encoder = get_encoder()
    vectors = np.full((len(texts), 384), np.nan)
    rows = [row for row, text in enumerate(texts) if not is_empty(text)]
    if rows:
        vectors[rows] = encoder.encode([texts[row] for row in rows])
    return vectors


def _unread(texts: Sequence[str]) -> NDArray[np.float64]:
    return np.full((len(texts), 384), np.nan)


def fit_projection(vectors: NDArray[np.float64], width: int = DENSE_WIDTH) -> NDArray[np.float64]:
    """Directions (384, width) of the greatest spread of the known vectors, uncentred."""
    known = vectors[~np.isnan(vectors).any(axis=1)]
    _, _, directions = np.linalg.svd(known, full_matrices=False)
    directions = directions[:width]
    # The sign of a singular vector is arbitrary; a fixed one keeps runs alike.
    signs = np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])
    return np.asarray((directions * signs[:, None]).T)


def project(vectors: NDArray[np.float64], projection: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors (n, width) in those directions, NaN where unknown."""
    low = np.einsum("nk,kw->nw", vectors, projection, optimize=False)
    return np.asarray(low / np.maximum(np.linalg.norm(low, axis=1, keepdims=True), 1e-12))


def creator_facts(data: TagData, projection: NDArray[np.float64]) -> Facts:
    return Facts(
        rows=data.choices.shape[1],
        categories={
            "platform": data.platforms,
            "location": data.locations,
            "size": [size_band(value) for value in data.followers],
        },
        dense=project(data.bio_vectors, projection),
    )


def tag_facts(data: TagData, projection: NDArray[np.float64]) -> Facts:
    return Facts(rows=len(data.tags), dense=project(data.tag_vectors, projection))


def _distinct(
    ids: NDArray[np.object_], bios: NDArray[np.object_], hashtags: NDArray[np.object_]
) -> tuple[list[list[str]], list[int]]:
    """Tags and rows of creators met first, neither by id nor by bio and tags met before."""
    seen: set[object] = set()
    own, order = [], []
    for row, text in enumerate(hashtags):
        parts = (part.lstrip("#").lower() for part in _BETWEEN_TAGS.split(text or ""))
        tags = sorted({part for part in parts if part})
        keys = {("id", ids[row] or row), ("same", bios[row], tuple(tags))}
        if tags and not keys & seen:
            own.append(tags)
            order.append(row)
        seen |= keys
    return own, order
