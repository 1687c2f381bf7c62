"""Search by words and similar creators beside the bare vector query they rest on.

    python -m benchmarks.bench_search [--rows 26771] [--queries 200]

On a PostgreSQL of its own with the catalogue of `benchmarks.retrieval_catalogue`. The bare query
asks pgvector for as many nearest vectors at the same width of search and nothing else; the
services add limits, names, one row per creator, scores and words. In turns, so that all have the
same caches; encoding is apart, because the bare query gets its vector given. The last line of
stdout is one JSON object.
"""

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval_catalogue import fill, read_catalogue
from benchmarks.scratch_server import scratch_server

SUBJECTS = (
    "vegan recipes", "strength training at home", "street photography at night",
    "slow travel by train", "handmade ceramics", "skincare for sensitive skin",
    "sourdough bread", "trail running", "second-hand fashion", "family life with twins",
    "mobile games", "watercolour painting", "coffee brewing", "camper vans", "gardening",
)  # fmt: skip
MANNERS = ("honest and calm", "funny", "for beginners", "in small steps", "with data", "every day")
TOP = 20


def bare_query(vector: NDArray[np.float32], depth: int) -> list[Any]:
    """The nearest vectors and nothing else, through the index that search uses."""
    from django.db import transaction

    from scoring.matching.retrieval import nearest_entries
    from scoring.models import SearchEntry

    with transaction.atomic():
        nearest = nearest_entries(
            SearchEntry.objects.all(), vector=vector, depth=depth, eligible=10**9, exact=False
        )
    return nearest.ids


def measure(rows: int, queries: int) -> dict[str, Any]:
    from accounts.models import Creator
    from scoring.discovery.resembling import DEPTH as SIMILAR_DEPTH
    from scoring.discovery.resembling import similar_creators
    from scoring.discovery.searching import DEPTH, search_creators
    from scoring.discovery.terms import SearchTerms
    from scoring.matching.brief_text import encode_brief

    generator = np.random.default_rng(3)
    creators = list(Creator.objects.filter(pk__in=generator.integers(1, rows + 1, queries)))
    taken: dict[str, list[float]] = {}
    full = True

    def timed(name: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        answer = work()
        taken.setdefault(name, []).append(1000 * (time.perf_counter() - started))
        return answer

    for turn in range(-5, queries):
        text = f"{SUBJECTS[turn % len(SUBJECTS)]}, {MANNERS[turn % len(MANNERS)]} {turn}"
        vector = encode_brief(text)
        creator = creators[turn % len(creators)]
        limited = SearchTerms(text=text, platforms=("instagram",), max_risk=10)
        works: list[tuple[str, Callable[[], Any]]] = [
            ("bare, 20 nearest", partial(bare_query, vector, TOP)),
            (f"bare, {DEPTH} nearest", partial(bare_query, vector, DEPTH)),
            (f"bare, {SIMILAR_DEPTH} nearest", partial(bare_query, vector, SIMILAR_DEPTH)),
            ("search", partial(search_creators, terms=SearchTerms(text=text), top=TOP)),
            ("search under limits", partial(search_creators, terms=limited, top=TOP)),
            ("similar", partial(similar_creators, creator=creator, top=TOP)),
        ]
        for place in generator.permutation(len(works)):
            name, work = works[place]
            answer = timed(name, work)
            if name.startswith("search"):
                full = full and len(answer.results) == TOP
                encoding = answer.timings_ms["encode"]
                taken[name][-1] -= encoding
                taken.setdefault("encode", []).append(encoding)
        if turn < 0:
            taken.clear()
    figures = {name: percentiles(values) for name, values in taken.items()}
    for name, bare in (
        ("search", DEPTH), ("search under limits", DEPTH), ("similar", SIMILAR_DEPTH),
    ):  # fmt: skip
        of_bare = figures[f"bare, {bare} nearest"]
        for edge in ("p50", "p99"):
            figures[name][f"{edge}_ratio"] = round(figures[name][edge] / of_bare[edge], 2)
    return {"rows": rows, "queries": queries, "full_pages": full, "milliseconds": figures}


def percentiles(values: list[float]) -> dict[str, float]:
    p50, p99 = np.percentile(values, [50, 99])
    return {"p50": round(float(p50), 2), "p99": round(float(p99), 2)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=26_771)
    parser.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    with scratch_server():
        from django.db import connection

        from scoring import embedding

        catalogue = read_catalogue(options.rows)
        fill(catalogue)
        embedding.build_index()
        with connection.cursor() as cursor:
            # Only the number of followers is missing in the catalogue; names and sizes are asked.
            cursor.execute(
                "UPDATE scoring_searchentry SET followers = 1000 + 37 * id, "
                "niche_weights = (SELECT jsonb_object_agg(n, 1.0) FROM unnest(niches) n)"
            )
            cursor.execute("VACUUM ANALYZE")
        report = {**measure(options.rows, options.queries), "source": catalogue.source}
    for name, row in report["milliseconds"].items():
        print(f"{name:22} {row}")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
