"""The rows in which a brief says what one creator makes."""

from typing import Any

from django import forms

from accounts.models import Platform
from campaigns.brief_rules import MAX_SPECS
from campaigns.offer_terms import MAX_DELIVERABLES
from campaigns.specifications import DeliverableSpec

SPARE_ROWS = 2


class SpecificationForm(forms.Form):
    """One row. A row in which nothing is written is none."""

    count = forms.IntegerField(
        label="How many", min_value=1, max_value=MAX_DELIVERABLES, required=False
    )
    kind = forms.CharField(
        label="Kind",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "video"}),
    )
    platform = forms.ChoiceField(
        label="For", choices=[("", "…"), *Platform.choices], required=False
    )
    description = forms.CharField(
        label="What it shows",
        max_length=1_800,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    length = forms.CharField(
        label="Length",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "30–60 s"}),
    )
    format = forms.CharField(
        label="Format",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "vertical"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_empty:
            return cleaned
        for name, message in (
            ("kind", "Name the kind, such as video."),
            ("platform", "Choose the platform."),
            ("description", "Say what it shows."),
        ):
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, message)
        return cleaned

    @property
    def is_empty(self) -> bool:
        """The count alone, which the browser fills in, says nothing."""
        said = ("kind", "platform", "description", "length", "format")
        return not any(self.cleaned_data.get(name) or name in self.errors for name in said)

    def to_spec(self) -> DeliverableSpec:
        words = {name: self.cleaned_data[name] for name in self.fields if name != "count"}
        return DeliverableSpec(count=self.cleaned_data["count"] or 1, **words)


class BaseSpecifications(forms.BaseFormSet):
    def to_specs(self) -> list[DeliverableSpec]:
        """Of a valid set."""
        return [row.to_spec() for row in self.forms if row.cleaned_data and not row.is_empty]


SpecificationSet = forms.formset_factory(
    SpecificationForm,
    formset=BaseSpecifications,
    extra=SPARE_ROWS,
    max_num=MAX_SPECS,
    validate_max=True,
    absolute_max=MAX_SPECS + 50,
)
