import time

import numpy as np
import pytest

from scoring.ml.engagement.detecting import DETECTOR_MODULES
from scoring.ml.engagement.explaining import flagged_windows
from scoring.ml.engagement.patterns import PATTERNS
from scoring.ml.engagement.series import METRICS, EngagementSeries
from scoring.ml.engagement.simulation import simulate
from tests.scoring.ml.engagement.small_model import hourly, shipped_model, small_model


def constant(points: int, **counts: float) -> EngagementSeries:
    values = {m: np.full(points, counts.get(m, np.nan)) for m in METRICS}
    return EngagementSeries("constant", np.arange(points) + 480_000.0, values)


def test_a_batch_gives_each_series_what_it_gets_alone():
    series = [example.series for example in simulate(12, random_state=5)]
    model = small_model()
    for alone, together in zip(
        (model.assess([one])[0] for one in series), model.assess(series), strict=True
    ):
        np.testing.assert_array_equal(alone.step_scores, together.step_scores)
        for name in ("probability", "level", "windows", "reasons", "abstain_reason"):
            assert getattr(alone, name) == getattr(together, name)


def test_bought_likes_are_flagged_in_the_hour_they_came():
    [answer] = shipped_model().assess([hourly(240, likes_at=150, likes=20_000.0)])
    assert answer.flagged
    assert answer.level == "high"
    assert any(window.first <= 150 <= window.last for window in answer.windows)
    window = next(w for w in answer.windows if w.first <= 150 <= w.last)
    assert window.metrics == ("likes",)
    assert window.pattern in PATTERNS
    assert "likes came with" in window.sentence
    assert int(np.nanargmax(answer.step_scores)) == 150


def test_an_honest_post_is_not_flagged():
    answers = shipped_model().assess([hourly(240, seed=seed) for seed in range(6)])
    assert sum(answer.flagged for answer in answers) <= 1


def test_reasons_are_signed_and_say_so():
    [answer] = shipped_model().assess([hourly(240, likes_at=150, likes=20_000.0)])
    assert answer.reasons
    for reason in answer.reasons:
        assert reason.text.endswith("raises suspicion" if reason.effect > 0 else "lowers suspicion")


@pytest.mark.parametrize("detector", [*DETECTOR_MODULES])
def test_every_detector_can_judge_alone(detector):
    model = shipped_model()
    [answer] = model.assess([hourly(240, likes_at=150, likes=20_000.0)], detector=detector)
    assert not answer.abstained
    assert answer.probability is not None
    assert answer.step_scores.shape == (239,)
    assert np.nanmax(answer.step_scores) <= 1.0


def test_an_unknown_detector_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="ensemble, robust_differences"):
        small_model().assess([hourly()], detector="oracle")


@pytest.mark.parametrize(
    ("series", "words"),
    [
        (hourly(2), "2 observations are too few"),
        (hourly(1), "1 observations are too few"),
        (constant(20, views=0.0, likes=0.0), "all counts are zero"),
        (constant(20, views=500.0, likes=20.0), "grew by 0 in all"),
        (constant(20), "No count is known"),
    ],
)
def test_what_cannot_be_judged_is_abstained_from_with_its_reason(series, words):
    [answer] = small_model().assess([series])
    assert answer.abstained
    assert answer.abstain_reason is not None
    assert words in answer.abstain_reason
    assert (answer.score, answer.probability, answer.level) == (None, None, None)
    assert not answer.flagged
    assert answer.step_scores.shape == (len(series) - 1,)


def test_of_an_endless_series_the_newest_part_is_judged(monkeypatch):
    monkeypatch.setattr("scoring.ml.engagement.model.MOST_POINTS", 100)
    [whole] = shipped_model().assess([hourly(240, likes_at=200, likes=20_000.0)])
    assert np.isnan(whole.step_scores[:140]).all()
    assert not np.isnan(whole.step_scores[140:]).any()
    assert any(window.first <= 200 <= window.last for window in whole.windows)
    assert whole.notes[-1] == "Only the newest 100 of 240 observations were judged."


def test_one_metric_alone_cannot_be_compared_with_anything():
    series = hourly(100)
    for metric in ("likes", "comments", "shares"):
        series.counts[metric][:] = np.nan
    [answer] = small_model().assess([series])
    assert answer.abstain_reason is not None
    assert "Only views are known" in answer.abstain_reason


def test_nothing_is_asked_and_nothing_is_answered():
    assert small_model().assess([]) == []


def test_a_month_of_hours_is_judged_well_within_a_second():
    series = hourly(720, likes_at=400, likes=3000.0)
    model = shipped_model()
    model.assess([series])
    began = time.perf_counter()
    model.assess([series])
    assert time.perf_counter() - began < 1.0


def test_windows_next_to_each_other_are_one_and_sentences_have_figures():
    series = hourly(48, likes_at=20, likes=5000.0)
    scores = np.zeros(47)
    scores[[20, 22, 40]] = [0.99, 0.8, 0.9]
    windows = flagged_windows(series, scores, 0.5)
    assert [(w.first, w.last) for w in windows] == [(20, 22), (40, 40)]
    assert windows[0].score == 0.99
    assert windows[0].starts == series.hours[20]
    assert windows[0].ends == series.hours[23]
    assert all(any(letter.isdigit() for letter in w.sentence) for w in windows)
    assert "otherwise there were" in windows[0].sentence


def test_a_flagged_series_without_a_likely_step_shows_its_likeliest():
    scores = np.full(47, 0.1)
    scores[7] = 0.2
    assert [w.first for w in flagged_windows(hourly(48), scores, 0.5)] == [7]
    assert flagged_windows(hourly(48), np.full(47, np.nan), 0.5) == ()
