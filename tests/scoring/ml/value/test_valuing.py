"""The formula: known answers, bad numbers, and the same chance alone as in a batch."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml.value import chance
from scoring.ml.value.formula import Coefficients
from scoring.ml.value.posts import weighted_median
from scoring.ml.value.valuing import ValueModel
from tests.scoring.ml.value.made import MODEL, PRIOR, RATE, evidence_of

ENGAGED = [120.0, 90.0, 150.0, 110.0, 95.0, 130.0, 105.0, 115.0, 100.0, 125.0]


def test_the_value_is_the_product_of_its_parts_and_lies_in_its_range():
    evidence = evidence_of([ENGAGED], risk=0.1, market="real:douyin")
    valued = MODEL.value(evidence, {"real:douyin": RATE})
    assert valued.currencies[0] == "CNY"
    product = (
        valued.engagement.value * valued.rate.value * valued.authenticity.value
        * valued.consistency.value
    )  # fmt: skip
    assert valued.value == pytest.approx(product)
    assert valued.low[0] < valued.value[0] < valued.high[0]
    assert valued.rate.value[0] == pytest.approx(np.exp(2.0))
    assert valued.authenticity.value[0] == pytest.approx(0.9)


def test_many_posts_speak_for_themselves_and_few_are_drawn_to_their_size():
    once, often = [2_000.0], [2_000.0] * 40
    valued = MODEL.value(evidence_of([once, often]))
    usual = valued.engagement.expected[0]
    assert usual == pytest.approx(np.expm1(6.0))
    assert usual < valued.engagement.value[0] < valued.engagement.value[1] < 2_000
    assert valued.engagement.weight[1] > 0.95 > valued.engagement.weight[0]
    width = valued.high / valued.low
    assert width[0] > width[1] > 1.0


def test_an_exception_is_drawn_in_less_than_an_ordinary_account():
    def pull(distance: float, model: ValueModel = MODEL) -> float:
        found = model.value(evidence_of([[float(np.expm1(6.0 + distance))] * 3])).engagement
        return 6.0 + distance - float(np.log1p(found.value[0]))

    near, farther, exception, extreme = map(pull, (0.4, 0.8, 3.0, 6.0))
    assert 0 < near < farther
    assert farther > exception > extreme > 0
    assert pull(-3.0) == pytest.approx(-exception)
    first = ValueModel(
        replace(MODEL.coefficients, formula=replace(MODEL.formula, exception_weight=0.0))
    )
    assert pull(3.0, first) == pytest.approx(pull(0.4, first) * 3.0 / 0.4)
    # More posts never lose by it: the value keeps their order.
    values = [6.0 + distance - pull(distance) for distance in np.linspace(-4, 4, 81)]
    assert np.all(np.diff(values) > 0)


def test_recent_posts_weigh_more_than_old_ones():
    rising = [50.0] * 10 + [500.0] * 10
    valued = MODEL.value(evidence_of([rising, rising[::-1]], every=20.0))
    assert valued.engagement.own[0] == pytest.approx(500.0)
    assert valued.engagement.own[1] == pytest.approx(50.0)


def test_uneven_posts_and_silence_lower_consistency_within_its_bounds():
    even, uneven = [100.0] * 12, [5.0, 2_000.0] * 6
    steady, gone = evidence_of([even, uneven]), evidence_of([even])
    gone.ages[:] += 400.0
    factor = MODEL.value(steady).consistency
    assert factor.value[0] > 1.0 > factor.value[1] >= 0.75
    assert MODEL.value(gone).consistency.value[0] < factor.value[0]


def test_where_no_risk_is_known_the_range_is_what_is_plausible():
    unknown = MODEL.value(evidence_of([ENGAGED])).authenticity
    known = MODEL.value(evidence_of([ENGAGED], risk=0.02)).authenticity
    assert unknown.value[0] == pytest.approx(0.75)
    assert not unknown.known[0]
    assert unknown.high[0] - unknown.low[0] > 0.4 > known.high[0] - known.low[0]
    assert known.high[0] <= 1.0


def test_profiles_without_posts_have_wide_ranges_and_nothing_known_none_at_all():
    rated = MODEL.value(evidence_of([[], ENGAGED], rate=0.05))
    assert rated.engagement.basis.tolist() == ["rate", "posts"]
    assert rated.high[0] / rated.low[0] > rated.high[1] / rated.low[1]
    for evidence in (
        evidence_of([[]]),
        evidence_of([[]], followers=0.0, rate=0.05),
        evidence_of([[]], followers=np.nan, rate=0.05),
        evidence_of([[-5.0, 1e300, np.nan]], rate=9_999.0),
    ):
        valued = MODEL.value(evidence)
        assert valued.abstained.all()
        assert np.isnan(valued.low).all()


def test_odd_histories_have_finite_values():
    odd = evidence_of([[0.0], [0.0] * 5, [7.0] * 6, [1e10], ENGAGED * 60], followers=0.0)
    undated = evidence_of([ENGAGED])
    undated.ages[:] = np.nan
    for evidence in (odd, undated):
        valued = MODEL.value(evidence)
        assert np.isfinite(valued.value).all()
        assert (valued.value > 0).all()
        assert (valued.low <= valued.value).all()
    assert MODEL.value(odd).engagement.posts.tolist() == [1, 5, 6, 1, 500]
    assert np.isnan(MODEL.value(undated).engagement.silence).all()


def test_a_batch_gives_each_account_exactly_what_it_gets_alone():
    rng = np.random.default_rng(5)
    posts = [rng.integers(1, 900, rng.integers(0, 25)).tolist() for _ in range(60)]
    evidence = evidence_of(posts, rate=0.03, risk=0.2, market="real:douyin")
    rates = {"real:douyin": RATE}
    together = MODEL.value(evidence, rates)
    for row in (0, 7, 31, 59):
        alone = MODEL.value(evidence.take([row]), rates)
        for name in ("value", "low", "high", "log_sd", "draws"):
            assert np.array_equal(getattr(alone, name)[0], getattr(together, name)[row]), name


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-1e12, 1e12) | st.just(float("nan")), max_size=30),
    st.floats(-1e12, 1e12) | st.just(float("nan")),
    st.floats(-10, 10),
)
def test_whatever_comes_is_valued_or_abstained(counts, followers, rate):
    valued = MODEL.value(evidence_of([counts], followers=followers, rate=rate))
    if not valued.abstained[0]:
        assert 0 < valued.low[0] <= valued.value[0] <= valued.high[0] < np.inf


def test_the_weighted_median_is_the_usual_one_and_moves_smoothly():
    for n in range(1, 9):
        values = np.sort(np.random.default_rng(n).normal(size=n))
        assert weighted_median(values[None], np.ones((1, n)))[0] == pytest.approx(np.median(values))
    two = np.array([[0.0, 1.0]])
    near = weighted_median(two, np.array([[1.0, 1.02]]))[0]
    assert near == pytest.approx(0.5, abs=0.02)
    unused = weighted_median(np.array([[0.0, 5.0, 9.0]]), np.array([[0.0, 1.0, 0.0]]))[0]
    assert unused == pytest.approx(5.0)


def test_ranges_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(0)
    truth = 6.0 + 0.8 * rng.normal(size=600)
    posts = [np.expm1(np.maximum(one + 0.5 * rng.normal(size=6), 0)).tolist() for one in truth]
    found = MODEL.value(evidence_of(posts, every=1.0)).engagement
    held = (found.low <= np.expm1(truth)) & (np.expm1(truth) <= found.high)
    assert 0.86 <= held.mean() <= 0.97


def test_resampled_posts_come_in_blocks_of_the_asked_length():
    counts = chance.patterns(40, 4.0)
    assert (counts.sum(axis=1) == 40).all()
    assert counts.mean() == pytest.approx(1.0)
    near = np.mean(np.abs(np.diff(counts.astype(int), axis=1)))
    assert near < np.mean(np.abs(np.diff(chance.patterns(40, 1.0).astype(int), axis=1)))
    assert chance.block_length(10, 0.0) == 1.0 < chance.block_length(10, 0.4)


def test_coefficients_survive_their_file_and_other_versions_are_refused():
    written = Coefficients(MODEL.formula, {"other": PRIOR}, {"real:douyin": RATE}).to_json()
    read = Coefficients.from_json(written)
    assert read.to_json() == written
    assert {field.name for field in fields(read.formula)} == set(written["formula"])
    with pytest.raises(ValueError, match="v2"):
        Coefficients.from_json({**written, "formula_version": "v0"})


def test_the_first_version_is_still_read_and_knew_no_exceptions():
    written = Coefficients(MODEL.formula, {"other": PRIOR}).to_json()
    formula = {name: value for name, value in written["formula"].items() if "exception" not in name}
    first = Coefficients.from_json({**written, "formula": formula, "formula_version": "v1"})
    assert (first.version, first.formula.exception_weight) == ("v1", 0.0)
    assert ValueModel(first).formula_version == "v1"
