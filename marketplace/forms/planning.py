"""Rates of earned media value, and what a budget plan is asked, as people type them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Creator, Platform
from accounts.money import CURRENCIES, exponent, to_minor
from campaigns.models import ReportFormula
from campaigns.models.shortlists import LONGEST_NAME
from campaigns.results.earned_value import RATED
from campaigns.results.formula_terms import (
    LONGEST_SOURCE,
    MOST_PLACES,
    FormulaTerms,
    plain,
    read_rates,
)
from marketplace.forms.creators_named import CreatorsField, numbers_of
from scoring.budgeting.terms import MOST_CREATORS, TIER_NAMES, Goal, PlanTerms

_OWN_PRICE = re.compile(r"(.+?)\s*[=:]\s*([0-9]{1,12}(?:\.[0-9]{1,3})?)\s*", re.ASCII)


class FormulaForm(forms.Form):
    """Rates are typed in whole units of the currency, 0.005 for half a cent, and kept exactly."""

    is_on = forms.BooleanField(label="Show earned media value in reports", required=False)
    currency = forms.ChoiceField(
        label="Currency of the rates",
        required=False,
        widget=forms.Select(attrs={"class": "form-select w-auto"}),
        choices=[("", "–"), *((code, code) for code in CURRENCIES)],
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for platform, interactions in RATED.items():
            for name in interactions:
                self.fields[f"{platform}_{name}"] = forms.DecimalField(
                    label=f"{Platform(platform).label}: a {name.removesuffix('s')}",
                    required=False,
                    min_value=0,
                    max_digits=20,
                    decimal_places=MOST_PLACES + 3,
                    widget=forms.TextInput(
                        attrs={"inputmode": "decimal", "size": 8, "class": "form-control"}
                    ),
                )
            self.fields[f"{platform}_source"] = forms.CharField(
                label=f"{Platform(platform).label}: where these rates are from",
                required=False,
                max_length=LONGEST_SOURCE,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    @classmethod
    def showing(cls, formula: ReportFormula | None) -> "FormulaForm":
        if formula is None:
            return cls(initial={"based_on": 0})
        initial: dict[str, Any] = {
            "is_on": formula.is_on,
            "currency": formula.currency,
            "based_on": formula.version,
        }
        places = exponent(formula.currency)
        for platform, own in read_rates(formula.rates).items():
            initial[f"{platform}_source"] = formula.sources[platform]
            for name, rate in own.items():
                initial[f"{platform}_{name}"] = plain(rate.scaleb(-places))
        return cls(initial=initial)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Per platform its fields, for the table."""
        for platform, interactions in RATED.items():
            yield {
                "label": Platform(platform).label,
                "rates": [(name, self[f"{platform}_{name}"]) for name in interactions],
                "source": self[f"{platform}_source"],
            }

    def terms(self) -> FormulaTerms:
        given = self.cleaned_data
        places = exponent(given["currency"])
        rates: dict[str, dict[str, Decimal]] = {}
        for platform, interactions in RATED.items():
            for name in interactions:
                if (typed := given[f"{platform}_{name}"]) is not None:
                    rates.setdefault(platform, {})[name] = typed.scaleb(places)
        return FormulaTerms(
            is_on=given["is_on"],
            currency=given["currency"],
            rates=rates,
            sources={platform: given[f"{platform}_source"] for platform in rates},
        )

    def add_refusal(self, field: str, message: str) -> None:
        """Beside the field that `FormulaRefused` names, else above the form."""
        kind, _, rest = field.partition(".")
        name = {"rates": rest.replace(".", "_"), "sources": f"{rest}_source"}.get(kind, kind)
        self.add_error(name if name in self.fields else None, message)


