from pathlib import Path

import numpy as np
import pytest

from scoring.ml.engagement import fitting
from scoring.ml.engagement.calibrating import FALSE_ALARMS, Scored, calibrate
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.ensemble import SeriesView
from scoring.ml.engagement.examples import attacked_copies, cut_short
from scoring.ml.engagement.fitting import Example, fit_ensemble, view_examples
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.simulation import simulate
from scoring.ml.engagement.training import TASK
from scoring.ml.tables import TableError
from tests.scoring.ml.engagement.small_model import (
    BRIEF,
    DAILY,
    TRAINED_AT,
    hourly,
    trained_artifact,
    write_series,
)


def test_metadata_keeps_the_kinds_of_measurement_apart():
    metadata = trained_artifact().metadata
    slices = metadata["metrics_by_slice"]
    assert {"injected_real", "real_organic", "simulated_heldout"} <= set(slices)
    assert {f"leave_one_attack_out/{pattern}" for pattern in PATTERNS} <= set(slices)
    assert {"unseen_attacks/injected_real", "unseen_attacks/simulated"} <= set(slices)
    assert slices["real_organic"]["auc"] is None
    assert metadata["metrics"]["false_alarm_rate"] == slices["real_organic"]["false_alarm_rate"]
    assert tuple(metadata["metrics"]) == TASK.metric_names
    assert metadata["holdout"]["metric"] == "auc"


def test_the_same_random_state_gives_the_same_model(monkeypatch):
    monkeypatch.setattr(fitting, "STEP_ROUNDS", 5)
    monkeypatch.setattr(fitting, "SERIES_ROUNDS", 5)
    examples = view_examples(simulate(16, random_state=4, settings=BRIEF), "simulated")
    first, second = (fit_ensemble(examples, random_state=3) for _ in range(2))
    for name in ("step_booster", "series_booster"):
        assert getattr(first, name).model_to_string() == getattr(second, name).model_to_string()


def test_the_artefact_holds_nothing_that_can_run():
    suffixes = {Path(name).suffix for name in trained_artifact().contents}
    assert suffixes == {".txt", ".json", ".safetensors"}


def test_it_beats_guessing_on_attacks_in_series_it_has_not_seen():
    assert trained_artifact().metadata["metrics_by_slice"]["simulated_heldout"]["auc"] > 0.6


def test_too_few_series_are_refused(tmp_path):
    file = write_series(tmp_path / "few.csv", simulate(10, random_state=1, settings=DAILY))
    with pytest.raises(TableError, match="training needs 30"):
        TASK.train([file], tmp_path / "v1", random_state=1, trained_at=TRAINED_AT)


def test_copies_of_a_series_carry_different_patterns():
    organic = simulate(3, random_state=2, settings=DAILY)
    organic = [one for one in organic if len(one.series) >= 4]
    copies = attacked_copies(organic, 3, random_state=1)
    assert len(copies) == 3 * len(organic)
    for start in range(0, len(copies), 3):
        assert len({copy.attack.split(":")[0] for copy in copies[start : start + 3]}) == 3


def test_short_cuts_of_fake_series_keep_a_fake_step():
    fake = attacked_copies(
        [one for one in simulate(30, random_state=2, settings=DAILY) if len(one.series) > 4],
        1,
        random_state=1,
    )
    cuts = cut_short(fake, random_state=1)
    assert len(cuts) == len(fake)
    assert {len(cut.series) for cut in cuts} == {3, 4}
    assert all(cut.is_fake and len(cut.fake_steps) == len(cut.series) - 1 for cut in cuts)


def scored(organic: np.ndarray, fake: np.ndarray) -> Scored:
    series = hourly(10)
    examples, steps = [], []
    for _score, is_fake in [*((s, False) for s in organic), *((s, True) for s in fake)]:
        steps_fake = np.zeros(9, dtype=bool)
        steps_fake[4] = is_fake
        labelled = LabelledSeries(series, steps_fake)
        examples.append(Example(labelled, SeriesView(series, {}, {}), "real"))
        steps.append(np.where(steps_fake, 3.0, -3.0))
    return Scored(examples, np.concatenate([organic, fake]), steps)


def test_the_threshold_keeps_false_alarms_among_organic_series_rare():
    rng = np.random.default_rng(0)
    organic, fake = rng.normal(0.0, 1.0, 1000), rng.normal(3.0, 1.0, 1000)
    calibration = calibrate(scored(organic, fake))["subdaily"]
    flagged = [calibration.probability(raw) >= calibration.flagged_from for raw in organic]
    assert 0.02 < np.mean(flagged) <= FALSE_ALARMS
    assert calibration.low_below <= calibration.flagged_from


def test_probabilities_mean_what_they_say():
    rng = np.random.default_rng(0)
    organic, fake = rng.normal(0.0, 1.0, 1500), rng.normal(2.0, 1.0, 1500)
    calibration = calibrate(scored(organic, fake))["subdaily"]
    # for two normals two apart the log-odds are 2 x - 2
    assert calibration.slope == pytest.approx(2.0, rel=0.1)
    assert calibration.intercept == pytest.approx(-2.0, rel=0.1)


def test_scores_of_one_label_alone_are_not_calibrated():
    alike = scored(np.array([0.1, 0.2]), np.array([]))
    assert not alike.is_telling
    with pytest.raises(ValueError, match="fake and organic"):
        calibrate(alike)


def test_a_score_that_says_nothing_never_counts_backwards():
    rng = np.random.default_rng(0)
    calibration = calibrate(scored(rng.normal(1.0, 1.0, 200), rng.normal(0.0, 1.0, 200)))
    assert calibration["subdaily"].slope > 0
