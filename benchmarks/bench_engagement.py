"""Judging engagement series: series per second per detector, and cost against length.

    python -m benchmarks.bench_engagement [--series 200] [--points 720]

One thread, hourly synthetic series with all four counts, every series judged cold and by
itself. The yardstick of cost is the least that can be done with a series, `np.diff` of its four
counts. Where a model of the task "engagement" is active it is measured too. The last line of
stdout is one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import django
import numpy as np

from scoring.ml.engagement.detecting import DETECTOR_MODULES, cheap_detector
from scoring.ml.engagement.series import METRICS, EngagementSeries

LENGTHS = (24, 120, 720, 8_760, 87_600)
TASK = "engagement"
FIRST_HOUR = 420_000.0
SHARES = {"views": 1.0, "likes": 0.04, "comments": 0.004, "shares": 0.002}
Judge = Callable[[EngagementSeries], Any]


def make_series(points: int, seed: int) -> EngagementSeries:
    """Fading hourly counts with a daily cycle and counting noise; synthetic, for speed alone."""
    generator = np.random.default_rng(seed)
    hours = np.arange(points, dtype=float)
    cycle = np.exp(0.7 * np.sin(2 * np.pi * hours / 24))
    rate = 10 ** generator.uniform(2, 5) * (1 + hours / 24) ** -0.7 * cycle
    counts = {
        metric: np.cumsum(generator.poisson(share * rate)).astype(float)
        for metric, share in SHARES.items()
    }
    return EngagementSeries(series_id=f"s{seed}", hours=FIRST_HOUR + hours, counts=counts)


def bare(series: EngagementSeries) -> list[np.ndarray]:
    return [np.diff(series.counts[metric]) for metric in METRICS]


def seconds_each(judge: Judge, series: Sequence[EngagementSeries]) -> list[float]:
    """Seconds of every series, from a cold start."""
    seconds = []
    for one in series:
        one._cache.clear()
        started = time.perf_counter()
        judge(one)
        seconds.append(time.perf_counter() - started)
    return seconds


def active_model() -> tuple[Judge, str] | None:
    """The whole model and its version; None where none is active."""
    from scoring import registry

    try:
        version = registry.active_version(TASK)
    except registry.NoActiveVersion:
        return None
    model = registry.load(TASK, version)
    return (lambda series: model.assess([series])), version


def measure(count: int, points: int) -> dict[str, Any]:
    judges: dict[str, Judge] = {"np.diff": bare}
    judges |= {detector: cheap_detector(detector).score for detector in DETECTOR_MODULES}
    found = active_model()
    if found:
        judges[f"model {found[1]}"] = found[0]
    else:
        print(f"no active model of the task {TASK!r}: the detectors alone are measured")
    series = [make_series(points, seed) for seed in range(count)]
    speed = {}
    for title, judge in judges.items():
        seconds_each(judge, series[:5])
        seconds = seconds_each(judge, series)
        speed[title] = {
            "series_per_second": round(count / sum(seconds), 1),
            "milliseconds_median": round(1_000 * statistics.median(seconds), 3),
            "milliseconds_p95": round(1_000 * float(np.percentile(seconds, 95)), 3),
        }
        print(f"{title:20s} {points} points: {speed[title]}", flush=True)
    return {
        "points": points,
        "series": count,
        "model": found[1] if found else None,
        "speed": speed,
        "by_length": by_length(judges),
    }


def by_length(judges: dict[str, Judge]) -> dict[str, dict[str, Any]]:
    """Milliseconds per length, and how many times that of `np.diff`."""
    costs: dict[str, dict[str, Any]] = {title: {} for title in judges}
    for points in LENGTHS:
        series = [make_series(points, seed) for seed in range(20 if points < 8_000 else 3)]
        for title, judge in judges.items():
            milliseconds = 1_000 * statistics.median(seconds_each(judge, series))
            costs[title][str(points)] = {"milliseconds": round(milliseconds, 3)}
        for title in judges:
            cost = costs[title][str(points)]
            least = costs["np.diff"][str(points)]["milliseconds"]
            cost["times_np_diff"] = round(cost["milliseconds"] / max(least, 1e-3), 1)
    print(f"\n{'milliseconds (times np.diff)':30s}" + "".join(f"{n:>20d}" for n in LENGTHS))
    for title, row in costs.items():
        cells = (f"{c['milliseconds']:.2f} ({c['times_np_diff']:.0f})" for c in row.values())
        print(f"{title:30s}" + "".join(f"{cell:>20s}" for cell in cells))
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--points", type=int, default=720)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    load = os.getloadavg()[0]
    report = measure(options.series, options.points)
    print(
        json.dumps(
            {
                "benchmark": "engagement",
                "threads": 1,
                "cpus": os.cpu_count(),
                "load_average_before": round(load, 2),
                **report,
            }
        )
    )


if __name__ == "__main__":
    main()
