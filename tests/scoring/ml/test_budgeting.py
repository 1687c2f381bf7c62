"""Choosing creators under a budget: as good as trying every set, and true to its constraints."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml.budgeting.audiences import AudienceShares, cells_of
from scoring.ml.budgeting.chance import choose_safely, share_within
from scoring.ml.budgeting.choosing import NoSet, choose
from scoring.ml.budgeting.comparing import naive_picks
from scoring.ml.budgeting.explaining import explain_left_out, explain_picks
from scoring.ml.budgeting.objectives import Additive, UniqueReach
from scoring.ml.budgeting.problem import Problem
from scoring.ml.budgeting.simulating import Interval, draw_cost, draw_unique_reach, range_of

TIERS = ("nano", "micro", "mid")
COUNTRIES = ("de", "es", "fr")


def a_problem(seed: int, size: int, **changes: object) -> Problem:
    """Random audiences, prices and constraints; not always one that can be kept."""
    rng = np.random.default_rng(seed)
    reach = np.round(np.exp(rng.normal(8, 1, size))).astype(np.float64)
    audiences = [
        AudienceShares(
            countries=dict(zip(COUNTRIES, rng.dirichlet([0.5, 0.5, 0.5]), strict=True)),
            topics={str(rng.integers(3)): 1.0} if rng.random() < 0.8 else None,
        )
        for _ in range(size)
    ]
    reached = UniqueReach(cells_of(audiences, reach), rho=float(rng.choice([0.0, 0.5, 1.0])))
    prices = np.round(np.exp(rng.normal(10, 0.7, size)))
    must = rng.random(size) < 0.1
    return Problem(
        **{
            "objective": reached if seed % 2 else Additive(reach),
            "prices": prices,
            "budget": float(prices.mean() * rng.uniform(0.5, size / 2)),
            "tiers": rng.choice(TIERS, size),
            "must": must,
            "banned": ~must & (rng.random(size) < 0.1),
            "fewest": int(rng.integers(0, 3)),
            "most": int(rng.integers(2, 5)),
            "tier_least": {"nano": 1} if rng.random() < 0.3 else {},
            **changes,
        }  # type: ignore[arg-type]
    )


def by_trying(problem: Problem) -> float | None:
    """The worth of the best of all sets; None if none is allowed."""
    best = None
    for count in range(problem.limit + 1):
        for places in itertools.combinations(range(problem.size), count):
            chosen = np.zeros(problem.size, dtype=bool)
            chosen[list(places)] = True
            if problem.is_kept(chosen):
                best = max(best or 0.0, problem.objective.value(chosen))
    return best


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8))
def test_it_finds_what_trying_every_set_finds(seed: int, size: int) -> None:
    problem = a_problem(seed, size)
    best = by_trying(problem)
    if best is None:
        with pytest.raises(NoSet):
            choose(problem)
        return
    found = choose(problem)
    assert problem.is_kept(found.chosen)
    assert found.value == pytest.approx(best, rel=1e-6)
    assert found.is_best
    greedy = choose(problem, exact=False)
    assert problem.is_kept(greedy.chosen)
    assert greedy.value <= best * (1 + 1e-9)
    assert greedy.bound >= best * (1 - 1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(1.0, 3.0))
def test_more_money_is_never_worth_less_beyond_the_gap(seed: int, times: float) -> None:
    problem = a_problem(seed, 30, fewest=0, tier_least={})
    try:
        before = choose(problem, exact=False)
    except NoSet:
        return
    after = choose(problem.with_budget(problem.budget * times), exact=False)
    assert after.bound >= before.value * (1 - 1e-9)
    assert after.value >= before.value * (1 - after.gap) * (1 - 1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_reach_is_submodular_and_between_its_bounds(seed: int) -> None:
    problem = a_problem(2 * seed + 1, 8)
    reached = problem.objective
    assert isinstance(reached, UniqueReach)
    rng = np.random.default_rng(seed)
    small = rng.random(8) < 0.3
    large = small | (rng.random(8) < 0.4)
    outside = ~large
    assert np.all(reached.gains(small)[outside] >= reached.gains(large)[outside] - 1e-6)
    least, most = reached.bounds(large)
    assert least - 1e-6 <= reached.value(large) <= most + 1e-6
    assert most == pytest.approx(reached.reach()[large].sum())


def test_two_alike_share_what_the_stated_share_says() -> None:
    alike = [AudienceShares(countries={"de": 1.0})] * 2 + [AudienceShares(countries={"fr": 1.0})]
    cells = cells_of(alike, np.array([1_000.0, 400.0, 500.0]))
    pair, apart = np.array([True, True, False]), np.array([True, False, True])
    assert UniqueReach(cells, rho=1.0).value(pair) == 1_000
    assert UniqueReach(cells, rho=0.5).value(pair) == 1_200
    assert UniqueReach(cells, rho=1.0).value(apart) == 1_500
    assert list(UniqueReach(cells, rho=0.5).shareable(0)) == [1_000, 400, 0]


def test_an_unknown_audience_is_as_the_others_are() -> None:
    audiences = [AudienceShares(countries={"de": 0.6, "fr": 0.4}), AudienceShares()]
    cells = cells_of(audiences, np.array([100.0, 100.0]))
    assert UniqueReach(cells, rho=1.0).shareable(1)[0] == pytest.approx(100)


def an_interval(prices: np.ndarray) -> Interval:
    return Interval(prices * 0.7, prices, prices * 1.6)


def test_draws_keep_the_interval_and_are_the_same_for_the_same_seed() -> None:
    one = an_interval(np.array([1_000.0]))
    drawn = draw_cost(one, draws=20_000, random_state=3)
    found = range_of(drawn)
    assert found is not None
    assert [found.p10, found.p50, found.p90] == pytest.approx([700, 1_000, 1_600], rel=0.03)
    assert np.array_equal(drawn, draw_cost(one, draws=20_000, random_state=3))
    unknown = Interval(*(np.array([np.nan]) for _ in range(3)))
    assert range_of(draw_cost(unknown, random_state=3)) is None


def test_a_safe_choice_stays_within_as_often_as_asked() -> None:
    problem = a_problem(11, 30, fewest=1, most=None, tier_least={}, must=np.zeros(30, dtype=bool))
    problem = problem.with_budget(float(problem.prices.mean() * 4))
    prices = an_interval(problem.prices)
    plain = choose(problem)
    assert share_within(prices, plain.chosen, problem.budget, random_state=1) < 0.9
    safe = choose_safely(problem, prices, least=0.9, random_state=1)
    assert safe.within >= 0.9
    assert problem.is_kept(safe.choice.chosen)
    assert safe.choice.value <= plain.value <= safe.choice.bound


def test_the_plan_is_no_worse_than_naive_picks_and_says_why() -> None:
    problem = a_problem(21, 40, fewest=0, most=8, tier_least={}, banned=np.zeros(40, dtype=bool))
    choice = choose(problem)
    matches = np.linspace(1, 0, 40)
    for name, picked in naive_picks(problem, matches).items():
        assert picked is not None, name
        assert problem.is_kept(picked), name
        assert problem.objective.value(picked) <= choice.value + 1e-6, name
    reasons = explain_picks(problem, choice.chosen)
    assert {reason.place for reason in reasons} == set(np.flatnonzero(choice.chosen))
    assert all(reason.own >= 0 for reason in reasons)
    left = explain_left_out(problem, choice.chosen, matches, most=5)
    assert len(left) == 5
    spare = problem.budget - problem.cost(choice.chosen)
    for one in left:
        assert not choice.chosen[one.place]
        if one.why == "too_dear":
            assert one.short == pytest.approx(problem.prices[one.place] - spare)
        if one.why == "less":
            assert one.loss >= -1e-6


def test_drawn_reach_lies_around_what_is_expected() -> None:
    problem = a_problem(31, 20, fewest=2, most=5, tier_least={}, must=np.zeros(20, dtype=bool))
    reached = problem.objective
    assert isinstance(reached, UniqueReach)
    chosen = choose(problem).chosen
    reach = Interval(reached.reach(), reached.reach(), reached.reach())
    drawn = draw_unique_reach(reached, chosen, reach, draws=50, random_state=0)
    assert drawn == pytest.approx(np.full(50, reached.value(chosen)))
