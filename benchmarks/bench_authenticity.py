"""Time of an authenticity answer beside the bare prediction of its booster.

    OMP_NUM_THREADS=1 python -m benchmarks.bench_authenticity [--repeats 15] [--version v2]

One account: `AuthenticityModel.probabilities` from a dict of columns against
`Booster.predict` with the feature vector ready, one thread, the same process, taking turns;
the ratio is the median over turns. Then the same for 1,000 and 100,000 accounts, and
`assess`, which adds SHAP values and texts. Accounts are synthetic: the time does not
depend on whose they are. The last line of stdout is one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scoring.ml.artifacts import load_artifact
from scoring.ml.authenticity import AuthenticityModel
from scoring.ml.authenticity_features import features_from_columns

ARTIFACTS = Path(__file__).resolve().parents[1] / "scoring" / "artifacts"


def synthesise_accounts(rows: int) -> dict[str, np.ndarray]:
    """Ten columns with a tenth of the cells unknown."""
    generator = np.random.default_rng(11)

    def counts(median: float) -> np.ndarray:
        return np.asarray(np.exp(generator.normal(np.log(median), 1.5, rows)).round())

    columns = {
        "followers": counts(500),
        "following": counts(600),
        "posts": counts(40),
        "bio_length": generator.integers(0, 150, rows).astype(float),
        "full_name_words": generator.integers(0, 5, rows).astype(float),
        "username_digit_ratio": generator.random(rows) * 0.5,
        "has_picture": (generator.random(rows) < 0.9).astype(float),
        "has_link": (generator.random(rows) < 0.3).astype(float),
        "is_verified": (generator.random(rows) < 0.05).astype(float),
        "like_rate": generator.gamma(2.0, 3.0, rows),
    }
    for name, values in columns.items():
        if rows > 1 and name != "followers":
            values[generator.random(rows) < 0.1] = np.nan
    return columns


def seconds_each(run: Callable[[], Any], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times


def compare(
    model: AuthenticityModel, columns: Mapping[str, np.ndarray], repeats: int, times: int
) -> dict[str, float]:
    """Medians over turns in which both run, so that a busy machine slows both."""
    features = features_from_columns(columns, model.booster.feature_name())

    def bare() -> Any:
        return model.booster.predict(features, num_threads=1)

    def ours() -> Any:
        return model.probabilities(columns)

    for run in (bare, ours):
        run()
    turns = []
    for turn in range(repeats):
        order = (bare, ours) if turn % 2 else (ours, bare)
        took = {run: seconds_each(run, times) for run in order}
        turns.append((took[ours], took[bare]))
    return {
        "microseconds": round(1e6 * statistics.median(own for own, _ in turns), 1),
        "bare_microseconds": round(1e6 * statistics.median(peer for _, peer in turns), 1),
        "ratio": round(statistics.median(own / peer for own, peer in turns), 3),
        "largest_ratio": round(max(own / peer for own, peer in turns), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the largest batch")
    parser.add_argument("--version", help="default: the active one")
    options = parser.parse_args()
    active = json.loads((ARTIFACTS / "active.json").read_text())["authenticity"]["active"]
    model = AuthenticityModel.from_artifact(
        load_artifact(ARTIFACTS, "authenticity", options.version or active)
    )
    load = os.getloadavg()[0]
    one = {name: values[:1] for name, values in synthesise_accounts(2).items()}
    thousand, many = synthesise_accounts(1000), synthesise_accounts(options.rows)
    result = {
        "benchmark": "authenticity",
        "model_version": model.version,
        "trees": model.booster.num_trees(),
        "cpus": os.cpu_count(),
        "omp_num_threads": os.environ.get("OMP_NUM_THREADS"),
        "load_average_before": round(load, 2),
        "one": compare(model, one, options.repeats, 400),
        "thousand": compare(model, thousand, options.repeats, 3),
        "batch": {
            "rows": options.rows,
            **compare(model, many, min(options.repeats, 3), 1),
        },
        "assess_with_reasons": {
            "one_microseconds": round(1e6 * seconds_each(lambda: model.assess(one), 100), 1),
            "per_account_of_a_thousand_microseconds": round(
                1e3 * seconds_each(lambda: model.assess(thousand), 1), 1
            ),
        },
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
