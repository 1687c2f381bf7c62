"""Figures as people write them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from accounts import money
from accounts.models import SocialAccount
from marketplace.forms.choices import language_name
from marketplace.forms.followers import FollowersField
from marketplace.templatetags import figures, matches
from scoring.models import Score


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, "–"),
        (0, "0"),
        (999, "999"),
        (1_000, "1k"),
        (34_600, "34.6k"),
        (99_949, "99.9k"),
        (99_951, "100k"),
        (999_949, "1000k"),
        (999_950, "1M"),
        (1_234_567, "1.2M"),
        (3_000_000_000, "3B"),
    ],
)
def test_compact(count: int | None, words: str) -> None:
    assert figures.compact(count) == words


@pytest.mark.parametrize(
    ("fraction", "places", "words"),
    [(None, 1, "–"), (0.05234, 1, "5.2 %"), (0.05, 1, "5 %"), (0.5, 0, "50 %"), (1, 1, "100 %")],
)
def test_percent(fraction: float | None, places: int, words: str) -> None:
    assert figures.percent(fraction, places) == words.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (1250, "EUR", "€12.50"),
        (125_000, "EUR", "€1,250"),
        (125_060, "EUR", "€1,251"),
        (1500, "JPY", "JP¥1,500"),
        (900_000, "CNY", "CN¥9,000"),
        (5_000, "SEK", "SEK 50"),
    ],
)
def test_money(minor: int, currency: str, words: str) -> None:
    assert figures.money_in(minor, currency) == words


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (125_060, "EUR", "€1,250.60"),
        (100, "EUR", "€1.00"),
        (-5, "USD", "−US$0.05"),
        (1_500, "JPY", "JP¥1,500"),
        (10**15 + 1, "EUR", "€10,000,000,000,000.01"),
    ],
)
def test_what_is_owed_is_written_to_the_last_cent(minor: int, currency: str, words: str) -> None:
    assert figures.exact_money(minor, currency) == words


@given(
    st.integers(min_value=0, max_value=2**53),
    st.sampled_from(["EUR", "JPY", "KWD", *money.CURRENCIES]),
)
def test_money_survives_the_way_there_and_back(minor: int, currency: str) -> None:
    assert money.to_minor(money.to_major(minor, currency), currency) == minor


def test_money_is_rounded_half_up() -> None:
    assert money.to_minor(Decimal("0.005"), "EUR") == 1


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("", None),
        ("5000", 5_000),
        ("5,000", 5_000),
        ("5 000", 5_000),
        ("1'000'000", 1_000_000),
        ("10k", 10_000),
        ("1.2m", 1_200_000),
        ("1,5 M", 1_500_000),
        (" 7 ", 7),
    ],
)
def test_followers_as_people_write_them(typed: str, count: int | None) -> None:
    assert FollowersField().clean(typed) == count


@pytest.mark.parametrize(
    "typed", ["many", "-5", "10kk", "1e5", "k", "1.2.3", "９９", "5\x00", "1,2"]
)
def test_what_is_no_follower_count_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        FollowersField().clean(typed)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, ""),
        (timedelta(0), "about 1 second left"),
        (timedelta(seconds=40), "about 40 seconds left"),
        (timedelta(minutes=3), "about 3 minutes left"),
        (timedelta(hours=2), "about 2.0 hours left"),
    ],
)
def test_time_left(left: timedelta | None, words: str) -> None:
    assert figures.time_left(left) == words


def test_signed_bars_put_the_strongest_first_and_fill_half_the_width() -> None:
    reasons = [
        {"text": "weak", "effect": 0.1, "feature": "a"},
        {"text": "strong", "effect": -2.0, "feature": "b"},
    ]
    assert figures.signed_bars(reasons) == [
        {"text": "strong", "effect": -2.0, "width": 50.0},
        {"text": "weak", "effect": 0.1, "width": 2.5},
    ]
    assert figures.signed_bars([{"text": "none", "effect": 0}])[0]["width"] == 0.0


def test_inputs_are_told_from_unknown_ones() -> None:
    shown = [figures.input_value(value) for value in (None, True, 12_345, 0.02138, 16_810.0, "x")]
    assert shown == ["unknown", "yes", "12,345", "0.02138", "16,810", "x"]


def test_inputs_lie_flat_and_long_lists_are_counted() -> None:
    inputs = {
        "opened_on": None,
        "growth": {"is_judged": True, "spikes": [{"day": 1}, {"day": 2}], "days": [1, 2.5]},
        "niches": [],
        "prices": {},
        "weights": list(range(20)),
    }
    assert figures.input_rows(inputs) == [
        ("Opened on", "unknown"),
        ("Growth: Is judged", "yes"),
        ("Growth: Spikes", "2 entries"),
        ("Growth: Days", "1, 2.5"),
        ("Niches", "none"),
        ("Prices", "none"),
        ("Weights", "0, 1, 2, 3, 4, 5, 6, 7 and 12 more"),
    ]


def test_a_card_names_declared_niches_first_and_unlikely_ones_not_at_all() -> None:
    labels = [
        {"readable": "makeup", "probability": 0.6},
        {"readable": "home decor", "probability": 0.3},
        {"readable": "cars", "probability": 0.01},
    ]
    score = Score(details={"labels": labels})
    declared = SocialAccount(declared_niches=["makeup"])
    assert figures.shown_niches(declared, score) == [
        ("makeup", "declared"),
        ("home decor", "30\N{NO-BREAK SPACE}%"),
    ]
    unsure = Score(details={"labels": labels[2:]})
    assert figures.shown_niches(SocialAccount(), unsure) == [("cars", "1\N{NO-BREAK SPACE}%")]
    assert figures.shown_niches(SocialAccount(), None) == []


@pytest.mark.parametrize(
    ("contribution", "words"),
    [(0.034, "+3.4"), (-0.131, "−13.1"), (0.0004, "0.0"), (-0.0004, "0.0"), (0.0, "0.0")],
)
def test_points_that_round_to_nothing_have_no_sign(contribution: float, words: str) -> None:
    assert matches.signed_points(contribution) == words


@pytest.mark.parametrize(
    ("code", "name"), [("de", "German"), ("zh", "Chinese"), ("gu", "Gujarati"), ("xx", "xx")]
)
def test_languages_have_names(code: str, name: str) -> None:
    assert language_name(code) == name


def test_sentences_of_scores_are_set_as_the_pages_figures_are() -> None:
    assert (
        figures.typeset("The brand's 81% and 5%")
        == "The brand’s 81\N{NO-BREAK SPACE}% and 5\N{NO-BREAK SPACE}%"
    )
