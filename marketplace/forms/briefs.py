"""The brief and its limits, as one form for the new and the revised brief."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms

from accounts import money
from accounts.models import Brand
from campaigns.terms import BriefRejected, BriefTerms
from marketplace.forms import choices
from marketplace.forms.brief_audience import (
    GROUPS,
    matching_fields,
    matching_initial,
    matching_layout,
    matching_terms,
)
from marketplace.forms.followers import FollowersField
from scoring.matching.wishes import check_wishes

MAX_TITLE = 140
NO_RISK_LIMIT = 100

# Fields whose name on the form differs from the name in the terms.
FIELD_OF = {
    "budget_minor": "budget",
    "total_budget_minor": "total_budget",
    **{f"audience.{group}": name for name, group in GROUPS.items()},
}


class CampaignTitleField(forms.CharField):
    def __init__(self, *, required: bool = False) -> None:
        super().__init__(
            label="Campaign title",
            required=required,
            max_length=MAX_TITLE,
            help_text="Left empty, the first words of the brief are used.",
        )


class BriefForm(forms.Form):
    """Cleans to `terms`, refused by exactly the rules that hold for API and commands.

    :param terms: the present brief; what the form does not show is kept from it.
    """

    text = forms.CharField(
        label="The brief",
        # Emptiness and length are judged by BriefTerms, which says what to write instead.
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 9,
                "placeholder": "We are launching a refillable shampoo bar and look for creators "
                "who talk about low-waste living and hair care …",
            }
        ),
        help_text="Describe the product and the creators you look for. English works best.",
    )
    title = CampaignTitleField()
    platform = forms.ChoiceField(label="Platform", required=False, choices=choices.PLATFORMS)
    country = forms.ChoiceField(label="Country of the creator", required=False)
    min_followers = FollowersField(label="At least", help_text="For example 10k")
    max_followers = FollowersField(label="At most", help_text="For example 1.2m")
    niches = forms.MultipleChoiceField(
        label="Niches", required=False, widget=forms.CheckboxSelectMultiple
    )
    max_risk = forms.IntegerField(
        label="Highest fake-follower risk",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"type": "range", "step": 5, "class": "form-range"}),
    )
    budget = forms.DecimalField(
        label="Budget per creator",
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
    )
    budget_currency = forms.ChoiceField(
        label="Currency", required=False, choices=[(code, code) for code in money.CURRENCIES]
    )

    def __init__(
        self,
        *args: Any,
        terms: BriefTerms | None = None,
        brands: list[Brand] | None = None,
        **kwargs: Any,
    ) -> None:
        self.present = terms
        kwargs["initial"] = {
            **_initial(terms, brands or []),
            **matching_initial(terms),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.fields |= matching_fields(terms)
        country, niches, currency = (
            self.fields[name] for name in ("country", "niches", "budget_currency")
        )
        country.choices = choices.country_choices(present=terms.country if terms else "")  # type: ignore[attr-defined]
        niches.choices = choices.niche_choices(present=terms.niches if terms else ())  # type: ignore[attr-defined]
        if terms and terms.budget_currency not in {"", *money.CURRENCIES}:
            currency.choices += [(terms.budget_currency, terms.budget_currency)]  # type: ignore[attr-defined]
        if terms and terms.total_budget_minor is not None:
            # The budget for all is in it too, and is changed in the campaign's settings.
            currency.disabled = True
        if terms:
            del self.fields["title"]
        if brands and len(brands) > 1:
            self.fields["brand"] = forms.ChoiceField(
                label="Brand", choices=[(str(brand.pk), brand.name) for brand in brands]
            )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            *(["brand"] if "brand" in self.fields else []),
            Field("text"),
            *(["title"] if "title" in self.fields else []),
            Div(
                Div("platform", css_class="col-sm-6"),
                Div("country", css_class="col-sm-6"),
                css_class="row gx-3",
            ),
            Field("niches", template="crispy/choice_box.html"),
            HTML('<fieldset><legend class="form-label">Followers</legend>'),
            Div(
                Div("min_followers", css_class="col-6"),
                Div("max_followers", css_class="col-6"),
                css_class="row gx-3",
            ),
            HTML("</fieldset>"),
            Field("max_risk", template="crispy/range.html"),
            Div(
                Div("budget", css_class="col-7"),
                Div("budget_currency", css_class="col-5"),
                css_class="row gx-3",
            ),
            *matching_layout(),
        )
        return helper

    @property
    def opens_audience(self) -> bool:
        """Whether the fold says something, was typed into just now, or holds an error."""
        return bool(self.errors.keys() & set(GROUPS)) or any(self[name].value() for name in GROUPS)

    @property
    def opens_work(self) -> bool:
        names = ("languages", "needs_availability", "category")
        return bool(self.errors.keys() & set(names)) or any(self[name].value() for name in names)

    def clean_text(self) -> str:
        # Browsers send two characters for a line's end; the limit counts what was typed.
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        cleaned["terms"] = self._terms(cleaned)
        try:
            check_wishes(cleaned["terms"].checked())
        except BriefRejected as refusal:
            field = FIELD_OF.get(refusal.attr, refusal.attr)
            self.add_error(field if field in self.fields else None, refusal.message)
        return cleaned

    @property
    def terms(self) -> BriefTerms:
        terms: BriefTerms = self.cleaned_data["terms"]
        return terms

    def make_title(self) -> str:
        """The title typed, else the brief's first words."""
        if title := self.cleaned_data.get("title", "").strip():
            return title
        words = " ".join(self.terms.text.split())
        if len(words) <= 60:
            return words
        return words[:60].rsplit(" ", 1)[0] + "…"

    def _terms(self, cleaned: dict[str, Any]) -> BriefTerms:
        budget, currency = cleaned["budget"], cleaned["budget_currency"]
        total = self.present.total_budget_minor if self.present else None
        risk = cleaned["max_risk"]
        shown: dict[str, Any] = {
            "text": cleaned["text"],
            "platform": cleaned["platform"],
            "country": cleaned["country"],
            "niches": cleaned["niches"],
            "min_followers": cleaned["min_followers"],
            "max_followers": cleaned["max_followers"],
            "max_risk": None if risk is None or risk >= NO_RISK_LIMIT else risk,
            "budget_minor": None if budget is None else money.to_minor(budget, currency),
            "budget_currency": "" if (budget, total) == (None, None) else currency,
            **matching_terms(cleaned, self.present),
        }
        return replace(self.present, **shown) if self.present else BriefTerms(**shown)


def _initial(terms: BriefTerms | None, brands: list[Brand]) -> dict[str, Any]:
    if terms is None:
        currency = brands[0].currency if brands else "EUR"
        return {"max_risk": NO_RISK_LIMIT, "budget_currency": currency}
    budget = (
        money.to_major(terms.budget_minor, terms.budget_currency)
        if terms.budget_minor is not None
        else None
    )
    return {
        "text": terms.text,
        "platform": terms.platform,
        "country": terms.country,
        "niches": terms.niches,
        "min_followers": terms.min_followers,
        "max_followers": terms.max_followers,
        "max_risk": NO_RISK_LIMIT if terms.max_risk is None else terms.max_risk,
        "budget": budget,
        "budget_currency": terms.budget_currency or "EUR",
    }
