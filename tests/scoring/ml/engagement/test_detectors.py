"""What every cheap detector keeps to, and what each of them is for."""

import time

import numpy as np
import pytest

from scoring.ml.engagement import hour_of_day, matrix_profile, spectral_residual, subsequence_pca
from scoring.ml.engagement.decay_residuals import fit_decay
from scoring.ml.engagement.detecting import DETECTOR_MODULES, cheap_detector
from scoring.ml.engagement.rates import organic_scale, rolling_median, step_rates, too_quiet
from scoring.ml.engagement.series import METRICS, EngagementSeries

FIRST_HOUR = 420_000.0  # midnight, as 420,000 is a multiple of 24


def series_of(views, *, step=1.0, **others):
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
    return EngagementSeries(series_id="s", hours=hours, counts=counts)


def organic_steps(days=15, *, level=2_000.0, step=1.0, seed=1, ratio=0.05):
    """Fading, cyclic counts of an ordinary post, (views, likes); for these tests alone."""
    rng = np.random.default_rng(seed)
    hours = np.arange(int(days * 24 / step)) * step
    cycle = 0.8 * np.sin(2 * np.pi * (hours - 10) / 24) if step < 24 else 0.0
    rate = level * step * (1 + hours / 24) ** -0.8 * np.exp(cycle)
    views = rng.poisson(rate * np.exp(0.1 * rng.normal(size=len(hours))))
    return views.astype(float), rng.poisson(ratio * rate).astype(float)


@pytest.fixture(params=DETECTOR_MODULES)
def detector(request):
    return cheap_detector(request.param)


def highest(scores):
    return float(np.nanmax(scores)) if np.isfinite(scores).any() else 0.0


