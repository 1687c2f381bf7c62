"""Every detector by itself, cheap or trained, on the same series: what it finds and costs.

    python -m benchmarks.compare_detectors [--simulated 400] [--real 1500] [--seed 20260]
                                           [--artifact scoring/artifacts/engagement/v2]

Three questions, never mixed: simulated series whose attacks have other sizes, lengths and
forms than those of training; the same kinds of attacks planted in real daily series of
trending videos; and those real series as they are. A series' score is the mean of its three
highest steps (its highest with fewer than 12 steps). A detector's threshold leaves 5 % of
organic series above it: simulated ones of another seed, or real videos first seen before
2018-02-15; everything is measured on the others. The trained detectors are those of an
artefact, the active one if none is named. They learned from real videos first seen up to
2018-02-05, so the real videos that set their thresholds are those first seen after that day.
No score is point-adjusted. Without ../shared only the simulated part runs. The last line of
stdout is one JSON object.
"""

import argparse
import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from sklearn.metrics import roc_auc_score

from scoring.ml.artifacts import load_artifact
from scoring.ml.engagement import deep
from scoring.ml.engagement.attacks import UNSEEN_ATTACKS
from scoring.ml.engagement.detecting import (
    DETECTOR_MODULES,
    Detector,
    LabelledSeries,
    cheap_detector,
)
from scoring.ml.engagement.injection import inject, real_organic
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.simulation import SimulatorSettings, simulate
from scoring.ml.range_metrics import mean_vus_pr

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "series_youtube_daily.csv.gz"
ARTIFACTS = Path(__file__).resolve().parents[1] / "scoring" / "artifacts"
LEARNED_UNTIL = datetime(2018, 2, 6, tzinfo=UTC)
HELD_OUT_FROM = datetime(2018, 2, 15, tzinfo=UTC)
ORGANIC_ABOVE = 0.05
LONGEST_BUFFER = 4
HIGHEST_STEPS = 3
FEW_STEPS = 12


def series_score(step_scores: np.ndarray) -> float:
    """Mean of the three highest steps; NaN where the detector cannot say."""
    known = np.sort(step_scores[np.isfinite(step_scores)])
    if not known.size:
        return float("nan")
    return float(known[-(HIGHEST_STEPS if len(step_scores) >= FEW_STEPS else 1) :].mean())


def threshold_on(detector: Detector, organic: Sequence[LabelledSeries]) -> float | None:
    """What 5 % of the organic series exceed of which the detector can say something."""
    scores = np.array([series_score(one) for one in score_all(detector, organic)[0]])
    known = scores[~np.isnan(scores)]
    return float(np.quantile(known, 1.0 - ORGANIC_ABOVE)) if known.size else None


def score_all(
    detector: Detector, examples: Sequence[LabelledSeries]
) -> tuple[list[np.ndarray], float]:
    """The step scores of every series, and milliseconds per series from a cold start."""
    for example in examples:
        example.series._cache.clear()
    started = time.perf_counter()
    scores = [detector.score(example.series) for example in examples]
    return scores, 1_000.0 * (time.perf_counter() - started) / max(len(examples), 1)


def judge(
    detector: Detector, organic: Sequence[LabelledSeries], test: Sequence[LabelledSeries]
) -> dict[str, Any]:
    """Figures of one detector: threshold from `organic`, everything else from `test`."""
    threshold = threshold_on(detector, organic)
    steps, milliseconds = score_all(detector, test)
    scores = np.array([series_score(one) for one in steps])
    cannot_say = float(np.isnan(scores).mean())
    # Unknown ranks below everything, alike in series and steps, and is never flagged.
    scores = np.where(np.isnan(scores), -1.0, scores)
    steps = [np.where(np.isnan(one), -1.0, one) for one in steps]
    fake = np.array([example.is_fake for example in test])
    flagged = scores > (np.inf if threshold is None else threshold)
    patterns = np.array([example.attack for example in test])
    labels = [example.fake_steps for example in test]
    vus = mean_vus_pr(labels, steps, longest_buffer=LONGEST_BUFFER)
    by_pattern = {
        pattern: round(
            float(roc_auc_score(fake[chosen], scores[chosen])),
            3,
        )
        for pattern in PATTERNS
        if (chosen := ~fake | (patterns == pattern)).sum() > (~fake).sum()
    }
    return {
        "auc": round(float(roc_auc_score(fake, scores)), 3),
        "vus_pr": None if vus is None else round(vus, 3),
        "recall": round(float(flagged[fake].mean()), 3),
        "false_alarms": round(float(flagged[~fake].mean()), 3),
        "cannot_say": round(cannot_say, 3),
        "threshold": None if threshold is None else round(threshold, 2),
        "auc_by_pattern": by_pattern,
        "milliseconds_per_series": round(milliseconds, 2),
    }


