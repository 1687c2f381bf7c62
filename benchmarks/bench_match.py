"""Brief to top 20: each stage's time, recall against an exact scan, and the two roads' p95.

    python -m benchmarks.bench_match [--rows 26771] [--queries 40] [--keep]

Fills a scratch database with as many synthetic search rows as the largest known
catalogue has, so that it runs anywhere; with ../shared/data/creators.csv.gz present the
vectors are those of its real texts. The last line of stdout is one JSON object.
"""

import argparse
import gzip
import json
import os
import statistics
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import numpy as np

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "creators.csv.gz"
SELECTIVITIES = {"unfiltered": 1.0, "50 %": 0.5, "10 %": 0.1, "1 %": 0.01, "0.1 %": 0.001}
BRIEFS = (
    "Vegan skincare for sensitive skin, honest routines",
    "Home gym equipment, strength training for beginners",
    "Street photography in large cities at night",
    "A mobile game with cosy farming, for young adults",
    "Family travel by train across Europe with small children",
    "Handmade sourdough bread and slow weekend baking",
    "Trail running shoes for muddy mountain paths",
    "Sustainable fashion, second-hand outfits, capsule wardrobe",
)


def fill(rows: int) -> str:
    """Search rows whose ``followers`` run 1…rows, so a maximum sets any selectivity."""
    from django.db import connection

    from accounts.models import Creator, SocialAccount
    from scoring import embedding, entries
    from scoring.features.match_facts import sync_match_facts
    from scoring.ml.encoding import ENCODER_VERSION
    from scoring.models import EntryEmbedding, SearchEntry

    texts, source = read_texts(rows)
    vectors = make_vectors(texts, rows)
    creators = Creator.objects.bulk_create(
        [Creator(display_name=f"Creator {n}") for n in range(rows)], batch_size=2_000
    )
    SocialAccount.objects.bulk_create(
        [
            SocialAccount(
                creator=creator,
                platform="instagram",
                handle=f"h{n}",
                bio=texts[n % len(texts)] if texts else "",
            )
            for n, creator in enumerate(creators)
        ],
        batch_size=2_000,
    )
    entries.sync_entries()
    sync_match_facts()
    order = np.random.default_rng(7).permutation(rows) + 1
    ids = list(SearchEntry.objects.order_by("account_id").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scoring_searchentry e SET followers = n.followers FROM "
            "unnest(%s::bigint[], %s::bigint[]) AS n(id, followers) WHERE e.id = n.id",
            [ids, order.tolist()],
        )
    embedding.drop_index()
    for start in range(0, rows, 2_000):
        EntryEmbedding.objects.bulk_create(
            [
                EntryEmbedding(
                    entry_id=entry_id, vector=vector, encoder_version=ENCODER_VERSION, text_hash=""
                )
                for entry_id, vector in zip(
                    ids[start : start + 2_000], vectors[start : start + 2_000], strict=True
                )
            ]
        )
    started = time.perf_counter()
    embedding.build_index()
    print(f"index over {rows} rows built in {time.perf_counter() - started:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE scoring_searchentry, scoring_entryembedding, scoring_matchfacts"
        )
    return source


def read_texts(rows: int) -> tuple[list[str], str]:
    if not SHARED.exists():
        return [], "clustered random vectors (no ../shared)"
    import csv

    with gzip.open(SHARED, "rt", encoding="utf-8", newline="") as file:
        texts = [
            f"{row['bio']} {row['hashtags'].replace(';', ' ')}".strip() or "-"
            for row in csv.DictReader(file)
        ]
    return texts[:rows], "creators.csv.gz"


def make_vectors(texts: list[str], rows: int) -> np.ndarray:
    """Unit vectors (rows, 384): of the texts, or of random clusters where there are none."""
    from scoring.ml.encoding import get_encoder

    if texts:
        vectors = get_encoder().encode(texts)
        repeats = -(-rows // len(vectors))
        return np.tile(vectors, (repeats, 1))[:rows]
    generator = np.random.default_rng(7)
    centres = generator.normal(size=(100, 384))
    points = centres[generator.integers(0, 100, rows)] + generator.normal(size=(rows, 384))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def percentile_95(values: list[float]) -> float:
    return float(np.percentile(values, 95))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - started), result


