"""First-stage retrieval: recall and full pages under filters, and its index beside its peers.

    python -m benchmarks.bench_retrieval [--rows 26771 | --rows 200000] [--queries 40]

Starts a PostgreSQL of its own. Filters leave 0.1, 1, 10 and 50 %: at random, by niches and
countries near the query's topic, and by those farthest from it. The truth is numpy's, over all
vectors. Needs hnswlib (benchmarks/requirements.txt). The last line of stdout is one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scratch_server import scratch_server

if TYPE_CHECKING:
    from benchmarks.retrieval_catalogue import Catalogue
    from benchmarks.retrieval_filters import Kind, Topics
    from scoring.ml.match.limits import Limits

SHARES = (0.001, 0.01, 0.1, 0.5)
DEPTH = 300
TOP = 10
FORCED = 5
AROUND = (0.5, 0.7, 1.0, 1.4, 2.0)
"""Queries that are also sent down the road that was not chosen; the wrong one can take long."""


def make_queries(topics: "Topics") -> NDArray[np.float32]:
    from benchmarks.retrieval_catalogue import encode_kept

    names = [name.replace("-", " ") for name in topics.names]
    queries = encode_kept([f"We look for a creator who posts about {name}" for name in names])
    return np.random.default_rng(3).permutation(queries)


def nearest_rows(
    catalogue: "Catalogue", query: NDArray[np.float32], left: NDArray[np.bool_] | None = None
) -> set[int]:
    """Entry ids of the true `TOP` among the rows left, those as near as the last included."""
    cosines = catalogue.vectors @ query
    if left is not None:
        cosines = np.where(left, cosines, -2.0)
    best = np.argpartition(-cosines, TOP)[:TOP]
    least = cosines[best].min()
    rows = np.flatnonzero((cosines >= least - 1e-6) & (cosines > -1.5))
    return set((rows + 1).tolist())


def measure_filtered(
    catalogue: "Catalogue", topics: "Topics", queries: NDArray[np.float32]
) -> dict[str, Any]:
    from benchmarks.retrieval_filters import KINDS

    report: dict[str, Any] = {"all": _measure_cell(catalogue, topics, queries, 1.0, "random")}
    print("all", report["all"], flush=True)
    for share in SHARES:
        for kind in KINDS:
            name = f"{100 * share:g} % {kind}"
            report[name] = _measure_cell(catalogue, topics, queries, share, kind)
            print(name, report[name], flush=True)
    return report


def measure_roads(catalogue: "Catalogue", queries: NDArray[np.float32]) -> dict[str, Any]:
    """Both roads around the number of eligible rows at which the product changes from one."""
    from scoring.matching.retrieval import exact_up_to
    from scoring.ml.match.limits import Limits

    rows = len(catalogue.countries)
    threshold = exact_up_to(rows, depth=DEPTH)
    report: dict[str, Any] = {"exact_up_to": round(threshold)}
    for factor in AROUND:
        share = min(factor * threshold / rows, 1.0)
        times: dict[bool, list[float]] = {True: [], False: []}
        for query in queries:
            for exact, spent in times.items():
                spent.append(_search(Limits(max_risk=100 * share), query, exact)[1])
        report[f"{share * rows:.0f} eligible"] = {
            "exact_p50_ms": _median(times[True]),
            "index_p50_ms": _median(times[False]),
        }
    print("roads", report, flush=True)
    return report


def _measure_cell(
    catalogue: "Catalogue",
    topics: "Topics",
    queries: NDArray[np.float32],
    share: float,
    kind: "Kind",
) -> dict[str, Any]:
    from benchmarks.retrieval_filters import make_filter
    from scoring.matching.retrieval import SearchTooSlow

    recalls, full, left_over = [], True, []
    times: dict[str, list[float]] = {"ours": [], "exact": [], "index": []}
    roads: set[str] = set()
    for place, query in enumerate(queries):
        limits, left = make_filter(catalogue, topics, query, share=share, kind=kind)
        truth = nearest_rows(catalogue, query, left)
        found, spent = _search(limits, query, None)
        times["ours"].append(spent)
        roads.add("exact" if found.exact else "index")
        recalls.append(len(set(found.ids[:TOP]) & truth) / min(TOP, len(truth)))
        full = full and len(found.ids) == min(DEPTH, int(left.sum()))
        left_over.append(float(left.mean()))
        if place < FORCED:
            for road in ("exact", "index"):
                with suppress(SearchTooSlow):
                    _, spent = _search(limits, query, road == "exact")
                    times[road].append(spent)
    return {
        "share": round(statistics.median(left_over), 5),
        "recall_at_10": round(statistics.mean(recalls), 4),
        "worst_recall": round(min(recalls), 2),
        "full_pages": full,
        "road": " or ".join(sorted(roads)),
        **{f"{road}_p50_ms": _median(spent) for road, spent in times.items()},
        "ours_p95_ms": round(float(np.percentile(times["ours"], 95)), 1),
    }


def _median(times: list[float]) -> float | None:
    """None where every search was given up as too slow."""
    return round(statistics.median(times), 1) if times else None


def _search(limits: "Limits", query: NDArray[np.float32], exact: bool | None) -> tuple[Any, float]:
    from scoring.matching.retrieval import eligible_entries, nearest_entries

    started = time.perf_counter()
    rows = eligible_entries(limits)
    found = nearest_entries(rows, vector=query, depth=DEPTH, eligible=rows.count(), exact=exact)
    return found, 1000 * (time.perf_counter() - started)


def measure_peers(catalogue: "Catalogue", queries: NDArray[np.float32]) -> dict[str, Any]:
    from benchmarks.retrieval_peers import compare_builds, compare_searches

    builds, index = compare_builds(catalogue.vectors)
    print("builds", builds, flush=True)
    truth = [nearest_rows(catalogue, query) for query in queries]
    searches = compare_searches(index, queries, truth)
    return {"builds": builds, "unfiltered": searches, "as served": _measure_served(queries, truth)}


def _measure_served(queries: NDArray[np.float32], truth: list[set[int]]) -> dict[str, float]:
    """The product's own call without a filter, a page of `DEPTH`; the count left out."""
    from benchmarks.retrieval_peers import Clock, recall
    from scoring.matching.retrieval import eligible_entries, nearest_entries
    from scoring.ml.match.limits import Limits

    entries = eligible_entries(Limits())
    eligible = entries.count()
    clock = Clock()
    found = [
        nearest_entries(entries, vector=query, depth=DEPTH, eligible=eligible, exact=False).ids
        for query in queries
    ]
    spent = clock.read()["cpu_seconds"]
    return {
        "recall_at_10": round(recall(found, truth), 4),
        "per_cpu_second": round(len(queries) / spent, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=26_771)
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--only", choices=("peers", "filtered", "roads"))
    options = parser.parse_args()
    with scratch_server():
        report = run(options.rows, options.queries, only=options.only)
    print(json.dumps(report))


def run(rows: int, count: int, *, only: str | None) -> dict[str, Any]:
    from benchmarks.retrieval_catalogue import fill, read_catalogue
    from benchmarks.retrieval_filters import read_topics
    from scoring import embedding

    catalogue = read_catalogue(rows)
    topics = read_topics(catalogue)
    queries = make_queries(topics)
    fill(catalogue)
    report: dict[str, Any] = {
        "benchmark": "retrieval",
        "rows": rows,
        "source": catalogue.source,
        "load": os.getloadavg()[0],
    }
    parts: dict[str, Callable[[], Any]] = {
        "peers": lambda: measure_peers(catalogue, queries),
        "filtered": lambda: measure_filtered(catalogue, topics, queries[:count]),
        "roads": lambda: measure_roads(catalogue, queries[: count // 2 or 1]),
    }
    for name, measure in parts.items():
        if only not in (None, name):
            continue
        if name != "peers":
            keep_one_index()
            embedding.build_index()
        report[name] = measure()
    return report


def keep_one_index() -> None:
    """What was built for the comparison with peers is what the product would build."""
    from django.db import connection

    from scoring import embedding

    with connection.cursor() as cursor:
        cursor.execute("RESET ALL; DROP INDEX IF EXISTS x_vector")
        cursor.execute(f'ALTER INDEX IF EXISTS x_halfvec RENAME TO "{embedding.INDEX.name}"')


if __name__ == "__main__":
    main()
