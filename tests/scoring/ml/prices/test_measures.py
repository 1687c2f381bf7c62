"""Margins, coverage of later outcomes, baselines, and the simulated market."""

import numpy as np
import pytest

from scoring.ml.prices.baselines import BASELINES, log_prices
from scoring.ml.prices.conformal import WHOLE, fit_margins, range_scores, wilson
from scoring.ml.prices.evaluation import held_out, predict_with_model
from scoring.ml.prices.fitting import is_plausible, price_figures
from scoring.ml.prices.monitoring import coverage_report
from scoring.ml.prices.simulation import MARKETS, simulate_market


def test_margins_hold_their_share_in_each_tier_and_small_tiers_borrow():
    generator = np.random.default_rng(0)
    tiers = np.array(["mid"] * 300 + ["mega"] * 300 + ["nano"] * 10)
    spread = np.where(tiers == "mega", 1.0, 0.2)
    actual = generator.normal(0, spread)
    scores = range_scores(actual, np.zeros((610, 3)))
    codes = np.arange(610)
    margins = fit_margins(scores, codes, tiers, codes % 5)
    assert margins.margin("mega") > 3 * margins.margin("mid")
    assert margins.margin("nano") == margins.margin(WHOLE)
    assert margins.part("nano") == WHOLE
    for tier in ("mid", "mega"):
        assert margins.coverage[tier].observed == pytest.approx(0.8, abs=0.04)


def test_wilson_knows_published_values():
    assert wilson(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert wilson(0.0, 10)[0] == 0.0
    assert wilson(1.0, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0.3, 0) == (0.0, 1.0)


def test_coverage_of_later_outcomes_is_judged_with_its_uncertainty():
    ranges = [(90.0, 110.0)] * 100
    holding = coverage_report(ranges, [100.0] * 80 + [10.0] * 15 + [200.0] * 5, nominal=0.8)
    assert (holding.observed, holding.below, holding.above) == (0.8, 15, 5)
    assert holding.verdict == "holding"
    drifted = coverage_report(ranges, [100.0] * 60 + [200.0] * 40, nominal=0.8)
    assert drifted.verdict == "drifted"
    assert drifted.high < 0.8
    few = coverage_report(ranges, [200.0] * 100, nominal=0.8, creators=["a", "b"] * 50)
    assert (few.verdict, few.creators) == ("too few", 2)
    nothing = coverage_report([], [], nominal=0.8)
    assert (nothing.observed, nothing.low, nothing.high) == (None, 0.0, 1.0)
    for bad in ([(2.0, 1.0)], [(1.0, float("nan"))], [(1.0, 2.0), (1.0, 2.0)]):
        with pytest.raises(ValueError, match=r"Range|range"):
            coverage_report(bad, [1.0], nominal=0.8)


def test_absurd_residuals_are_cut_and_ordinary_ones_kept():
    residuals = np.append(np.random.default_rng(0).normal(0, 0.5, 500), [9.0, -9.0])
    assert (~is_plausible(residuals)).nonzero()[0].tolist() == [500, 501]
    assert is_plausible(np.zeros(5)).all()


def test_simulated_prices_repeat_and_scatter_realistically_around_their_median():
    first, again = (simulate_market(random_state=9, creators=60) for _ in range(2))
    assert first == again
    assert all(price.row.simulated for price in first)
    gaps = np.log([p.row.price / p.true_median for p in first])
    assert abs(np.median(gaps)) < 0.05
    assert 0.18 < gaps.std() < 0.27


def test_unseen_creators_and_times_are_within_a_quarter_where_baselines_are_not():
    prices = simulate_market(random_state=2, creators=130, markets=MARKETS[1:2])
    rows = [price.row for price in prices]
    truth = np.log([price.true_median for price in prices])
    for later, name in ((False, "follower_line"), (True, "tier_medians")):
        found = held_out(rows, predict_with_model(1), random_state=1, later=later)
        known = ~np.isnan(found[:, 1])
        actual = log_prices(rows)[known]
        figures = price_figures(actual, found[known])
        floor = price_figures(actual, np.column_stack([truth[known]] * 3))
        assert floor["mape"] < figures["mape"] < 0.25
        assert figures["coverage"] == pytest.approx(0.8, abs=0.07)
        other = held_out(rows, BASELINES[name], random_state=1, later=later)
        assert price_figures(actual, other[known])["mape"] > 0.35