class TestEveryDetector:
    SHAPES = {
        "one point": [],
        "two points": [5],
        "three points": [5, 7],
        "all zeros": [0] * 30,
        "constant growth": [10] * 200,
        "a week of days": [900, 500, 300, 200, 150, 120, 100],
        "huge counts": [1e11] * 40,
        "long pause": [50] * 40 + [0] * 300 + [50] * 40,
    }

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("step", [0.1, 1.0, 24.0, 720.0])
    def test_gives_a_finite_score_or_nan_for_every_step(self, detector, shape, step):
        steps = self.SHAPES[shape]
        with np.errstate(all="raise", under="ignore"):
            scores = detector.score(series_of(steps, step=step, likes=[s // 10 for s in steps]))
        assert scores.shape == (len(steps),)
        assert not np.isinf(scores).any()
        assert not (scores < 0).any()

    def test_says_nothing_about_a_post_that_never_grew(self, detector):
        zeros = [0] * 400
        assert np.isnan(detector.score(series_of(zeros, likes=zeros, comments=zeros))).all()

    def test_says_nothing_about_two_points(self, detector):
        assert np.isnan(detector.score(series_of([1_000], likes=[3]))).all()

    def test_judges_the_known_steps_around_missing_counts(self, detector):
        views, likes = organic_steps()
        series = series_of(views, likes=likes)
        for metric in ("views", "likes"):
            series.counts[metric][100:140] = np.nan
        scores = detector.score(series)
        assert np.isnan(scores[99:140]).all()
        assert np.isfinite(np.delete(scores, np.arange(99, 141))[1:]).all()

    def test_takes_irregular_steps(self, detector):
        views, likes = organic_steps()
        series = series_of(views, likes=likes)
        kept = np.sort(np.random.default_rng(3).choice(len(series), 240, replace=False))
        thinned = EngagementSeries(
            series_id="s",
            hours=series.hours[kept],
            counts={metric: values[kept] for metric, values in series.counts.items()},
        )
        scores = detector.score(thinned)
        assert scores.shape == (239,)
        assert np.isfinite(scores[1:]).all()

    def test_gives_the_same_scores_again(self, detector):
        views, likes = organic_steps()
        first = detector.score(series_of(views, likes=likes))
        np.testing.assert_array_equal(first, detector.score(series_of(views, likes=likes)))

    def test_does_not_change_the_series(self, detector):
        views, likes = organic_steps()
        series = series_of(views, likes=likes)
        before = {metric: values.copy() for metric, values in series.counts.items()}
        detector.score(series)
        for metric, values in before.items():
            np.testing.assert_array_equal(series.counts[metric], values)

    def test_hardly_depends_on_the_scale_of_the_counts(self, detector):
        views, likes = organic_steps(level=1e6)
        # Only rises and ratios can be free of scale: closeness to counting noise is not.
        one = detector.score(series_of(views, likes=likes))
        thousand = detector.score(series_of(views * 1e3, likes=likes * 1e3))
        known = np.isfinite(one)
        np.testing.assert_array_equal(known, np.isfinite(thousand))
        assert np.corrcoef(one[known], thousand[known])[0, 1] > 0.97

    def test_leaves_a_tiny_post_alone(self, detector):
        for seed in range(5):
            views, likes = organic_steps(level=2.0, seed=seed)
            assert highest(detector.score(series_of(views, likes=likes))) < 6.0

    def test_scores_ten_years_of_hours_in_time(self, detector):
        views, likes = organic_steps(days=3_650, level=1e6)
        series = series_of(views, likes=likes)
        started = time.perf_counter()
        scores = detector.score(series)
        assert time.perf_counter() - started < 8.0  # about 1 s where nothing else runs
        assert scores.shape == (87_600,)


def best_of(scores, planted):
    """Share of the planted steps among the highest scores, as many as were planted."""
    order = np.argsort(np.nan_to_num(scores, nan=-1.0))[::-1]
    return np.isin(order[: len(planted)], planted).mean()


@pytest.mark.parametrize("name", ["robust_differences", "spectral_residual", "decay_residuals"])
def test_a_burst_late_in_life_stands_out_where_raw_counts_do_not(name):
    views, _ = organic_steps()
    planted = np.arange(250, 253)
    views[planted] *= 6
    series = series_of(views)
    assert best_of(views, planted) == 0.0  # the first days are larger than the burst
    scores = cheap_detector(name).score(series)
    assert best_of(scores, planted) > 0.6
    assert np.nanargmax(scores) in planted


@pytest.mark.parametrize("name", ["subsequence_pca", "matrix_profile"])
def test_a_shape_the_post_never_had_stands_out(name):
    views, _ = organic_steps()
    planted = np.arange(250, 256)
    views[planted] *= [2, 4, 6, 6, 4, 2]
    scores = cheap_detector(name).score(series_of(views))
    assert scores[planted].max() == np.nanmax(scores)
    assert best_of(scores, planted) >= 0.5 > best_of(views, planted)


def test_bought_likes_are_out_of_proportion():
    views, likes = organic_steps()
    planted = np.arange(200, 210)
    likes[planted] += 60
    scores = cheap_detector("ratio_residuals").score(series_of(views, likes=likes))
    assert best_of(scores, planted) >= 0.8 > best_of(likes, planted)


def test_bought_views_without_likes_are_out_of_proportion():
    views, likes = organic_steps()
    planted = np.arange(200, 210)
    views[planted] += 3_000
    scores = cheap_detector("ratio_residuals").score(series_of(views, likes=likes))
    assert best_of(scores, planted) >= 0.8


def test_likes_in_lockstep_with_views_vary_too_little():
    views, likes = organic_steps(level=20_000)
    scores = cheap_detector("ratio_residuals").score(series_of(views, likes=likes))
    locked = cheap_detector("ratio_residuals").score(series_of(views, likes=np.round(views * 0.05)))
    assert np.nanmedian(locked) > 5.0 > 3.0 > np.nanmedian(scores)


def test_a_nightly_timer_stands_out_and_an_audience_of_night_owls_does_not():
    views, _ = organic_steps(seed=4)
    hour = np.arange(len(views)) % 24
    asleep = int(np.argmin([views[hour == h].sum() for h in range(24)]))
    timer = np.flatnonzero((hour == asleep) & (np.arange(len(views)) > 100))
    bought = views.copy()
    bought[timer] *= 3
    detector = cheap_detector("hour_of_day")
    scores = detector.score(series_of(bought))
    assert best_of(scores, timer) > 0.7 > best_of(bought, timer)
    owls = detector.score(series_of(np.roll(views, 12)))
    assert np.nanmax(owls) < np.nanmedian(scores[timer])


def test_the_hour_of_the_day_is_unknown_in_daily_counts():
    views, likes = organic_steps(days=90, step=24.0)
    scores = cheap_detector("hour_of_day").score(series_of(views, step=24.0, likes=likes))
    assert np.isnan(scores).all()


def test_a_plateau_of_equal_steps_is_too_even():
    views, _ = organic_steps(days=20)
    views[300:400] = 200.0
    scores = cheap_detector("decay_residuals").score(series_of(views))
    outside = np.delete(scores, np.arange(276, 424))
    assert np.median(scores[310:390]) > np.nanquantile(outside, 0.95)


def test_daily_counts_that_rise_after_fading_stand_out():
    views = np.array([9_000.0, 5_000, 3_000, 2_000, 1_400, 1_000, 9_000, 600, 500])
    series = series_of(views, step=24.0)
    for name in ("robust_differences", "decay_residuals"):
        assert np.nanargmax(cheap_detector(name).score(series)) == 6


class TestParts:
    def test_the_rolling_median_follows_an_even_slope_from_the_start(self):
        line = np.arange(30.0, 0.0, -1.0)
        np.testing.assert_allclose(rolling_median(line, 5)[:25], line[:25])

    def test_the_decay_fit_finds_a_power_law_through_bought_days(self):
        age = np.arange(1.0, 201.0)
        log_rate = 5.0 - 1.2 * np.log(age)
        bought = log_rate.copy()
        bought[120:160] += 3.0
        np.testing.assert_allclose(fit_decay(age, bought), log_rate, atol=0.4)

    def test_counting_noise_is_no_organic_variance(self):
        rng = np.random.default_rng(5)
        counts = rng.poisson(100.0, size=4_000)
        scale = organic_scale(np.log(counts / 100.0), np.full(4_000, 0.01), prior=0.2)
        assert scale == pytest.approx(0.05)

    def test_poisson_counts_are_not_too_quiet_and_equal_counts_are(self):
        rng = np.random.default_rng(6)
        flat = np.full(2_000, 100.0)
        chance = too_quiet(rng.poisson(flat).astype(float), flat, 24, organic_sd=0.0)
        assert np.nanmedian(chance) < 2.0
        assert np.nanmin(too_quiet(flat, flat, 24, organic_sd=0.0)) > 6.0

    def test_the_nearest_neighbour_is_found_outside_the_exclusion_zone(self):
        windows = np.random.default_rng(7).normal(size=(300, 8))
        windows[250] = windows[10] + 1e-3
        found = matrix_profile.nearest_neighbours(windows, exclusion=4)
        assert (found[10], found[250]) == (250, 10)
        assert (np.abs(found - np.arange(300)) > 4).all()

    def test_a_single_jump_is_salient(self):
        values = np.sin(np.arange(400) / 5.0)
        values[200] += 3.0
        assert np.argmax(spectral_residual.saliency(values)) == 200

    def test_components_rebuild_usual_windows_better_than_an_odd_one(self):
        phases = np.random.default_rng(8).uniform(0, 6, size=200)
        windows = np.sin(phases[:, None] + np.arange(24) / 24 * 2 * np.pi)
        windows[50] = np.where(np.arange(24) == 5, 4.0, 0.0)
        errors = np.square(windows - subsequence_pca.rebuild(windows)).sum(axis=1)
        assert np.argmax(errors) == 50

    def test_sleep_is_where_the_cycle_is_lowest(self):
        cycle = -np.cos(2 * np.pi * (np.arange(24) - 15) / 24)
        asleep = hour_of_day.sleeping_hours(cycle)
        assert asleep.sum() == 6
        assert asleep[15]
        assert not hour_of_day.sleeping_hours(cycle * 0.05).any()

    def test_rates_of_a_series_are_computed_once(self):
        series = series_of([5.0, 6.0, 7.0])
        assert step_rates(series, "views").log_rate is not None
        assert "rates:views" in series._cache
