from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.terms import MAX_BRIEF_CHARACTERS, BriefRejected, BriefTerms


def test_a_plain_brief_is_accepted() -> None:
    terms = BriefTerms(text="Vegan skincare", platform="tiktok", min_followers=0, max_risk=100)
    assert terms.checked() is terms


@pytest.mark.parametrize(
    ("fields", "code", "attr"),
    [
        ({"text": ""}, "brief_empty", "text"),
        ({"text": " \n\t "}, "brief_empty", "text"),
        ({"text": "a" * (MAX_BRIEF_CHARACTERS + 1)}, "brief_too_long", "text"),
        ({"text": "🎉🎉🎉"}, "brief_without_words", "text"),
        ({"text": "12 34 !!"}, "brief_without_words", "text"),
        ({"text": "skin\x00care"}, "brief_not_text", "text"),
        ({"platform": "myspace"}, "unknown_platform", "platform"),
        ({"min_followers": -1}, "followers_out_of_range", "min_followers"),
        ({"max_followers": 10**11}, "followers_out_of_range", "max_followers"),
        ({"min_followers": 9, "max_followers": 3}, "followers_range_empty", "max_followers"),
        ({"max_risk": 101}, "risk_out_of_range", "max_risk"),
        ({"budget_minor": -5, "budget_currency": "EUR"}, "budget_negative", "budget_minor"),
        ({"budget_minor": 5}, "budget_without_currency", "budget_currency"),
        ({"budget_minor": 5, "budget_currency": "€"}, "budget_without_currency", "budget_currency"),
    ],
)
def test_a_brief_is_refused_naming_the_field(fields: dict[str, Any], code: str, attr: str) -> None:
    with pytest.raises(BriefRejected) as refusal:
        BriefTerms(**{"text": "Vegan skincare", **fields}).checked()
    assert (refusal.value.code, refusal.value.attr) == (code, attr)
    assert refusal.value.details == {"field": attr}


@given(st.text())
def test_any_text_is_either_accepted_or_refused_in_words(text: str) -> None:
    assert refusal_of(BriefTerms(text=text))[-1:] in ("", ".")


def refusal_of(terms: BriefTerms) -> str:
    try:
        terms.checked()
    except BriefRejected as refusal:
        return refusal.message
    return ""
