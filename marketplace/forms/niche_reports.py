"""The choices of the niche reports, and the month to be written."""

from collections.abc import Sequence
from typing import Any

from django import forms

from marketplace.forms import choices
from scoring.niche_reports.months import Month, MonthRefused

KINDS = [("", "Real, where there are any"), ("real", "Real"), ("simulated", "Simulated")]
SORTS = [
    ("competition", "Most creators"),
    ("growth", "Fastest growing"),
    ("engagement", "Highest engagement"),
    ("price", "Highest price"),
    ("opportunity", "Best opportunity"),
    ("name", "Name"),
]


class NicheReportFilterForm(forms.Form):
    """Read from the address; an unusable choice is reported and left out."""

    q = forms.CharField(label="Niche", required=False, max_length=60)
    month = forms.ChoiceField(
        label="Month",
        required=False,
        error_messages={"invalid_choice": "There is no report of this month."},
    )
    platform = forms.ChoiceField(label="Platform", required=False, choices=choices.PLATFORMS)
    sort = forms.ChoiceField(label="Order", required=False, choices=SORTS)
    creators = forms.ChoiceField(label="Creators", required=False, choices=KINDS)

    def __init__(self, *args: Any, months: Sequence[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            ("", "The newest"),
            *((str(month), month.words) for month in months),
        ]

    def chosen(self) -> dict[str, Any]:
        """The usable choices as `scoring.niche_reports.reading.list_niches` takes them."""
        self.is_valid()
        given = self.cleaned_data
        month = given.get("month")
        return {
            "month": Month.parse(month) if month else None,
            "platform": given.get("platform", ""),
            "text": given.get("q", ""),
            "sort": given.get("sort") or SORTS[0][0],
        }


class WriteReportForm(forms.Form):
    """Which month a moderator wants computed."""

    month = forms.CharField(
        label="Month",
        max_length=7,
        widget=forms.TextInput(attrs={"placeholder": "2026-03", "autocomplete": "off"}),
    )

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except MonthRefused as error:
            raise forms.ValidationError(error.message) from error
