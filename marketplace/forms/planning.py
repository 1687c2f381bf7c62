"""Rates of earned media value, and what a budget plan is asked, as people type them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import Platform
from accounts.money import CURRENCIES, exponent
from campaigns.models import ReportFormula
from campaigns.results.earned_value import RATED
from campaigns.results.formula_terms import (
    LONGEST_SOURCE,
    MOST_PLACES,
    FormulaTerms,
    plain,
    read_rates,
)


class FormulaForm(forms.Form):
    """Rates are typed in whole units of the currency, 0.005 for half a cent, and kept exactly."""

    is_on = forms.BooleanField(label="Show earned media value in reports", required=False)
    currency = forms.ChoiceField(
        label="Currency of the rates",
        required=False,
        choices=[("", "–"), *((code, code) for code in CURRENCIES)],
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for platform, interactions in RATED.items():
            for name in interactions:
                self.fields[f"{platform}_{name}"] = forms.DecimalField(
                    label=f"{Platform(platform).label}: one of its {name}",
                    required=False,
                    min_value=0,
                    max_digits=20,
                    decimal_places=MOST_PLACES + 3,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
                )
            self.fields[f"{platform}_source"] = forms.CharField(
                label=f"{Platform(platform).label}: where these rates are from",
                required=False,
                max_length=LONGEST_SOURCE,
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