class BudgetPlanForm(forms.Form):
    """What a plan is asked for; money in whole units, shares in per cent, people by id or name."""

    budget = forms.DecimalField(
        label="Budget for creators",
        max_digits=15,
        decimal_places=3,
        help_text="Without Fairground’s fee.",
    )
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])
    goal = forms.ChoiceField(label="As many as possible of", choices=Goal.choices)
    fewest = forms.IntegerField(
        label="At least so many creators", required=False, min_value=0, max_value=MOST_CREATORS
    )
    most = forms.IntegerField(
        label="At most so many creators", required=False, min_value=1, max_value=MOST_CREATORS
    )
    include = CreatorsField(label="Must be in the plan", max_length=2_000)
    exclude = CreatorsField(label="May not be in the plan", max_length=2_000, help_text="")
    largest_share = forms.DecimalField(
        label="Most of the budget for one creator, %",
        required=False,
        min_value=Decimal("0.1"),
        max_value=100,
        decimal_places=1,
    )
    least_match = forms.IntegerField(
        label="Match of at least, of 100", required=False, min_value=0, max_value=100
    )
    deliverable = forms.CharField(
        label="Kind of piece",
        required=False,
        max_length=40,
        help_text="Such as reel, story or short video; empty for the brief’s first.",
    )
    overlap = forms.DecimalField(
        label="Assumed overlap of audiences, %",
        initial=50,
        min_value=0,
        max_value=100,
        decimal_places=0,
        help_text="Of the people two audiences could share, how many are shared. Nobody measured "
        "it: 0 is none, 100 all who could be.",
    )
    certainty = forms.ChoiceField(
        label="Stay within the budget",
        required=False,
        choices=[
            ("", "at the middle of the price ranges"),
            ("0.8", "with a probability of 80 %"),
            ("0.9", "with a probability of 90 %"),
            ("0.95", "with a probability of 95 %"),
        ],
    )
    own_prices = forms.CharField(
        label="Prices you know",
        required=False,
        max_length=2_000,
        help_text="One per line: the creator, =, the price of one piece. @name = 450",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, seen: QuerySet[Creator], **kwargs: Any) -> None:
        """:param seen: whom the reader may see, to find creators by name."""
        super().__init__(*args, **kwargs)
        self.seen = seen
        for name in ("include", "exclude"):
            self.fields[name].seen = seen  # type: ignore[attr-defined]
        for name in TIER_NAMES:
            self.fields[f"tier_{name}"] = forms.IntegerField(
                label=f"At least so many {name}",
                required=False,
                min_value=0,
                max_value=MOST_CREATORS,
            )

    def tier_fields(self) -> list[Any]:
        return [self[f"tier_{name}"] for name in TIER_NAMES]

    def clean_own_prices(self) -> dict[int, Decimal]:
        found = {}
        for line in self.cleaned_data["own_prices"].splitlines():
            if not line.strip():
                continue
            match = _OWN_PRICE.fullmatch(line)
            creators = numbers_of(match[1], self.seen) if match else ()
            if match is None or len(creators) != 1:
                raise forms.ValidationError(f"“{line.strip()[:40]}” is not like @name = 450.")
            found[creators[0]] = Decimal(match[2])
        return found

    def terms(self) -> PlanTerms:
        """:raises PlanRefused: as `PlanTerms.checked`."""
        given = self.cleaned_data
        currency = given["currency"]
        share, certainty = given["largest_share"], given["certainty"]
        return PlanTerms(
            budget_minor=to_minor(given["budget"], currency),
            currency=currency,
            goal=given["goal"],
            fewest=given["fewest"] or 0,
            most=given["most"],
            include=given["include"],
            exclude=given["exclude"],
            tier_least={name: given[f"tier_{name}"] or 0 for name in TIER_NAMES},
            largest_share=None if share is None else float(share) / 100,
            least_match=None if given["least_match"] is None else given["least_match"] / 100,
            deliverable=given["deliverable"],
            overlap_share=float(given["overlap"]) / 100,
            certainty=float(certainty) if certainty else None,
            own_prices={
                creator_id: to_minor(price, currency)
                for creator_id, price in given["own_prices"].items()
            },
        ).checked()

    def add_refusal(self, field: str, message: str) -> None:
        """Beside the field a refusal names, else above the form."""
        name = {"overlap_share": "overlap", "tier_least": "tier_nano"}.get(field, field)
        self.add_error(name if name in self.fields else None, message)


class PlanShortlistForm(forms.Form):
    name = forms.CharField(label="Name of the list", max_length=LONGEST_NAME)
