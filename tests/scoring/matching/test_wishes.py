"""An audience a brief wants: read in both forms, and refused by name where it cannot be."""

from typing import Any

import pytest

from campaigns.terms import BriefRejected, BriefTerms
from scoring.matching.wishes import check_country, countries_by_code, read_wish
from scoring.ml.match.shares import Shares
from scoring.models import SearchEntry
from tests.scoring.catalogue import make_account


def test_names_and_shares_are_both_wishes() -> None:
    wish = read_wish(
        {
            "age": {"18-24": 0.6, "25-34": 0.4},
            "gender": ["Women"],
            "countries": ["Germany", "de", "AT"],
            "interests": ["Street Food"],
        }
    )
    assert isinstance(wish.ages, Shares)
    assert (wish.genders, wish.countries, wish.interests) == (
        ["female"],
        ["DE", "AT"],
        ["street-food"],
    )
    assert wish.notes == ()


def test_shares_that_leave_a_rest_are_taken_with_a_note() -> None:
    [note] = read_wish({"gender": {"female": 0.6}}).notes
    assert "sum to 60%" in note


@pytest.mark.parametrize(
    ("audience", "field", "words"),
    [
        ({"age": {"18-24": 0.9, "25-34": 0.9}}, "audience.age", "sum to 1.80"),
        ({"age": {"18-24": 0.2}}, "audience.age", "less than one half"),
        ({"age": ["young"]}, "audience.age", "is not an age band"),
        ({"gender": ["robots"]}, "audience.gender", "'robots' is none of"),
        ({"countries": ["Germny"]}, "audience.countries", "Did you mean Germany?"),
        ({"countries": {"Wonderland": 1}}, "audience.countries", "is no country"),
        ({"interests": ["!!!"]}, "audience.interests", "no letters"),
        ({"age": {"18-24": -1}}, "audience.age", "negative"),
    ],
)
def test_what_no_audience_can_be_is_refused_with_its_field(
    audience: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(BriefRejected) as refusal:
        read_wish(audience)
    assert refusal.value.attr == field
    assert words in refusal.value.message


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"audience": {"ages": ["18-24"]}}, "audience"),
        ({"audience": {"age": "18-24"}}, "audience.age"),
        ({"audience": {"age": {"18-24": "much"}}}, "audience.age"),
        ({"audience": {"age": {"18-24": float("nan")}}}, "audience.age"),
        ({"audience": {"interests": ["x" * 81]}}, "audience.interests"),
        ({"audience": {"interests": ["a\x00"]}}, "audience.interests"),
        ({"audience": {"countries": ["DE"] * 251}}, "audience.countries"),
        ({"languages": ["deutsch"]}, "languages"),
        ({"languages": ["en"] * 21}, "languages"),
        ({"category": "x" * 61}, "category"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_the_terms(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BriefRejected) as refusal:
        BriefTerms(text="Skincare routines", **changes).checked()
    assert refusal.value.attr == field


def test_countries_have_names_in_order() -> None:
    countries = countries_by_code()
    assert countries["DE"] == "Germany"
    assert list(countries.values()) == sorted(countries.values())


@pytest.mark.django_db
def test_a_place_only_the_catalogue_names_is_no_mistake() -> None:
    with pytest.raises(BriefRejected):
        check_country("Middle Earth")
    account = make_account("frodo")
    SearchEntry.objects.create(
        account=account, creator=account.creator, country="Middle Earth",
        country_key="middle earth", platform="instagram",
    )  # fmt: skip
    check_country("Middle Earth")
