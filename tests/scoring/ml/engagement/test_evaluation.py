from dataclasses import replace

import numpy as np
import pytest

from scoring.ml.engagement.evaluation import Judged, answers, evaluate, figures_of, judge
from scoring.ml.engagement.simulation import simulate
from scoring.ml.engagement.training import TASK
from tests.scoring.ml.engagement.small_model import (
    BRIEF,
    hourly,
    shipped_model,
    small_model,
    write_series,
)


@pytest.fixture(scope="module")
def examples():
    return simulate(24, random_state=11, settings=BRIEF)


def test_a_labelled_file_supports_every_metric(tmp_path, examples):
    file = write_series(tmp_path / "labelled.csv", examples)
    result = evaluate(small_model(), file)
    assert result.rows == sum(len(example.series) for example in examples)
    assert set(TASK.metric_names) <= set(result.metrics)
    assert result.metrics["auc"] is not None
    assert result.metrics["vus_pr"] is not None
    assert "flagged" not in result.metrics


def test_a_file_agrees_with_the_series_it_was_written_from(tmp_path, examples):
    file = write_series(tmp_path / "labelled.csv", examples)
    from_memory = figures_of(judge(small_model(), examples))
    from_file = evaluate(small_model(), file).metrics
    assert from_file["auc"] == pytest.approx(from_memory["auc"])
    assert from_file["vus_pr"] == pytest.approx(from_memory["vus_pr"])


def test_an_organic_file_supports_the_false_alarm_rate_alone(tmp_path, examples):
    organic = [example for example in examples if not example.is_fake]
    file = write_series(tmp_path / "organic.csv", organic)
    metrics = evaluate(small_model(), file).metrics
    assert metrics["false_alarm_rate"] is not None
    assert [metrics[name] for name in ("auc", "precision", "recall", "f1", "fpr", "vus_pr")] == [
        None
    ] * 6


def test_a_file_without_labels_supports_the_share_flagged(tmp_path, examples):
    file = write_series(tmp_path / "plain.csv", examples, labels=False)
    metrics = evaluate(small_model(), file).metrics
    assert metrics["false_alarm_rate"] is None
    assert 0.0 <= metrics["flagged"] <= 1.0


def test_refused_series_count_as_abstained(tmp_path, examples):
    file = write_series(tmp_path / "mixed.csv", examples[:3])
    with file.open("a", encoding="utf-8") as stream:
        stream.write("broken,2026-01-01,-5,1,1,1,0\nbroken,2026-01-02,7,2,1,1,0\n")
    judged = judge(small_model(), examples[:3])
    abstained = sum(one.assessment.abstained for one in judged)
    assert evaluate(small_model(), file).metrics["abstained"] == pytest.approx((abstained + 1) / 4)
    refused = list(answers(small_model(), file))[-1]
    assert (refused.id, refused.abstained, refused.score) == ("broken", True, None)
    assert "below zero" in refused.reasons[0]


def test_answers_name_windows_in_utc(tmp_path):
    series = hourly(240, likes_at=150, likes=20_000.0)
    [example] = simulate(1, random_state=1)
    own = replace(example, series=series, fake_steps=np.zeros(239, dtype=bool))
    file = write_series(tmp_path / "one.csv", [own], labels=False)
    [answer] = answers(shipped_model(), file)
    assert answer.level == "high"
    assert answer.reasons
    window = answer.windows[0]
    assert set(window) == {"starts_at", "ends_at", "metrics", "pattern", "sentence"}
    assert window["starts_at"].endswith("+00:00")


def test_figures_at_the_threshold_are_counted_by_hand():
    base = judge(small_model(), [one for one in simulate(4, random_state=2) if not one.is_fake])[0]

    def one(is_fake: bool, flagged: bool, probability: float) -> Judged:
        assessment = replace(base.assessment, flagged=flagged, probability=probability)
        return replace(base, assessment=assessment, is_fake=is_fake, fake_steps=None)

    figures = figures_of(
        [
            one(True, True, 0.9),
            one(True, False, 0.6),
            one(False, True, 0.95),
            one(False, False, 0.1),
            one(False, False, 0.2),
        ]
    )
    assert figures["precision"] == 0.5
    assert figures["recall"] == 0.5
    assert figures["f1"] == 0.5
    assert figures["fpr"] == pytest.approx(1 / 3)
    assert figures["auc"] == pytest.approx(4 / 6)
