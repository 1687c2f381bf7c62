"""Time of a diagnostics answer beside the bare encoding and prediction it needs.

    OMP_NUM_THREADS=1 python -m benchmarks.bench_plep [--rounds 60] [--version v1]

The answer is `PlepModel.predict` of one draft never seen before: facts of caption and
history, vector, three quantiles, contributors in words. The bare work is `encode` of the same
kind of caption and `Booster.predict` of the three trees with the feature vector ready. Both in
one process, taking turns; every caption is encoded once only. What-if and suggestions are timed
too. Drafts are synthetic: the time does not depend on whose they are. The last line of stdout is
one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from scoring.ml.artifacts import load_artifact
from scoring.ml.encoding import get_encoder
from scoring.ml.plep.counterfactuals import suggest, what_if
from scoring.ml.plep.drafts import Draft, PastPost
from scoring.ml.plep.model import PlepModel
from scoring.ml.plep.settings import LEVELS

ARTIFACTS = Path(__file__).resolve().parents[1] / "scoring" / "artifacts"
NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)
WORDS = tuple(
    "morning routine with my new kitchen and what i learned this week about slow travel "
    "#food #travel ✨ follow me for more tips on baking bread at home".split()
)
LIMIT = 3.0


def captions() -> Iterator[str]:
    """Captions of 20 words, no two alike."""
    generator = np.random.default_rng(5)
    number = 0
    while True:
        number += 1
        yield f"{' '.join(generator.choice(WORDS, 19))} {number}"


def draft_of(caption: str) -> Draft:
    history = tuple(
        PastPost(
            NOW - timedelta(days=3 * k + 1),
            engagement=900.0 + 37 * k,
            views=20_000.0,
            caption=f"what i learned about slow travel, part {k} of many",
            hashtags=("travel",),
        )
        for k in range(12)
    )
    return Draft(
        platform="tiktok",
        planned_at=NOW + timedelta(days=1),
        caption=caption,
        duration_s=24.0,
        followers=54_000.0,
        history=history,
    )


def seconds(run: Callable[[str], None], caption: str) -> float:
    start = time.perf_counter()
    run(caption)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--version", default="v1")
    arguments = parser.parse_args()
    model = PlepModel.from_artifact(load_artifact(ARTIFACTS, "plep", arguments.version))
    encode = get_encoder().encode
    texts = captions()
    platform = model.platforms["tiktok"]
    first = draft_of(next(texts))
    features = platform.features(model.facts_of([first], now=NOW, encode=encode))

    def bare(caption: str) -> None:
        encode([caption])
        for name in LEVELS:
            platform.boosters[name].predict(features, num_threads=1)

    def answer(caption: str) -> None:
        model.predict([draft_of(caption)], now=NOW, encode=encode)

    def compare(caption: str) -> None:
        change = {"planned_at": NOW + timedelta(days=1, hours=5)}
        what_if(model, draft_of(caption), change, now=NOW, encode=encode)

    def advise(caption: str) -> None:
        suggest(model, draft_of(caption), now=NOW, encode=encode)

    runs = {"bare": bare, "answer": answer, "what_if": compare, "suggest": advise}
    for run in runs.values():
        run(next(texts))
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(arguments.rounds):
        for name, run in runs.items():
            times[name].append(seconds(run, next(texts)))
    result: dict[str, Any] = {"benchmark": "plep", "rounds": arguments.rounds}
    for name, values in times.items():
        result[f"{name}_p50_ms"] = round(1000 * statistics.median(values), 2)
    turns = [a / b for a, b in zip(times["answer"], times["bare"], strict=True)]
    result["ratio_p50"] = round(
        statistics.median(times["answer"]) / statistics.median(times["bare"]), 3
    )
    result["ratio_median_of_turns"] = round(statistics.median(turns), 3)
    result |= {"limit": LIMIT, "cpus": os.cpu_count(), "model_version": model.version}
    result["passed"] = result["ratio_p50"] <= LIMIT
    print(json.dumps(result))


if __name__ == "__main__":
    main()
