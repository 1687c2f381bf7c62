"""What every deep detector keeps to, and that it learns."""

import subprocess
import sys
from functools import cache

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from scoring.ml.engagement import deep
from scoring.ml.engagement.deep.batch import batch_of
from scoring.ml.engagement.deep.inputs import CHANNELS, step_channels
from scoring.ml.engagement.deep.units import OrganicUnits
from scoring.ml.engagement.deep.windows import (
    LONGEST,
    STEPS_PER_BATCH,
    batches_by_length,
    windows_over,
)
from scoring.ml.engagement.detecting import LabelledSeries
from scoring.ml.engagement.series import METRICS, EngagementSeries
from tests.scoring.ml.engagement.small_model import hourly, small_model, trained_artifact

FIRST_HOUR = 420_000.0


def series_of(views, *, step=1.0, name="s", **others):
    """A series from what each step added; unnamed metrics are unknown."""
    added = {"views": views, **others}
    hours = FIRST_HOUR + step * np.arange(len(views) + 1)
    counts = {
        metric: (
            np.concatenate([[0.0], np.cumsum(np.asarray(added[metric], dtype=float))])
            if metric in added
            else np.full(len(hours), np.nan)
        )
        for metric in METRICS
    }
    return EngagementSeries(series_id=name, hours=hours, counts=counts)


def post(number, *, burst=False, steps=None, step=1.0):
    """An ordinary post, with likes bought for three steps if `burst`; for these tests alone."""
    rng = np.random.default_rng(number)
    steps = int(rng.integers(20, 60)) if steps is None else steps
    views = rng.poisson(3_000 / np.sqrt(np.arange(steps) + 2.0))
    likes = rng.poisson(0.05 * views)
    fake = np.zeros(steps, dtype=bool)
    if burst:
        at = int(rng.integers(4, steps - 4))
        fake[at : at + 3] = True
        likes[fake] += 400
    return LabelledSeries(series_of(views, likes=likes, step=step, name=f"post-{number}"), fake)


@cache
def trained(name):
    examples = [post(i, burst=i % 2 == 1, step=24.0 if i % 4 > 1 else 1.0) for i in range(160)]
    return deep.untrained(name).fit(examples, random_state=5)


@pytest.fixture(params=deep.DEEP_MODULES)
def detector(request):
    return trained(request.param)


class TestEveryDetector:
    def test_finds_planted_bursts_in_posts_it_has_not_seen(self, detector):
        held_out = [post(1_000 + i, burst=i % 2 == 1) for i in range(40)]
        scores = [detector.score(one.series) for one in held_out]
        steps = roc_auc_score(
            np.concatenate([one.fake_steps for one in held_out]), np.concatenate(scores)
        )
        posts = roc_auc_score([one.is_fake for one in held_out], [own.max() for own in scores])
        assert steps > 0.9
        assert posts > 0.9

    def test_scores_are_in_units_of_organic_steps(self, detector):
        organic = np.concatenate([detector.score(post(2_000 + i).series) for i in range(60)])
        assert 0.0 <= np.median(organic) < 1.0
        assert 0.001 < np.mean(organic > 2.33) < 0.05

    @pytest.mark.parametrize("steps", [2, 3, 7, LONGEST, LONGEST + 1, 719])
    @pytest.mark.parametrize("step", [0.1, 1.0, 24.0, 720.0])
    def test_gives_every_step_a_finite_score_of_at_least_zero(self, detector, steps, step):
        scores = detector.score(post(3, steps=steps, step=step).series)
        assert scores.shape == (steps,)
        assert np.isfinite(scores).all()
        assert (scores >= 0).all()

    def test_says_nothing_about_one_point_two_points_or_a_post_that_never_grew(self, detector):
        assert detector.score(series_of([])).shape == (0,)
        assert np.isnan(detector.score(series_of([1_000], likes=[3]))).tolist() == [True]
        zeros = [0] * 400
        assert np.isnan(detector.score(series_of(zeros, likes=zeros))).all()

    def test_judges_the_known_steps_around_missing_counts(self, detector):
        series = post(4, steps=200).series
        for metric in ("views", "likes"):
            series.counts[metric][100:140] = np.nan
        scores = detector.score(series)
        assert np.isnan(scores[99:140]).all()
        assert np.isfinite(np.delete(scores, np.arange(99, 140))).all()

    def test_takes_huge_counts(self, detector):
        assert np.isfinite(detector.score(series_of([1e11] * 40, likes=[1e10] * 40))).all()

    def test_gives_the_same_scores_again_and_leaves_the_series_alone(self, detector):
        series = post(6, burst=True).series
        before = {metric: values.copy() for metric, values in series.counts.items()}
        first = detector.score(series)
        detector.score(post(7, steps=300).series)
        np.testing.assert_array_equal(first, detector.score(post(6, burst=True).series))
        for metric, values in before.items():
            np.testing.assert_array_equal(series.counts[metric], values)

    def test_padding_is_never_seen(self, detector):
        channels = [step_channels(post(i, steps=n).series) for i, n in enumerate((2, 9, 50, 200))]
        with torch.inference_mode():
            together = detector.network_(batch_of(channels)).numpy()
            for own, scores in zip(channels, together, strict=True):
                alone = detector.network_(batch_of([own])).numpy()[0]
                np.testing.assert_allclose(scores[: len(own)], alone, atol=2e-5)

    def test_returns_from_its_file_as_it_was(self, detector):
        files = detector.to_files()
        assert set(files) == {deep.file_of(detector.name)}
        assert sum(map(len, files.values())) < 200_000
        again = deep.restored(detector.name, files)
        series = post(8, burst=True).series
        np.testing.assert_array_equal(again.score(series), detector.score(series))
        assert again.to_files() == files

    def test_scores_two_years_of_hours(self, detector):
        rng = np.random.default_rng(1)
        views = rng.poisson(1e6 / np.sqrt(np.arange(17_520) + 2.0))
        scores = detector.score(series_of(views, likes=rng.poisson(0.05 * views)))
        assert scores.shape == (17_520,)
        assert np.isfinite(scores).all()

    def test_needs_series_to_learn_from(self, detector):
        with pytest.raises(ValueError, match="more series"):
            deep.untrained(detector.name).fit([], random_state=1)


