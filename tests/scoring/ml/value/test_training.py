"""Fitting on files, judging on later posts, and the comparison with a published ranking."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from scoring.ml import artifacts
from scoring.ml.tables import TableError
from scoring.ml.value import training
from scoring.ml.value.training import TASK
from scoring.ml.value.valuing import ValueModel
from tests.scoring.ml.value.made import MODEL

RANKING = """username,market_influence_score,followers,account_avg_likes,engagement_rate_60d
{rows}
"""


def write_posts(path: Path, *, creators: int = 60, posts: int = 10) -> Path:
    rng = np.random.default_rng(3)
    lines = ["platform,creator_id,video_id,caption,published_at,likes,comments,shares,"
             "creator_followers"]  # fmt: skip
    for creator in range(creators):
        followers = 10 ** rng.uniform(4, 6)
        level = 1.5 + 0.5 * np.log(followers) + 0.6 * rng.normal()
        for post in range(posts):
            likes = round(np.exp(level + 0.4 * rng.normal()))
            day = f"2026-{1 + post // 5:02d}-{1 + 5 * (post % 5):02d} 10:00:00"
            lines.append(f"douyin,c{creator},v{creator}-{post},text {post},{day},{likes},0,0,"
                         f"{followers:.0f}")  # fmt: skip
    path.write_text("\n".join(lines))
    return path


def test_training_writes_an_artefact_that_values_and_is_judged_on_later_posts(tmp_path: Path):
    posts = write_posts(tmp_path / "posts.csv")
    now = datetime(2026, 3, 1, tzinfo=UTC)
    metadata = TASK.train([posts], tmp_path / "value" / "v1", random_state=1, trained_at=now)
    assert metadata["metrics"]["mae_log"] < 0.4
    assert metadata["metrics"]["mae_log"] < metadata["metrics"]["mae_log_followers"]
    assert 0.8 <= metadata["metrics"]["coverage_post"] <= 0.98
    model = TASK.load(artifacts.load_artifact(tmp_path, "value", "v1"))
    assert isinstance(model, ValueModel)
    assert set(model.coefficients.priors) == {"douyin", "other"}
    evaluation = TASK.evaluate(model, posts)
    assert evaluation.rows == 600
    assert evaluation.metrics["later_posts"] == 180


def test_a_published_ranking_is_compared_with_and_differences_are_explained(tmp_path: Path):
    file = tmp_path / "ranking.csv"
    rows = [f"a{n},{90 - n},{1e6 * (n + 1)},{2e4 * (n + 1)},0.02" for n in range(30)]
    file.write_text(RANKING.format(rows="\n".join([*rows, "unknown,50,,,"])))
    evaluation = TASK.evaluate(MODEL, file)
    assert evaluation.rows == 31
    assert evaluation.metrics["rank_correlation"] == pytest.approx(-1.0, abs=0.01)
    assert evaluation.metrics["rank_correlation_followers"] == pytest.approx(-1.0)
    assert TASK.answers is not None
    answers = list(TASK.answers(MODEL, file))
    assert "-29 places" in answers[0].reasons[0]
    assert "engagement for that size" in answers[0].reasons[1]
    assert answers[-1].abstained


@pytest.mark.parametrize(
    "text", ["market_influence_score,followers\n", "a,b\n1,2\n", "", "bio,platform\nx,y\n"]
)
def test_what_is_no_ranking_and_no_posts_is_refused(tmp_path: Path, text: str):
    file = tmp_path / "odd.csv"
    file.write_text(text)
    with pytest.raises(TableError):
        TASK.evaluate(MODEL, file)
    with pytest.raises(TableError):
        training.train([file], tmp_path / "v1", random_state=0, trained_at=datetime.now(UTC))


@pytest.mark.parametrize(
    "text",
    [
        "username,followers,account_avg_likes\na,1000,50\nb,2000,40\nc,3000,90\n",
        "creator_id,caption,published_at,creator_followers\na,hi,2025-01-01,1000\n",
    ],
)
def test_a_file_without_anything_to_judge_by_has_unknown_figures(tmp_path: Path, text: str):
    file = tmp_path / "unlabelled.csv"
    file.write_text(text)
    found = TASK.evaluate(MODEL, file)
    assert found.rows == len(text.splitlines()) - 1
    assert set(found.metrics.values()) == {None}
    assert TASK.answers is not None
    with pytest.raises(TableError, match=r"market_influence_score|followers"):
        TASK.answers(MODEL, file)


def shipped(version: str) -> ValueModel:
    root = Path(__file__).resolve().parents[4] / "scoring" / "artifacts"
    return ValueModel.from_artifact(artifacts.load_artifact(root, "value", version))


@pytest.mark.parametrize("name", ["posts_instagram.csv.gz", "videos_tiktok.csv.gz"])
def test_shipped_lines_serve_creators_of_another_kind(shared_data: Path, name: str):
    """The lines are of a catalogue of ordinary creators; these posts are of others."""
    metrics = TASK.evaluate(shipped("v2"), shared_data / name).metrics
    assert metrics["mae_log"] < metrics["mae_log_past_median"]
    assert metrics["mae_log_few"] < metrics["mae_log_past_median_few"] + 0.005
    assert metrics["coverage_post"] > 0.88
    before = TASK.evaluate(shipped("v1"), shared_data / name).metrics
    assert metrics["mae_log"] < before["mae_log"] - 0.15


def test_the_shipped_figures_are_those_of_the_real_ranking(shared_data: Path):
    file = shared_data / "market_ranking_instagram.csv"
    metrics = TASK.evaluate(shipped("v2"), file).metrics
    assert metrics["rank_correlation"] == pytest.approx(0.106, abs=0.005)
    first = TASK.evaluate(shipped("v1"), file).metrics
    assert first["rank_correlation"] == pytest.approx(0.170, abs=0.005)
    assert metrics["rank_correlation_followers"] == pytest.approx(0.573, abs=0.005)
