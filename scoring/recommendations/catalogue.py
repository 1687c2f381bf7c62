"""The catalogue in the memory of this process, as recommending reads it.

Read once and kept: 200,000 accounts are too many to read for every page. A small catalogue is
looked at anew for every answer, a large one at most every ten minutes, and read again only if
something changed. Whether a creator may be shown is asked of the database every time.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending.creator_index import Coded, CreatorIndex
from scoring.ml.recommending.tag_index import TagIndex
from scoring.models import SearchEntry
from scoring.recommendations.base import load_base
from scoring.recommendations.vectors import read_vectors

# Seconds between two looks per account: 30,000 accounts are looked at every ten minutes.
SECONDS_PER_ROW: Final = 0.02
ALWAYS_FRESH: Final = 1_000
LONGEST_SECONDS: Final = 600.0
SIGNATURE = """
SELECT count(*), max(id), max(updated_at), max(scored_at),
       (SELECT count(*) FROM scoring_entryembedding)
FROM scoring_searchentry WHERE is_visible
"""


@dataclass(frozen=True)
class Kept:
    index: CreatorIndex
    signature: tuple[Any, ...]
    looked_at: float


_kept: dict[str, Kept] = {}
_lock = threading.Lock()


def get_index() -> CreatorIndex:
    """The visible accounts. No query while what is kept is fresh, else one, or three to read."""
    base = load_base()
    key = f"{connection.settings_dict['NAME']}:{base.version}"
    kept = _kept.get(key)
    if kept is not None and _is_fresh(kept):
        return kept.index
    with _lock:
        kept = _kept.get(key)
        if kept is not None and _is_fresh(kept):
            return kept.index
        signature = _signature()
        if kept is not None and kept.signature == signature:
            index = kept.index
        else:
            index = read_index(base.projection)
        _kept[key] = Kept(index, signature, time.monotonic())
        return index


def read_index(projection: NDArray[np.float64]) -> CreatorIndex:
    """All visible accounts. Two queries."""
    rows = list(
        SearchEntry.objects.filter(is_visible=True)
        .order_by("pk")
        .values_list(
            "pk",
            "account_id",
            "creator_id",
            "platform",
            "country",
            "followers",
            "engagement_rate",
            "niches",
            "account__hashtags",
        )
    )
    columns = list(zip(*rows, strict=True)) if rows else [()] * 9
    entries, accounts, creators = (np.array(c, dtype=np.int64) for c in columns[:3])
    followers, engagement = (np.array(c, dtype=np.float32) for c in columns[5:7])
    names, niches = _niche_table(columns[7])
    return CreatorIndex(
        accounts=accounts,
        entries=entries,
        creators=creators,
        vectors=_read_projected(entries, projection),
        platforms=Coded.of(columns[3]),
        locations=Coded.of(columns[4]),
        followers=followers,
        engagement=engagement,
        niches=niches,
        niche_names=names,
        hashtags=TagIndex.of(columns[8], len(rows)),
        main=_main_rows(creators, followers),
    )


def _read_projected(
    entries: NDArray[np.int64], projection: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Unit vectors in the directions of the projection, zeros without text, (n, w)."""
    table = np.zeros((len(entries), projection.shape[1]), dtype=np.float32)
    directions = projection.astype(np.float32)

    def take(ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        place = np.searchsorted(entries, ids)
        inside = (place < len(entries)) & (entries[np.minimum(place, len(entries) - 1)] == ids)
        low = vectors[inside] @ directions
        table[place[inside]] = low / np.maximum(np.linalg.norm(low, axis=1, keepdims=True), 1e-12)

    if len(entries):
        read_vectors(take)
    return table


def _niche_table(niches: Any) -> tuple[list[str], sparse.csr_array]:
    names = sorted({name for own in niches for name in own})
    place = {name: column for column, name in enumerate(names)}
    cells = [(row, place[name]) for row, own in enumerate(niches) for name in set(own)]
    rows, columns = np.array(cells, dtype=np.int64).reshape(-1, 2).T
    shape = (len(niches), len(names))
    data = np.ones(len(cells), dtype=np.float32)
    return names, sparse.csr_array((data, (rows, columns)), shape=shape)


def _main_rows(creators: NDArray[np.int64], followers: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Of each creator the account with the most followers, the first where none is known."""
    main = np.zeros(len(creators), dtype=bool)
    if len(creators):
        order = np.lexsort((-np.nan_to_num(followers, nan=-1.0), creators))
        main[order[np.append(True, np.diff(creators[order]) != 0)]] = True
    return main


def _is_fresh(kept: Kept) -> bool:
    size = len(kept.index)
    wait = min(LONGEST_SECONDS, SECONDS_PER_ROW * size) if size > ALWAYS_FRESH else 0.0
    return time.monotonic() - kept.looked_at < wait


def _signature() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(SIGNATURE)
        return tuple(cursor.fetchone())
