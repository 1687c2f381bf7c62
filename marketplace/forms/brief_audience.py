"""The audience a brief wants, as boxes to tick; and the limits about language and time.

A wish in shares, as programs send it, stays as it is while its boxes stay ticked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import HTML, Div, Field
from django import forms

from campaigns.terms import BriefTerms
from marketplace.forms import choices
from scoring.matching.wishes import AGE_BANDS, countries_by_code
from scoring.ml.match.countries import read_country

SENT = "matching"
GENDERS = [("female", "Women"), ("male", "Men"), ("other", "Others")]
# Field of the form → group of the audience.
GROUPS = {
    "audience_age": "age",
    "audience_gender": "gender",
    "audience_countries": "countries",
    "audience_interests": "interests",
}
FIELDS = ("languages", "needs_availability", "category", *GROUPS)


class InterestsField(forms.CharField):
    """Names between commas."""

    def to_python(self, value: Any) -> Any:
        return [part for one in (value or "").split(",") if (part := one.strip())]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value


def _boxes(label: str, options: Sequence[tuple[str, str]] = ()) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=options, widget=forms.CheckboxSelectMultiple
    )


def matching_fields(terms: BriefTerms | None) -> dict[str, forms.Field]:
    """The fields by name, with choices that hold what the brief says already."""
    said = terms or BriefTerms(text="")
    wished = names_of(said.audience)
    bands = [*AGE_BANDS, *(band for band in wished["age"] if band not in AGE_BANDS)]
    countries = countries_by_code()
    return {
        SENT: forms.CharField(required=False, widget=forms.HiddenInput, initial="1"),
        "languages": _boxes("Languages", choices.language_choices(present=said.languages)),
        "needs_availability": forms.BooleanField(
            label="Only creators known to be free in the days of publication", required=False
        ),
        "category": forms.CharField(
            label="Product category",
            required=False,
            max_length=60,
            help_text="Past work in it counts. Left empty, the first niche does.",
        ),
        "audience_age": _boxes("Ages", [(band, band.replace("-", "–")) for band in bands]),
        "audience_gender": _boxes("Genders", GENDERS),
        "audience_countries": _boxes("Countries of the audience", list(countries.items())),
        "audience_interests": InterestsField(
            label="Interests, with commas between them", required=False, max_length=1_000
        ),
    }


def matching_initial(terms: BriefTerms | None) -> dict[str, Any]:
    said = terms or BriefTerms(text="")
    wished = names_of(said.audience)
    return {
        "languages": said.languages,
        "needs_availability": said.needs_availability,
        "category": said.category,
        SENT: "1",
        **{name: wished[group] for name, group in GROUPS.items()},
    }


def matching_terms(cleaned: Mapping[str, Any], present: BriefTerms | None) -> dict[str, Any]:
    """The terms these fields say; none if they were not sent, as by a program."""
    if not cleaned.get(SENT):
        return {}
    before = present.audience if present else {}
    known = names_of(before)
    audience = {
        group: before[group] if group in before and set(names) == set(known[group]) else names
        for name, group in GROUPS.items()
        if (names := cleaned[name])
    }
    return {
        "languages": cleaned["languages"],
        "needs_availability": cleaned["needs_availability"],
        "category": cleaned["category"].strip(),
        "audience": audience,
    }


def names_of(audience: Mapping[str, Any]) -> dict[str, list[str]]:
    """Per group the names wished at all; countries as codes where they are known."""
    found = {group: _wished(audience.get(group) or ()) for group in GROUPS.values()}
    found["countries"] = [read_country(name) or name for name in found["countries"]]
    return found


def matching_layout() -> list[Any]:
    """Two folds behind the limits."""
    return [
        SENT,
        HTML('<details class="fold"{% if form.opens_audience %} open{% endif %}>'
             "<summary>Audience you want to reach</summary><div class=\"pt-2\">"),
        Div(
            Div(Field("audience_age", template="crispy/few_boxes.html"), css_class="col-sm-6"),
            Div(Field("audience_gender", template="crispy/few_boxes.html"), css_class="col-sm-6"),
            css_class="row gx-3",
        ),
        Field("audience_countries", template="crispy/choice_box.html"),
        "audience_interests",
        HTML('<p class="form-text">Nobody is left out for their audience; whose followers are '
             "nearer to it stand higher.</p></div></details>"),
        HTML('<details class="fold"{% if form.opens_work %} open{% endif %}>'
             "<summary>Language, dates and category</summary><div class=\"pt-2\">"),
        Field("languages", template="crispy/choice_box.html"),
        "needs_availability",
        "category",
        HTML("</div></details>"),
    ]  # fmt: skip


def _wished(wish: Any) -> list[str]:
    if isinstance(wish, Mapping):
        return [name for name, share in wish.items() if share]
    return list(wish)
