"""The parts of the authenticity model: one row and many, linear member, unseen collections."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml import metrics
from scoring.ml.artifacts import load_artifact
from scoring.ml.authenticity import AuthenticityModel
from scoring.ml.authenticity_data import cap_collections, labelled_accounts, read_accounts
from scoring.ml.authenticity_features import (
    KNOWN_FEATURES,
    RAW_COLUMNS,
    all_features,
    clean_matrix,
)
from scoring.ml.authenticity_fitting import fit_baseline, fit_members, fit_scorer
from scoring.ml.authenticity_linear import FALLING, RISING, LinearMember
from scoring.ml.authenticity_single import facts_of_one, features_of_one

from .test_authenticity import SHIPPED, some_columns

VALUES = st.one_of(
    st.none(),
    # A count or rate of 1e-300 is none, and there powers of ten differ in their last bit.
    st.floats(1e-6, 1e15),
    st.sampled_from([np.nan, np.inf, -np.inf, -1.0, -1e300, 1e300]),
    st.integers(0, 10**9).map(float),
    st.sampled_from([0.0, 1.0, 0.5]),
)


@pytest.fixture(scope="module")
def shipped():
    return AuthenticityModel.from_artifact(load_artifact(SHIPPED, "authenticity", "v2"))


@pytest.fixture(scope="module")
def sampled(shared_data):
    table, _ = read_accounts([shared_data / "accounts_labelled.csv.gz"])
    return cap_collections(labelled_accounts(table), 800, np.random.default_rng(4))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(RAW_COLUMNS), VALUES, min_size=1))
def test_one_account_has_the_features_it_has_in_a_batch(facts):
    columns = {
        name: np.array([np.nan if value is None else value, 7.0]) for name, value in facts.items()
    }
    with np.errstate(over="ignore"):
        batch = all_features(clean_matrix(columns))[:, 0]
    known = facts_of_one({name: values[:1] for name, values in columns.items()})
    assert known is not None
    np.testing.assert_allclose(features_of_one(known), batch, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_batch_has_the_probabilities_its_rows_have_one_by_one(version):
    model = AuthenticityModel.from_artifact(load_artifact(SHIPPED, "authenticity", version))
    columns = some_columns(200)
    together, abstained = model.probabilities(columns)
    for row in range(200):
        alone = model.probabilities({name: v[row : row + 1] for name, v in columns.items()})
        assert alone[0][0] == pytest.approx(together[row], abs=1e-12)
        assert alone[1][0] == abstained[row]


def test_log_odds_are_those_of_the_probability_and_unknown_where_it_abstains(shipped):
    columns = some_columns(200)
    probabilities, abstained = shipped.probabilities(columns)
    log_odds = shipped.log_odds(columns)
    assert np.isnan(log_odds[abstained]).all()
    known = ~abstained
    expected = np.clip(1 / (1 + np.exp(-log_odds[known])), 0.01, 0.99)
    np.testing.assert_allclose(probabilities[known], expected, rtol=1e-9)


def test_effects_and_a_constant_add_up_to_the_log_odds(shipped):
    features = all_features(clean_matrix(some_columns(50)))
    linear = shipped.linear
    rest = linear.raw_scores(features) - linear.contributions(features).sum(axis=1)
    np.testing.assert_allclose(rest, linear.intercept)
    trees = shipped.trees
    rest = trees.raw_scores(features, 1) - trees.contributions(features, 1).sum(axis=1)
    np.testing.assert_allclose(rest, rest[0])


def test_the_linear_member_says_nothing_about_the_unknown_and_keeps_its_signs(shipped):
    linear = shipped.linear
    unknown = np.full((len(KNOWN_FEATURES), 1), np.nan)
    assert linear.raw_scores(unknown)[0] == linear.intercept
    slopes = dict(zip(linear.names, linear.slopes, strict=True))
    assert all(slopes[name] >= 0 for name in RISING)
    assert all(slopes[name] <= 0 for name in FALLING)
    assert LinearMember.from_json(linear.to_json()) == linear


def test_an_account_of_no_followers_or_huge_counts_gets_a_plain_answer(shipped):
    for facts in (
        dict.fromkeys(RAW_COLUMNS, 0.0),
        {"followers": 1e308, "following": 1e308, "posts": 1e308, "like_rate": 1e308},
    ):
        columns = {name: np.array([value]) for name, value in facts.items()}
        with np.errstate(over="ignore"):
            answer = shipped.assess(columns)[0]
        assert 0.01 <= answer.probability <= 0.99
        assert shipped.probabilities(columns)[0][0] == pytest.approx(answer.probability)


def test_it_beats_logistic_regression_on_collections_neither_saw(sampled):
    ours, simple = [], []
    for collection in ("instafake2019", "kaggle696", "pellegrini2020", "purba2020"):
        own = sampled.collections == collection
        others, rows = sampled.take(np.flatnonzero(~own)), sampled.take(np.flatnonzero(own))
        for fit, results in ((fit_scorer, ours), (fit_baseline, simple)):
            results.append(metrics.auc(rows.labels, fit(others, 42)(rows.columns)))
    assert np.mean(ours) > np.mean(simple)


def test_the_same_seed_gives_the_same_members(sampled):
    rows = sampled.take(np.arange(0, len(sampled), 5))
    (trees, linear), (trees_again, linear_again) = (fit_members(rows, 7, 10) for _ in range(2))
    assert linear == linear_again
    assert trees.model_to_string() == trees_again.model_to_string()
