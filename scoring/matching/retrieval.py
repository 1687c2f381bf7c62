"""First stage: the accounts whose text is nearest to a brief, under its filters.

Two roads, chosen by how many rows the filters leave of how many there are:

- few rows: an exact scan of just those rows;
- many rows: the HNSW index over half-precision vectors, walked until the page is full, so a
  filter can neither shorten a page nor cost recall by discarding candidates after the fact;
  what it finds is ordered by the full vectors.

A walk past rows that the filters refuse can be long where they leave nobody near the brief. It is
given up after as many rows as an exact scan is worth, and then the exact scan is made: a page is
never short, and never takes much more than the better road would have.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Cast
from numpy.typing import NDArray
from pgvector.django import CosineDistance, HalfVectorField
from psycopg2.errors import QueryCanceled

from accounts.errors import DomainError
from scoring.matching.limits import passing_by_limit
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.limits import Limits
from scoring.models import EMBEDDING_DIMENSIONS, EntryEmbedding, SearchEntry

# Never exact above this many eligible rows, whatever the catalogue's size.
EXACT_UP_TO = 20_000
# What passing one row on a walk takes, in rows of an exact scan (benchmarks/bench_retrieval.py).
WALK_COST: Final = 3.5
EF_SEARCH = 300
# Found by half precision beyond the page, so that its last places are right too.
SPARE: Final = 20
# A search nobody waits for any more must not hold a connection; the slowest measured,
# an exact scan of 200,000 rows on a busy machine, takes well under a second.
TIMEOUT_MS: Final = 10_000
INDEX: Final = EntryEmbedding._meta.indexes[0].name
# What the index holds (scoring/models/search.py), seen from an entry.
HALF_VECTOR_OF_ENTRY: Final = Cast(
    "embedding__vector", HalfVectorField(dimensions=EMBEDDING_DIMENSIONS)
)
# PostgreSQL's cost model knows little of vector indexes: without these it prefers to sort.
WALK: Final = (
    "enable_sort = off",
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    # Strict order throws away what it meets too late; what is found is put in order anyway.
    "hnsw.iterative_scan = relaxed_order",
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
        exact = eligible <= exact_up_to(_indexed_rows(), depth=depth)
    # A walk that has cost what a scan costs is among the wrong neighbours; it is given up.
    most = round(eligible / WALK_COST)
    rows = _read(entries, vector=vector, depth=depth, exact=exact, most=most)
    if len(rows) < min(depth, eligible) and not exact:
        exact = True
        rows = _read(entries, vector=vector, depth=depth, exact=exact)
    return Nearest(
        ids=[pk for pk, _ in rows],
        cosines=np.array([1.0 - distance for _, distance in rows], dtype=float),
        exact=exact,
    )


def exact_up_to(rows: int | None, *, depth: int) -> float:
    """The number of eligible rows up to which scanning them all is the quicker road.

    A walk passes about ``depth · rows / eligible`` rows until its page is full, a scan
    ``eligible``; they cost the same where ``eligible² = WALK_COST · depth · rows``.

    :param rows: in the index; None where it does not stand, and scanning is the only road.
    """
    if rows is None:
        return math.inf
    return min(EXACT_UP_TO, math.sqrt(WALK_COST * depth * rows))


def _indexed_rows() -> int | None:
    """About how many vectors the HNSW index holds; None without one.

    It is taken away while much is embedded. One query of the catalogue of tables.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(heap.reltuples, 0)::bigint FROM pg_index "
            "JOIN pg_class heap ON heap.oid = indrelid "
            "WHERE indexrelid = to_regclass(%s) AND indisvalid",
            [INDEX],
        )
        found = cursor.fetchone()
        return found[0] if found else None


def in_order(
    entries: QuerySet[SearchEntry], *, vector: NDArray[np.float32], exact: bool
) -> QuerySet[SearchEntry, tuple[int, float]]:
    """(entry, cosine distance) of those with a vector; to be read in `planner`.

    Nearest first: by the full vectors, or in the order of the index.
    """
    written = vector.tolist()
    distance = CosineDistance("embedding__vector", written)
    # No index orders by a sum, so the exact scan cannot take the road of the index.
    order = F("distance") + 0.0 if exact else CosineDistance(HALF_VECTOR_OF_ENTRY, written)
    return (
        entries.filter(embedding__encoder_version=ENCODER_VERSION)
        .annotate(distance=distance)
        .order_by(order)
        .values_list("pk", "distance")
    )


def _read(
    entries: QuerySet[SearchEntry],
    *,
    vector: NDArray[np.float32],
    depth: int,
    exact: bool,
    most: int = 0,
) -> list[tuple[int, float]]:
    """The rows of the page, nearest first by their full vectors; see `planner` for ``most``."""
    ordered = in_order(entries, vector=vector, exact=exact)
    try:
        with planner(exact=exact, depth=depth, most=most):
            found = list(ordered[: depth if exact else depth + SPARE])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise SearchTooSlow from error
        raise
    return sorted(found, key=lambda row: row[1])[:depth]


@contextmanager
def planner(*, exact: bool, depth: int, most: int = 0) -> Iterator[None]:
    """Tell PostgreSQL which road to take, for the statements inside alone.

    They are rolled back, which undoes the settings also within a surrounding transaction:
    for reading only.

    :param most: rows after which a walk is given up.
    """
    settings = ["jit = off", f"statement_timeout = {TIMEOUT_MS}"]
    if not exact:
        breadth = min(1000, max(EF_SEARCH, depth + SPARE))
        most = max(most, breadth)
        settings += [
            *WALK, f"hnsw.ef_search = {breadth}", f"hnsw.max_scan_tuples = {most}"
        ]  # fmt: skip
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET LOCAL {setting}" for setting in settings))
        yield
        transaction.set_rollback(True)