@pytest.mark.parametrize("name", deep.DEEP_MODULES)
def test_the_same_random_state_gives_the_same_weights(name, monkeypatch):
    monkeypatch.setattr("scoring.ml.engagement.deep.fitting.EPOCHS", 2)
    examples = [post(i, burst=i % 2 == 1) for i in range(30)]
    before = torch.random.get_rng_state()
    files = [deep.untrained(name).fit(examples, random_state=r).to_files() for r in (1, 1, 2)]
    assert files[0] == files[1] != files[2]
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_autoencoder_learns_from_organic_series_alone(monkeypatch):
    monkeypatch.setattr("scoring.ml.engagement.deep.fitting.EPOCHS", 2)
    organic = [post(i) for i in range(20)]
    fake = [post(100 + i, burst=True) for i in range(10)]
    alone = deep.untrained("autoencoder").fit(organic, random_state=1).to_files()
    assert deep.untrained("autoencoder").fit([*organic, *fake], random_state=1).to_files() == alone


def test_channels_do_not_depend_on_the_size_of_a_post():
    rng = np.random.default_rng(2)
    views = 1e7 / np.sqrt(np.arange(80) + 2.0) * np.exp(rng.normal(0.0, 0.3, 80))
    likes = 0.05 * views
    one, thousand = (step_channels(series_of(k * views, likes=k * likes)) for k in (1.0, 1e3))
    assert one.shape == (80, CHANNELS)
    np.testing.assert_allclose(one, thousand, atol=0.02)


@pytest.mark.parametrize("steps", [0, 1, 255, 256, 257, 448, 449, 2_000])
def test_windows_judge_every_step_once_and_not_at_their_edges(steps):
    windows = windows_over(steps)
    kept = [np.arange(one.kept.start, one.kept.stop) for one in windows]
    np.testing.assert_array_equal(np.concatenate([[], *kept]), np.arange(steps))
    assert all(len(one) <= LONGEST for one in windows)
    for one in windows:
        assert one.first == 0 or one.kept.start - one.first >= 32
        assert one.end == steps or one.end - one.kept.stop >= 32


def test_batches_hold_every_window_once_and_little_padding():
    lengths = np.random.default_rng(0).integers(1, LONGEST + 1, size=500)
    batches = list(batches_by_length(lengths, np.random.default_rng(1)))
    assert sorted(np.concatenate(batches)) == list(range(500))
    padded = sum(len(batch) * lengths[batch].max() for batch in batches)
    assert padded < 1.15 * lengths.sum()
    assert max(len(batch) * lengths[batch].max() for batch in batches) <= STEPS_PER_BATCH


def test_units_put_one_organic_step_in_a_hundred_above_its_normal_place():
    raw = np.random.default_rng(0).normal(-3.0, 2.0, size=20_000)
    units = OrganicUnits.of(["subdaily"], [raw])
    # no longer steps were seen: those of all stand in
    assert units.by_kind["longer"] == units.by_kind["subdaily"]
    scores = units.score(post(1).series, np.array([-3.0, 1.65, -9.0, np.nan]))
    np.testing.assert_allclose(scores, [0.0, 2.33, 0.0, np.nan], atol=0.1)


def test_torch_is_not_loaded_before_a_deep_detector_is_asked_for():
    code = "import sys, scoring.ml.engagement.training; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", deep.DEEP_MODULES)
class TestInTheModel:
    def test_can_be_asked_for_by_itself(self, name):
        model = small_model()
        assert name in model.detectors
        series = [hourly(240), hourly(240, likes_at=150, likes=20_000.0, seed=1)]
        answers = model.assess(series, detector=name)
        for answer, one in zip(answers, series, strict=True):
            assert not answer.abstained
            assert 0.0 < answer.probability < 1.0
            assert answer.reasons == ()
            assert answer.step_scores.shape == (len(one) - 1,)
            [alone] = model.assess([one], detector=name)
            np.testing.assert_array_equal(alone.step_scores, answer.step_scores)

    def test_is_measured_apart_from_the_ensemble(self, name):
        slices = trained_artifact().metadata["metrics_by_slice"]
        assert slices[f"detector_{name}/injected_real"]["auc"] is not None
        assert slices[f"detector_{name}/real_organic"]["auc"] is None
