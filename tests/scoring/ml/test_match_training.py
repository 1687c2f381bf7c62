import csv
import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from scoring.ml import metrics
from scoring.ml.artifacts import load_artifact
from scoring.ml.match_training import (
    STATED_WEIGHTS,
    TASK,
    evaluate_match,
    load_match,
    measure,
    peer_percentiles,
    train_match,
)
from scoring.ml.tables import TableError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = {
    "yoga": "yoga asana breathing mat meditation",
    "guitar": "guitar strings songs music chords",
    "bakers": "sourdough bread cake flour baking",
    "runners": "marathon running trail shoes miles",
    "gardening": "garden flowers seeds compost plants",
    "gaming": "video games console esports stream",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety creators whose bios use the words of the niche they declare."""
    chance = random.Random(3)
    path = tmp_path_factory.mktemp("match") / "creators.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow("creator_id platform bio hashtags followers engagement_rate niches".split())
        for n in range(90):
            niche = sorted(WORDS)[n % len(WORDS)]
            bio = " ".join(chance.sample(WORDS[niche].split(), 3)) + f" number {n}"
            row = [f"c{n}", "instagram", bio, "", 1_000 + n, chance.random() / 10, niche]
            writer.writerow(row)
    return path


def test_stated_weights_sum_to_one() -> None:
    assert sum(STATED_WEIGHTS.values()) == pytest.approx(1.0)


def test_training_writes_a_model_that_beats_chance(file: Path, tmp_path: Path) -> None:
    metadata = train_match([file], tmp_path / "match" / "v1", random_state=1, trained_at=NOW)
    chance = metadata["metrics_by_slice"]["random order"]
    assert metadata["metrics"]["ndcg_at_10"] > 0.8 > chance["ndcg_at_10"]
    assert metadata["metrics"]["rmse"] is None
    model = load_match(load_artifact(tmp_path, "match", "v1"))
    assert 0 < model.topic_floor < model.topic_ceiling < 1
    evaluation = evaluate_match(model, file)
    assert evaluation.rows == 90
    assert set(evaluation.metrics) == set(TASK.metric_names)


def test_the_same_seed_gives_the_same_settings(file: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        train_match([file], tmp_path / name / "match" / "v1", random_state=4, trained_at=NOW)
    written = [(tmp_path / n / "match" / "v1" / "settings.json").read_bytes() for n in "ab"]
    assert written[0] == written[1]


def test_too_few_niches_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("creator_id,bio,niches\nc1,yoga every day,yoga\n", encoding="utf-8")
    with pytest.raises(TableError, match="at least 4 are needed"):
        train_match([path], tmp_path / "match" / "v1", random_state=1, trained_at=NOW)


def test_a_file_without_niches_has_no_figures() -> None:
    assert set(measure(np.zeros((0, 0)), np.zeros((0, 0), bool)).values()) == {None}


def test_peer_percentiles_rank_within_platform_and_size() -> None:
    share = peer_percentiles(
        ["a", "a", "a", "b", "a"],
        np.array([1_000.0, 1_100.0, 1_200.0, 1_000.0, 900_000.0]),
        np.array([0.1, 0.2, 0.2, 0.5, np.nan]),
    )
    np.testing.assert_allclose(share, [0.0, 0.5, 0.5, 0.0, np.nan])


def test_ndcg_and_recall_on_known_answers() -> None:
    scores, relevant = np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, False, True, False])
    assert metrics.ndcg_at(2, scores, relevant) == pytest.approx(1 / (1 + 1 / np.log2(3)))
    assert metrics.ndcg_at(10, scores, relevant) == pytest.approx(1.5 / (1 + 1 / np.log2(3)))
    assert metrics.recall_at(1, scores, relevant) == 0.5
    assert metrics.recall_at(3, scores, relevant) == 1.0
    assert metrics.ndcg_at(3, scores, np.zeros(4, bool)) == 0.0
