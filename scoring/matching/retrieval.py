"""First stage: the accounts whose text is nearest to a brief, under its filters.

Two roads, chosen by how many rows the filters leave of how many there are:

- few rows: an exact scan of just those rows;
- many rows: the HNSW index, walked iteratively until the page is full, so a filter can
  neither shorten a page nor cost recall by discarding candidates after the fact.

A page that comes back short from the index all the same is read again by the exact scan.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet
from numpy.typing import NDArray
from pgvector.django import CosineDistance
from psycopg2.errors import QueryCanceled

from accounts.errors import DomainError
from scoring.matching.limits import passing_by_limit
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.limits import Limits
from scoring.models import EntryEmbedding, SearchEntry

# Below this many eligible rows an exact scan is quicker than walking the index past
# the rows that the filters refuse (benchmarks/bench_retrieval.py).
EXACT_UP_TO = 6_000
EF_SEARCH = 300
# A search nobody waits for any more must not hold a connection; the slowest measured,
# an exact scan of 200,000 rows on a busy machine, takes well under a second.
TIMEOUT_MS: Final = 10_000
INDEX: Final = EntryEmbedding._meta.indexes[0].name
# PostgreSQL's cost model knows little of vector indexes: without these it prefers to sort.
WALK: Final = (
    "enable_sort = off",
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "hnsw.iterative_scan = strict_order",
    "hnsw.max_scan_tuples = 10000000",
    "hnsw.scan_mem_multiplier = 8",
)


class SearchTooSlow(DomainError):
    code = "search_too_slow"
    message = "The search took too long. Try again, or with fewer accounts to compare."
    http_status = 503


@dataclass(frozen=True)
class Nearest:
    """Entry ids (n,) by falling cosine (n,), and whether every eligible row was compared."""

    ids: list[int]
    cosines: NDArray[np.float64]
    exact: bool


def eligible_entries(limits: Limits) -> QuerySet[SearchEntry]:
    """Visible entries that pass the limits. An unknown fact does not pass a limit on it.

    A budget refuses only accounts whose lowest known price in that currency exceeds it:
    most prices are unknown, and saying so is more use than hiding everybody. So is it with
    the period somebody must be available in, unless that has to be known. The rules are those of
    `scoring.ml.match.limits.why_not_shown`.
    """
    entries = SearchEntry.objects.filter(is_visible=True)
    for passing in passing_by_limit(limits).values():
        entries = entries.filter(passing)
    return entries


def nearest_entries(
    entries: QuerySet[SearchEntry],
    *,
    vector: NDArray[np.float32],
    depth: int,
    eligible: int,
    exact: bool | None = None,
) -> Nearest:
    """The ``depth`` entries nearest to the brief's vector, fewer only if fewer are eligible.

    Entries without a vector are not among them.

    :param eligible: how many rows ``entries`` has, which decides the road.
    :param exact: take this road whatever the count says (benchmarks compare both).
    :raises SearchTooSlow: after `TIMEOUT_MS`.
    """
    if exact is None:
        exact = eligible <= EXACT_UP_TO or not index_stands()
    rows = _read(entries, vector=vector, depth=depth, exact=exact)
    if len(rows) < min(depth, eligible) and not exact:
        # The walk ended early, at its memory's limit or on an index that lost its way.
        exact = True
        rows = _read(entries, vector=vector, depth=depth, exact=exact)
    return Nearest(
        ids=[pk for pk, _ in rows],
        cosines=np.array([1.0 - distance for _, distance in rows], dtype=float),
        exact=exact,
    )


def index_stands() -> bool:
    """Whether the HNSW index is there and complete; it is taken away while much is embedded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid", [INDEX]
        )
        return cursor.fetchone() is not None


def in_order(
    entries: QuerySet[SearchEntry], *, vector: NDArray[np.float32], exact: bool
) -> QuerySet[SearchEntry, tuple[int, float]]:
    """(entry, cosine distance) of those with a vector, nearest first; to be read in `planner`."""
    return (
        entries.filter(embedding__encoder_version=ENCODER_VERSION)
        .annotate(distance=CosineDistance("embedding__vector", vector.tolist()))
        # No index orders by a sum, so the exact scan cannot take the road of the index.
        .order_by(F("distance") + 0.0 if exact else "distance")
        .values_list("pk", "distance")
    )


def _read(
    entries: QuerySet[SearchEntry], *, vector: NDArray[np.float32], depth: int, exact: bool
) -> list[tuple[int, float]]:
    try:
        with planner(exact=exact, depth=depth):
            return list(in_order(entries, vector=vector, exact=exact)[:depth])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise SearchTooSlow from error
        raise


@contextmanager
def planner(*, exact: bool, depth: int) -> Iterator[None]:
    """Tell PostgreSQL which road to take, for the statements inside alone.

    They are rolled back, which undoes the settings also within a surrounding transaction:
    for reading only.
    """
    settings = ["jit = off", f"statement_timeout = {TIMEOUT_MS}"]
    if not exact:
        settings += [*WALK, f"hnsw.ef_search = {min(1000, max(EF_SEARCH, depth))}"]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET LOCAL {setting}" for setting in settings))
        yield
        transaction.set_rollback(True)
