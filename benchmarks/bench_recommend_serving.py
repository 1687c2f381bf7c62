"""Recommending to a brand out of a large catalogue: milliseconds a page, and the memory it takes.

    python -m benchmarks.bench_recommend_serving [--rows 200000] [--pages 60]

A server and a catalogue of the benchmark's own: vectors in random clusters, one account a
creator. Fifty brands have events; what was learned of them is served. The first page of a brand
is measured with what it wants encoded before, as every page after the first one is. The last line
of stdout is one JSON object.
"""

import argparse
import json
import os
import resource
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np

NICHES = [f"niche {n}" for n in range(100)]
COUNTRIES = [f"Country {n}" for n in range(40)]
PLATFORMS = ("instagram", "tiktok", "youtube", "douyin")
BRANDS, EVENTS_EACH = 50, 100
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_catalogue(rows: int) -> Any:
    from benchmarks.retrieval_catalogue import Catalogue

    rng = np.random.default_rng(7)
    topics = rng.integers(0, len(NICHES), rows)
    centres = rng.normal(size=(len(NICHES), 384))
    vectors = (centres[topics] + rng.normal(size=(rows, 384))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Catalogue(
        vectors=vectors,
        platforms=[PLATFORMS[n] for n in rng.integers(0, len(PLATFORMS), rows)],
        countries=[COUNTRIES[n] for n in rng.integers(0, len(COUNTRIES), rows)],
        niches=[[NICHES[topic]] for topic in topics],
        chance=rng.random(rows),
        source="random clusters",
    )


def make_brands(rows: int) -> list[Any]:
    """Brands that wrote a brief and did something; what they did is learned."""
    from accounts.models import Brand, User
    from campaigns.briefs import create_campaign
    from campaigns.terms import BriefTerms
    from scoring.interactions.recording import Shown, record_list
    from scoring.models import InteractionEvent

    rng = np.random.default_rng(1)
    actor = User.objects.create_user("bench@example.org")
    brands = []
    for n in range(BRANDS):
        brand = Brand.objects.create(name=f"Brand {n}")
        create_campaign(
            brand=brand,
            title="Brief",
            terms=BriefTerms(
                text=f"We look for people who post about subject {n}",
                country=COUNTRIES[n % len(COUNTRIES)],
                niches=[NICHES[n % len(NICHES)]],
            ),
            actor=actor,
            now=NOW,
        )
        shown = [
            Shown(int(pk), place, 0.9)
            for place, pk in enumerate(rng.permutation(rows)[:EVENTS_EACH] + 1, start=1)
        ]
        list_id = record_list(
            brand=brand,
            actor=actor,
            surface=InteractionEvent.Surface.RECOMMENDED,
            campaign=None,
            shown=shown,
            now=NOW,
        )
        InteractionEvent.objects.bulk_create(
            InteractionEvent(
                brand=brand,
                actor=actor,
                creator_id=one.creator_id,
                kind=InteractionEvent.Kind.PROFILE_VIEW,
                list_id=list_id,
                position=one.position,
                at=NOW,
            )
            for one in shown[:10]
        )
        brands.append(brand)
    return brands


def learn() -> tuple[float, Any]:
    """Seconds of a full step, served whatever it found: its speed is what is asked here."""
    from scoring.ml.recommending.learning import learn_anew
    from scoring.models import RecommenderState
    from scoring.recommendations.base import load_base
    from scoring.recommendations.behaviour import read_behaviour
    from scoring.recommendations.catalogue import get_index
    from scoring.recommendations.days import day_of
    from scoring.recommendations.states import keep_state

    started = time.perf_counter()
    base, later = load_base(), datetime(2026, 3, 2, 12, tzinfo=UTC)
    behaviour = read_behaviour(base, now=later)
    learned = learn_anew(base.start, get_index(), behaviour, as_of_day=day_of(later))
    state = keep_state(
        step=RecommenderState.Step.REFIT,
        learned=learned,
        serves_learned=True,
        why="Benchmark.",
        base_version=base.version,
        learned_through=later,
        fingerprint="0" * 64,
        events=len(behaviour.log),
        choices=0,
        comparison={},
        now=later,
    )
    return time.perf_counter() - started, state


def measure_pages(brands: list[Any], pages: int, limits: Any) -> dict[str, Any]:
    from scoring.recommendations.serving import recommend_creators

    laps: list[float] = []
    stages: dict[str, list[float]] = {}
    shortest = 20
    for page in range(pages):
        started = time.perf_counter()
        found = recommend_creators(brand=brands[page % len(brands)], limits=limits, now=NOW)
        laps.append(1000 * (time.perf_counter() - started))
        shortest = min(shortest, len(found.results))
        for name, value in found.timings_ms.items():
            stages.setdefault(name, []).append(value)
    return {
        "p50_ms": round(statistics.median(laps), 1),
        "p99_ms": round(float(np.quantile(laps, 0.99)), 1),
        "fewest_on_a_page": shortest,
        "stages_median_ms": {k: round(statistics.median(v), 1) for k, v in stages.items()},
    }


def run(rows: int, pages: int) -> dict[str, Any]:
    from benchmarks.retrieval_catalogue import fill
    from scoring.ml.match.limits import Limits
    from scoring.recommendations.catalogue import get_index
    from scoring.recommendations.serving import recommend_creators
    from scoring.recommendations.states import get_current, get_matrix

    fill(make_catalogue(rows))
    brands = make_brands(rows)
    started = time.perf_counter()
    index = get_index()
    read = time.perf_counter() - started
    seconds, state = learn()
    current = get_current()
    assert current is not None
    started = time.perf_counter()
    matrix = get_matrix(current, index)
    prepared = time.perf_counter() - started
    for brand in brands:
        recommend_creators(brand=brand, now=NOW)
    return {
        "benchmark": "recommend serving",
        "rows": rows,
        "load": os.getloadavg()[0],
        "catalogue_read_s": round(read, 2),
        "catalogue_mb": round(index.nbytes / 2**20, 1),
        "matrix_made_s": round(prepared, 2),
        "matrix_mb": round(matrix.nbytes / 2**20, 1),
        "state_mb": round(len(current.learned.to_bytes()) / 2**20, 2),
        "learn_s": round(seconds, 2),
        "events": state.events,
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "all": measure_pages(brands, pages, None),
        "one_country": measure_pages(brands, pages, Limits(countries=[COUNTRIES[3]])),
        "one_niche_and_country": measure_pages(
            brands, pages, Limits(countries=[COUNTRIES[3]], niches=[NICHES[5]])
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--pages", type=int, default=60)
    options = parser.parse_args()
    from benchmarks.scratch_server import scratch_server

    with scratch_server():
        from django.conf import settings

        # No Redis here; a process keeps what brands want to be compared with by itself.
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        report = run(options.rows, options.pages)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