def compare_roads(rows: int, queries: int) -> dict[str, Any]:
    """Per selectivity: recall@10 of the chosen road, and p95 beside the exact scan's."""
    from campaigns.terms import BriefTerms
    from scoring.matching.brief_text import encode_brief
    from scoring.matching.limits import limits_of
    from scoring.matching.retrieval import eligible_entries, nearest_entries

    report = {}
    for name, share in SELECTIVITIES.items():
        limit = None if share == 1.0 else max(1, round(rows * share))
        recalls, ours, exacts, full = [], [], [], True
        for query in range(queries):
            text = f"{BRIEFS[query % len(BRIEFS)]} {query // len(BRIEFS) or ''}".strip()
            terms = BriefTerms(text=text, max_followers=limit)
            vector = encode_brief(text)
            eligible_rows = eligible_entries(limits_of(terms))

            def chosen(rows: Any = eligible_rows, vector: np.ndarray = vector) -> Any:
                return nearest_entries(rows, vector=vector, depth=200, eligible=rows.count())

            def exact(rows: Any = eligible_rows, vector: np.ndarray = vector) -> Any:
                # The page shows the eligible count, so the exact scan has to count as well.
                eligible = rows.count()
                return nearest_entries(
                    rows, vector=vector, depth=200, eligible=eligible, exact=True
                )

            # Interleaved, and in turns first, so that neither profits from a warm cache.
            if query % 2:
                (a, found), (b, truth) = timed(chosen), timed(exact)
            else:
                (b, truth), (a, found) = timed(exact), timed(chosen)
            ours.append(a)
            exacts.append(b)
            recalls.append(len(set(found.ids[:10]) & set(truth.ids[:10])) / min(10, len(truth.ids)))
            full = full and len(found.ids) == len(truth.ids)
        report[name] = {
            "recall_at_10": round(statistics.mean(recalls), 4),
            "full_pages": full,
            "road": "exact" if found.exact else "hnsw",
            "retrieve_p95_ms": round(percentile_95(ours), 2),
            "exact_p95_ms": round(percentile_95(exacts), 2),
            "p95_ratio": round(percentile_95(ours) / percentile_95(exacts), 3),
        }
    return report


def measure_answers(queries: int) -> dict[str, Any]:
    """Milliseconds from a brief to its explained top 20, beside the bare retrieval of the same.

    Bare is: the brief's vector, the count of the eligible and the nearest 300. Briefs are not
    cached, and the two take turns at going first.
    """
    from django.utils import timezone

    from campaigns.terms import BriefTerms
    from scoring.matching import rank_creators
    from scoring.matching.brief_text import encode_brief
    from scoring.matching.limits import limits_of
    from scoring.matching.retrieval import eligible_entries, nearest_entries

    whole, bare, laps = [], [], dict[str, list[float]]()
    for query in range(queries):
        # Words no run had before: a known brief would come from the cache.
        first, second = (
            BriefTerms(text=f"{BRIEFS[query % len(BRIEFS)]} {uuid.uuid4()}") for _ in range(2)
        )

        def answer(terms: BriefTerms = first) -> Any:
            return rank_creators(terms=terms, top=20, now=timezone.now(), brand_names=["Glow"])

        def retrieve(terms: BriefTerms = second) -> Any:
            vector = encode_brief(terms.text)
            rows = eligible_entries(limits_of(terms))
            return nearest_entries(rows, vector=vector, depth=300, eligible=rows.count())

        if query % 2:
            (a, ranking), (b, _) = timed(answer), timed(retrieve)
        else:
            (b, _), (a, ranking) = timed(retrieve), timed(answer)
        whole.append(a)
        bare.append(b)
        for name, value in ranking.timings_ms.items():
            laps.setdefault(name, []).append(value)
    return {
        "p50_ms": round(float(np.percentile(whole, 50)), 2),
        "p99_ms": round(float(np.percentile(whole, 99)), 2),
        "retrieval_p50_ms": round(float(np.percentile(bare, 50)), 2),
        "retrieval_p99_ms": round(float(np.percentile(bare, 99)), 2),
        "p50_ratio_to_retrieval": round(
            float(np.percentile(whole, 50) / np.percentile(bare, 50)), 2
        ),
        "match_version": ranking.match_version,
        "stages_median_ms": {
            name: round(statistics.median(values), 2) for name, values in laps.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=26_771)
    parser.add_argument("--queries", type=int, default=40)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from benchmarks.scratch import scratch_database

    with scratch_database():
        source = fill(options.rows)
        measure_answers(3)  # Load models and warm the caches of the database.
        report = {
            "benchmark": "match",
            "rows": options.rows,
            "texts": source,
            "queries": options.queries,
            "brief_to_explained_top_20": measure_answers(options.queries),
            "retrieval": compare_roads(options.rows, options.queries),
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