def chance_vus_pr(test: Sequence[LabelledSeries], seed: int) -> float | None:
    """VUS-PR of random scores on the same series: what a figure has to beat."""
    generator = np.random.default_rng(seed)
    labels = [example.fake_steps for example in test]
    scores = [generator.random(len(one)) for one in labels]
    vus = mean_vus_pr(labels, scores, longest_buffer=LONGEST_BUFFER)
    return None if vus is None else round(vus, 3)


def false_alarms(
    detector: Detector, earlier: Sequence[LabelledSeries], later: Sequence[LabelledSeries]
) -> float:
    """Share of the later real series above the threshold that the earlier ones set."""
    threshold = threshold_on(detector, earlier)
    scores = np.array([series_score(one) for one in score_all(detector, later)[0]])
    return round(float((scores > (np.inf if threshold is None else threshold)).mean()), 3)


def trained_detectors(directory: Path | None) -> list[Detector]:
    """Those of an artefact; none where it has none."""
    if directory is None:
        active = json.loads((ARTIFACTS / "active.json").read_text())["engagement"]["active"]
        directory = ARTIFACTS / "engagement" / active
    artifact = load_artifact(directory.parent.parent, "engagement", directory.name)
    return list(deep.shipped(artifact.contents).values())


def compare(
    simulated: int, real: int, seed: int, trained: Sequence[Detector] = ()
) -> dict[str, Any]:
    organic = simulate(simulated, random_state=seed, settings=SimulatorSettings(fake_share=0.0))
    test = simulate(
        simulated, random_state=seed + 1, settings=SimulatorSettings(attacks=UNSEEN_ATTACKS)
    )
    detectors = [*(cheap_detector(name) for name in DETECTOR_MODULES), *trained]
    for detector in trained:
        detector.score(organic[0].series)  # loads torch, which is not what is timed
    report: dict[str, Any] = {
        "simulated": {
            "organic_series": len(organic),
            "test_series": len(test),
            "fake_share": round(float(np.mean([example.is_fake for example in test])), 3),
            "chance_vus_pr": chance_vus_pr(test, seed),
            "detectors": {d.name: judge(d, organic, test) for d in detectors},
        }
    }
    print_table("simulated, attacks unlike those of training", report["simulated"])
    if not SHARED.exists():
        return report
    everything = real_organic(SHARED)
    earlier = [e for e in everything if e.series.time_of(0) < HELD_OUT_FROM]
    later = [e for e in everything if e.series.time_of(0) >= HELD_OUT_FROM]
    unlearned = [e for e in earlier if e.series.time_of(0) >= LEARNED_UNTIL]
    generator = np.random.default_rng(seed)
    earlier = [earlier[i] for i in generator.permutation(len(earlier))[:real]]
    later = [later[i] for i in generator.permutation(len(later))[:real]]
    injected = inject(later, random_state=seed)
    organic_of = {d.name: unlearned if d in trained else earlier for d in detectors}
    report["injected"] = {
        "source": SHARED.name,
        "organic_series": len(earlier),
        "organic_series_of_trained": len(unlearned),
        "test_series": len(injected),
        "fake_share": round(float(np.mean([example.is_fake for example in injected])), 3),
        "chance_vus_pr": chance_vus_pr(injected, seed),
        "detectors": {d.name: judge(d, organic_of[d.name], injected) for d in detectors},
    }
    print_table("attacks planted in real daily series", report["injected"])
    report["real"] = {
        "test_series": len(later),
        "false_alarms": {d.name: false_alarms(d, organic_of[d.name], later) for d in detectors},
    }
    print("\nfalse alarms on real series as they are")
    for name, share in report["real"]["false_alarms"].items():
        print(f"{name:20s} {share:6.3f}")
    return report


def print_table(title: str, part: dict[str, Any]) -> None:
    columns = ("auc", "vus_pr", "recall", "false_alarms", "cannot_say", "milliseconds_per_series")
    print(
        f"\n{title}: {part['test_series']} series, {part['fake_share']:.0%} fake, "
        f"VUS-PR of chance {part['chance_vus_pr']}"
    )
    print(f"{'':20s} " + " ".join(f"{column.split('_per')[0]:>12s}" for column in columns))
    for name, figures in part["detectors"].items():
        print(f"{name:20s} " + " ".join(f"{figures[column]!s:>12s}" for column in columns))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulated", type=int, default=400)
    parser.add_argument("--real", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--artifact", type=Path, help="directory of a version of the model")
    options = parser.parse_args()
    trained = trained_detectors(options.artifact)
    report = compare(options.simulated, options.real, options.seed, trained)
    print(json.dumps({"benchmark": "detectors", "seed": options.seed, **report}))


if __name__ == "__main__":
    main()
