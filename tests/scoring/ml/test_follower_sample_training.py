"""Training the follower sample on made-up collections, and what the shipped one was measured at."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from scoring.ml import artifacts, follower_sample_training
from scoring.ml.follower_sample import BINS, RICHNESS, FollowerSampleModel
from scoring.ml.follower_sample_training import TASK, train
from scoring.ml.tables import TableError

SHIPPED = Path(__file__).parents[3] / "scoring" / "artifacts"


def write_collections(path: Path, sources: list[str], rows: int = 240) -> Path:
    """Collections in which fakes follow many and show no picture, each with noise of its own."""
    generator = np.random.default_rng(4)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            "source followers following posts bio_length has_picture has_link username_length "
            "username_digit_ratio is_private is_fake".split()
        )
        for place, source in enumerate(sources):
            for row in range(rows):
                fake = row % 2
                noise = generator.lognormal(0, 0.8 + 0.1 * place)
                writer.writerow(
                    [
                        source, round((60 if fake else 500) * noise) + row,
                        round((2500 if fake else 400) * generator.lognormal(0, 0.7)),
                        generator.poisson(3 if fake else 90), generator.poisson(5 if fake else 60),
                        int(generator.random() > (0.5 if fake else 0.05)),
                        int(generator.random() > (0.9 if fake else 0.6)),
                        generator.poisson(11), round(generator.beta(2 + 3 * fake, 8), 2),
                        int(generator.random() > 0.6), fake,
                    ]
                )  # fmt: skip
    return path


def test_training_keeps_densities_and_measures_collections_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_sample_training, "REPEATS", 4)
    file = write_collections(tmp_path / "a.csv", ["one", "two", "three"])
    directory = tmp_path / "followers" / "v1"
    train([file], directory, random_state=3, trained_at=datetime(2026, 1, 1, tzinfo=UTC))
    artifact = artifacts.load_artifact(tmp_path, "followers", "v1")
    counts = artifact.arrays("densities.npz")
    assert counts["fake"].shape == counts["genuine"].shape == (3, RICHNESS, BINS)
    assert artifact.metadata["metrics"]["error_200"] < 0.2
    assert set(artifact.metadata["metrics"]) == set(TASK.metric_names)
    model = FollowerSampleModel.from_artifact(artifact)
    all_fake = np.round(counts["fake"].mean(axis=0)).astype(int)
    assert (model.estimate(all_fake, sampled=200).share or 0) > 0.8


def test_training_needs_three_collections_with_both_classes(tmp_path: Path) -> None:
    file = write_collections(tmp_path / "a.csv", ["one", "two"], rows=40)
    with pytest.raises(TableError, match="three collections"):
        train([file], tmp_path / "v1", random_state=3, trained_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_evaluating_a_file_of_one_collection_measures_nothing(tmp_path: Path) -> None:
    model = FollowerSampleModel.from_artifact(artifacts.load_artifact(SHIPPED, "followers", "v1"))
    file = write_collections(tmp_path / "a.csv", ["one"], rows=40)
    answer = TASK.evaluate(model, file)
    assert (answer.rows, set(answer.metrics.values())) == (40, {None})


def test_the_shipped_intervals_cover_more_than_the_naive_ones() -> None:
    metadata = artifacts.read_metadata(SHIPPED, "followers", "v1")
    for size in (50, 200, 1000):
        name = f"coverage_{size}"
        assert metadata["metrics"][name] > metadata["extra"]["naive"][name] + 0.2
