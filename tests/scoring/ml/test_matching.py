import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml import matching

UNKNOWN = float("nan")
MODEL = matching.MatchModel(
    version="test",
    weights={
        "topic": 0.50,
        "niche": 0.15,
        "authenticity": 0.15,
        "engagement": 0.10,
        "audience_country": 0.05,
        "price": 0.05,
    },
    evidence_discount=0.25,
    topic_floor=0.10,
    topic_ceiling=0.60,
)


def one(**values: float) -> float:
    return float(MODEL.weighted_scores({k: np.array([v]) for k, v in values.items()})[0])


def test_a_perfect_account_scores_one_and_a_hopeless_one_zero() -> None:
    assert one(**dict.fromkeys(MODEL.weights, 1.0)) == pytest.approx(1.0)
    assert one(**dict.fromkeys(MODEL.weights, 0.0)) == 0.0


def test_score_is_the_weighted_mean_of_known_factors() -> None:
    # (0.50 · 0.8 + 0.15 · 0.4) / 0.65, nothing unknown
    assert one(topic=0.8, authenticity=0.4) == pytest.approx((0.4 + 0.06) / 0.65)


def test_an_unknown_factor_is_neither_average_nor_free() -> None:
    known, missing = one(topic=0.8, authenticity=0.8), one(topic=0.8, authenticity=UNKNOWN)
    assert missing == pytest.approx(0.8 * (1 - 0.25 * 0.15 / 0.65))
    assert missing < known


def test_an_account_nothing_is_known_of_scores_zero() -> None:
    assert one(topic=UNKNOWN, authenticity=UNKNOWN) == 0.0


def test_a_factor_without_a_stated_weight_is_refused() -> None:
    with pytest.raises(KeyError):
        one(charisma=1.0)


factor = st.one_of(st.just(UNKNOWN), st.floats(0, 1))
rows = st.lists(st.tuples(factor, factor, factor), min_size=1, max_size=20)


def columns(table: list[tuple[float, float, float]]) -> dict[str, np.ndarray]:
    array = np.array(table, dtype=float)
    return dict(zip(("topic", "authenticity", "price"), array.T, strict=True))


@given(rows)
def test_scores_stay_within_zero_and_one(table: list[tuple[float, float, float]]) -> None:
    scores = MODEL.weighted_scores(columns(table))
    assert ((scores >= 0) & (scores <= 1)).all()


@given(rows)
def test_contributions_sum_to_the_score(table: list[tuple[float, float, float]]) -> None:
    factors = columns(table)
    parts = np.column_stack(list(MODEL.contributions(factors).values()))
    np.testing.assert_allclose(np.nansum(parts, axis=1), MODEL.weighted_scores(factors))


@given(rows)
def test_a_batch_scores_what_its_rows_score_alone(table: list[tuple[float, float, float]]) -> None:
    batch = MODEL.weighted_scores(columns(table))
    alone = [MODEL.weighted_scores(columns([row]))[0] for row in table]
    np.testing.assert_array_equal(batch, alone)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_better_factor_never_lowers_the_score(a: float, b: float, other: float) -> None:
    low, high = sorted((a, b))
    assert one(topic=low, price=other) <= one(topic=high, price=other) + 1e-12


def test_topic_factor_stretches_the_useful_cosines() -> None:
    factor = MODEL.topic_factor(np.array([-0.2, 0.1, 0.35, 0.6, 0.9, UNKNOWN]))
    np.testing.assert_allclose(factor, [0, 0, 0.5, 1, 1, UNKNOWN])


def test_price_factor_falls_to_zero_at_twice_the_budget() -> None:
    suggested = np.array([50.0, 100.0, 150.0, 200.0, UNKNOWN])
    fit = matching.price_factor(suggested * 0.5, suggested, budget=100.0)
    np.testing.assert_allclose(fit, [1, 1, 0.5, 0, UNKNOWN])


def test_price_factor_halves_a_price_that_starts_above_the_budget() -> None:
    fit = matching.price_factor(np.array([110.0]), np.array([120.0]), budget=100.0)
    assert fit[0] == 0.5


def test_percentiles_count_ties_half() -> None:
    reference = np.array([0.1, 0.2, 0.2, 0.4])
    result = matching.percentiles(np.array([0.05, 0.2, 0.3, 0.5]), reference)
    assert result.tolist() == [0, 50, 75, 100]


def test_percentiles_without_a_reference_are_zero() -> None:
    assert matching.percentiles(np.array([0.5]), np.array([])).tolist() == [0]
