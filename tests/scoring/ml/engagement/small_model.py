"""A file of simulated daily series and a model trained on it with few rounds, made once."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np

from scoring.ml import artifacts
from scoring.ml.engagement import examples, fitting, measuring
from scoring.ml.engagement.deep import fitting as deep_fitting
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.model import EngagementModel
from scoring.ml.engagement.series import METRICS, EngagementSeries
from scoring.ml.engagement.simulation import SimulatorSettings, simulate
from scoring.ml.engagement.training import TASK

SHIPPED = Path(__file__).resolve().parents[4] / "scoring" / "artifacts"
TRAINED_AT = datetime(2026, 1, 5, tzinfo=UTC)
DAILY = SimulatorSettings(fake_share=0.0, daily_share=1.0, missing_share=0.0, daily_points=(4, 14))
BRIEF = SimulatorSettings(hourly_points=(24, 60), daily_points=(4, 14))


def write_series(path: Path, labelled: Sequence[LabelledSeries], *, labels: bool = True) -> Path:
    """One row per observation; a row's label is about the step that ends there."""
    names = ["video_id", "observed_at", *METRICS, *(["is_fake"] if labels else [])]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for example in labelled:
            series = example.series
            fake = np.concatenate([[False], example.fake_steps]).astype(int)
            for i in range(len(series)):
                counts = [series.counts[m][i] for m in METRICS]
                cells = ["" if np.isnan(count) else int(count) for count in counts]
                row = [series.series_id, series.time_of(i).isoformat(), *cells]
                writer.writerow([*row, int(fake[i])] if labels else row)
    return path


@cache
def training_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="engagement-"))
    return write_series(folder / "series.csv", simulate(48, random_state=3, settings=DAILY))


@cache
def trained_artifact() -> artifacts.Artifact:
    """The artefact of a training made small: few rounds, few folds, brief posts."""
    root = training_file().parent / "artifacts"
    with (
        patch.object(fitting, "STEP_ROUNDS", 15),
        patch.object(fitting, "SERIES_ROUNDS", 15),
        patch.object(fitting, "FOLDS", 2),
        patch.object(deep_fitting, "EPOCHS", 1),
        patch.object(examples, "TRAINING_POSTS", BRIEF),
        patch.object(measuring, "LEFT_OUT_EXAMPLES", 40),
    ):
        TASK.train(
            [training_file()], root / TASK.name / "v1", random_state=7, trained_at=TRAINED_AT
        )
    return artifacts.load_artifact(root, TASK.name, "v1")


@cache
def small_model() -> EngagementModel:
    return EngagementModel.from_artifact(trained_artifact())


@cache
def shipped_model() -> EngagementModel:
    """The active version that comes with Fairground."""
    version = json.loads((SHIPPED / "active.json").read_text())[TASK.name]["active"]
    return EngagementModel.from_artifact(artifacts.load_artifact(SHIPPED, TASK.name, version))


def hourly(
    points: int = 240, *, likes_at: int | None = None, likes: float = 0.0, seed: int = 0
) -> EngagementSeries:
    """A fading post with a daily rhythm, and `likes` extra ones in the step `likes_at`."""
    rng = np.random.default_rng(seed)
    hour = np.arange(points - 1)
    rate = 4000 / np.sqrt(hour + 3.0) * (1 + 0.4 * np.sin(hour / 24 * 2 * np.pi))
    views = rng.poisson(rate).astype(float)
    gained = {
        "views": views,
        "likes": rng.poisson(0.04 * views).astype(float),
        "comments": rng.poisson(0.004 * views).astype(float),
        "shares": rng.poisson(0.003 * views).astype(float),
    }
    if likes_at is not None:
        gained["likes"][likes_at] += likes
    start = 480_000.0
    return EngagementSeries(
        series_id=f"hourly-{seed}",
        hours=start + np.arange(points, dtype=float),
        counts={m: np.concatenate([[50.0], 50.0 + np.cumsum(g)]) for m, g in gained.items()},
    )
