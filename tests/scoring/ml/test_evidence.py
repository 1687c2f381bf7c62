"""The sum of evidence: bounds, discounts, and effects that add up."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.evidence import BOUNDS, Bounds, Evidence, combine, p_value_ratio

ratios = st.none() | st.floats(-20, 20)
pieces = st.lists(st.tuples(st.sampled_from(sorted(BOUNDS)), ratios), max_size=12)


def evidence(source: str, ratio: float | None) -> Evidence:
    return Evidence(name=f"{source}-{ratio}", source=source, text="", log_likelihood_ratio=ratio)


@given(pieces)
def test_effects_add_up_and_no_source_passes_its_bounds(found: list[tuple[str, float]]) -> None:
    told = [evidence(*piece) for piece in found]
    answer = combine(told)
    assert answer.log_odds == pytest.approx(sum(answer.effects))
    assert answer.log_odds == pytest.approx(sum(answer.by_source.values()))
    for source, effect in answer.by_source.items():
        assert BOUNDS[source].lowest <= effect <= BOUNDS[source].highest
    for piece, effect in zip(told, answer.effects, strict=True):
        if not piece.log_likelihood_ratio:
            assert effect == 0


@given(st.sampled_from(sorted(BOUNDS)), st.floats(-9, 9), st.floats(0.1, 5))
def test_more_of_the_same_never_lowers_the_sum(source: str, ratio: float, more: float) -> None:
    weak, strong = (combine([evidence(source, value)]) for value in (ratio, ratio + more))
    assert weak.log_odds <= strong.log_odds


def test_a_small_ratio_passes_as_it_is_and_a_large_one_stops_at_the_bound() -> None:
    bounds = Bounds(-1.5, 3.0)
    assert bounds.apply(0.1) == pytest.approx(0.1, rel=0.01)
    assert bounds.apply(50) == pytest.approx(3.0)
    assert bounds.apply(-50) == pytest.approx(-1.5)
    assert Bounds(0.0, 1.0).apply(-3) == 0.0


def test_looks_at_the_same_facts_count_less_each() -> None:
    wide = {"growth": Bounds(-1e9, 1e9)}
    once = combine([evidence("growth", 1.0)], wide).log_odds
    often = combine([evidence("growth", 1.0)] * 9, wide).log_odds
    assert once == pytest.approx(1.0)
    assert 1.5 < often < 2.0


def test_opposite_findings_are_discounted_apart() -> None:
    wide = {"growth": Bounds(-1e9, 1e9)}
    answer = combine([evidence("growth", 2.0), evidence("growth", -1.0)], wide)
    assert answer.effects == pytest.approx((2.0, -1.0))
    assert combine([evidence("growth", 1.0), evidence("growth", -1.0)]).log_odds == 0.0


def test_a_genuine_profile_cannot_clear_bought_growth() -> None:
    answer = combine([evidence("profile", -4.6), evidence("growth", 4.6)])
    assert answer.log_odds > 1.0


def test_an_unknown_source_with_weight_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        combine([evidence("rumour", 1.0)])
    assert combine([evidence("rumour", None)]).log_odds == 0.0


def test_only_small_p_values_speak_and_never_against_the_alternative() -> None:
    assert p_value_ratio(0.5) == p_value_ratio(1.0) == 0.0
    assert 0 < p_value_ratio(0.05) < p_value_ratio(0.001) < p_value_ratio(0.0) < math.inf
    assert p_value_ratio(0.05) == pytest.approx(math.log(2.456) / 2, abs=0.001)
