"""First stage: the accounts whose text is nearest to a brief, under its filters.

Two roads, chosen by how many rows the filters leave:

- few rows: an exact scan of just those rows;
- many rows: the HNSW index, walked iteratively until the page is full, so a filter can
  neither shorten a page nor cost recall by discarding candidates after the fact.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet
from numpy.typing import NDArray
from pgvector.django import CosineDistance

from scoring.matching.limits import passing_by_limit
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.limits import Limits
from scoring.models import SearchEntry

# Below this many eligible rows an exact scan is quicker than walking the index past
# the rows that the filters refuse (benchmarks/bench_match.py).
EXACT_UP_TO = 6_000
EF_SEARCH = 300
RESTORE = "; ".join(
    f"SET LOCAL enable_{road} = on"
    for road in ("indexscan", "sort", "seqscan", "hashjoin", "mergejoin")
)


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

    :param eligible: how many rows ``entries`` has, which decides the road.
    :param exact: take this road whatever the count says (benchmarks compare both).
    """
    if exact is None:
        exact = eligible <= EXACT_UP_TO
    ordered = (
        entries.filter(embedding__encoder_version=ENCODER_VERSION)
        .annotate(distance=CosineDistance("embedding__vector", vector.tolist()))
        .order_by("distance")
        .values_list("pk", "distance")[:depth]
    )
    with _planner(exact=exact, depth=depth):
        rows = list(ordered)
    return Nearest(
        ids=[pk for pk, _ in rows],
        cosines=np.array([1.0 - distance for _, distance in rows], dtype=float),
        exact=exact,
    )


@contextmanager
def _planner(*, exact: bool, depth: int) -> Iterator[None]:
    """Tell PostgreSQL which road to take; its cost model knows little of vector indexes."""
    if exact:
        settings = "SET LOCAL enable_indexscan = off"
    else:
        settings = (
            "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; "
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; "
            f"SET LOCAL hnsw.ef_search = {min(1000, max(EF_SEARCH, depth))}; "
            "SET LOCAL hnsw.iterative_scan = strict_order; "
            "SET LOCAL hnsw.max_scan_tuples = 10000000; "
            "SET LOCAL hnsw.scan_mem_multiplier = 8"
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(settings)
        yield
        # A surrounding transaction must not inherit the settings.
        with connection.cursor() as cursor:
            cursor.execute(RESTORE)
