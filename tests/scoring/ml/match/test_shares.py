import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.match import audience, shares
from scoring.ml.match.countries import UnknownCountry, read_countries, read_country
from scoring.ml.match.shares import Shares, SharesError, read_shares

weights = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 1), min_size=1)


def scaled(given: dict[str, float]) -> dict[str, float]:
    total = sum(given.values())
    return {name: share / total for name, share in given.items()}


@given(weights)
def test_hellinger_similarity_of_equal_distributions_is_one(one: dict[str, float]) -> None:
    assert shares.hellinger_similarity(scaled(one), scaled(one)) == pytest.approx(1.0, abs=1e-7)


@given(weights, weights)
def test_hellinger_similarity_is_symmetric_and_in_range(
    one: dict[str, float], two: dict[str, float]
) -> None:
    forth = shares.hellinger_similarity(scaled(one), scaled(two))
    back = shares.hellinger_similarity(scaled(two), scaled(one))
    assert 0 <= forth <= 1
    assert forth == pytest.approx(back, abs=1e-7)


def test_hellinger_similarity_on_known_answers() -> None:
    assert shares.hellinger_similarity({"a": 1.0}, {"b": 1.0}) == 0.0
    # H² = 1 - sqrt(0.5)
    expected = 1 - math.sqrt(1 - math.sqrt(0.5))
    assert shares.hellinger_similarity({"a": 1.0}, {"a": 0.5, "b": 0.5}) == pytest.approx(expected)
    assert shares.similarity_to_group(0.5) == pytest.approx(expected)


@given(weights)
def test_no_distribution_on_a_group_is_nearer_than_similarity_to_group_says(
    one: dict[str, float],
) -> None:
    whole = scaled(one)
    group = [name for name in whole if name in "abc"]
    inside = shares.share_inside(whole, group)
    if inside > 0:
        restricted = {name: whole[name] / inside for name in group}
        assert shares.similarity_to_group(inside) == pytest.approx(
            shares.hellinger_similarity(restricted, whole), abs=1e-6
        )


def test_shares_that_sum_to_less_than_one_leave_a_rest_and_say_so() -> None:
    read = read_shares({"a": 0.5, "b": 0.25})
    assert read is not None
    assert read.values == {"a": pytest.approx(2 / 3), "b": pytest.approx(1 / 3)}
    assert read.known == 0.75
    assert read.note == "only 75% of the audience is known"
    assert read_shares({"a": 0.3}) is None
    assert read_shares({}) is None


def test_per_cent_are_read_as_shares() -> None:
    read = read_shares({"a": 60, "b": 40})
    assert read is not None
    assert read.values == {"a": pytest.approx(0.6), "b": pytest.approx(0.4)}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"a": 0.9, "b": 0.9}, "sum to 1.80"),
        ({"a": -0.1, "b": 1.1}, "negative"),
        ({"a": float("nan")}, "not a number"),
        ({"a": "half"}, "not a number"),
        ({"a": True}, "not a number"),
    ],
)
def test_impossible_shares_are_refused_in_words(given: dict[str, object], words: str) -> None:
    with pytest.raises(SharesError, match=words):
        read_shares(given)


def test_age_bands_of_different_cuts_are_comparable() -> None:
    fine = audience.read_ages({"18-24": 0.7, "25-34": 0.3})
    assert fine is not None
    whole = audience.distribution_similarity(audience.years_of("18-34"), fine)
    assert whole == pytest.approx(1.0, abs=1e-7)
    young = audience.distribution_similarity(audience.years_of("18-24"), fine)
    assert young == pytest.approx(shares.similarity_to_group(0.7))
    same = audience.read_ages({"18-24": 70, "25-34": 30})
    assert audience.distribution_similarity(same, fine) == pytest.approx(1.0, abs=1e-7)
    with pytest.raises(SharesError, match="not an age band"):
        audience.read_ages({"young": 1.0})


def test_words_for_genders_are_understood_and_others_unknown() -> None:
    read = audience.read_genders({"Women": 0.6, "m": 0.4})
    assert read is not None
    assert read.values == {"female": pytest.approx(0.6), "male": pytest.approx(0.4)}
    assert audience.read_genders({"yes": 1.0}) is None


def test_unknown_countries_belong_to_the_rest_of_an_audience() -> None:
    read = audience.read_audience_countries({"Germany": 0.6, "UK": 0.2, "Mordor": 0.2})
    assert read is not None
    assert set(read.values) == {"DE", "GB"}
    assert read.known == pytest.approx(0.8)
    # the part whose country is unknown counts as elsewhere
    assert audience.geographic_overlap(["DE"], read) == pytest.approx(0.6)
    assert audience.geographic_overlap(["FR"], read) == 0.0


def test_unknown_countries_of_a_brief_are_refused_by_name() -> None:
    assert read_countries(["Germany", "de", "USA"]) == ["DE", "US"]
    with pytest.raises(UnknownCountry, match="'Mordor'"):
        read_countries(["Germany", "Mordor"])
    assert read_country("  türkiye ") == "TR"


def test_geographic_overlap_of_wished_shares_is_what_both_have() -> None:
    wish = Shares({"DE": 0.5, "FR": 0.5}, 1.0)
    assert audience.geographic_overlap(wish, Shares({"DE": 1.0}, 1.0)) == 0.5


def test_niche_similarity_takes_the_best_pair_and_knows_relatives() -> None:
    own = {"Street Food": 0.8, "travel": 1.0}
    assert audience.niche_similarity(["#street-food"], own) == 0.8
    assert audience.niche_similarity(["cooking"], own) == 0.0
    assert audience.niche_similarity(["cooking"], own, {("street-food", "cooking"): 0.5}) == 0.4
    assert audience.niche_similarity(["cooking"], None) is None
    assert audience.niche_similarity([], own) is None
