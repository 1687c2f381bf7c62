"""Explaining growth: the declared cause and its evidence."""

from django import forms

from accounts.growth_events import LONGEST_DESCRIPTION, LONGEST_URL
from accounts.models import GrowthEvent


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        # The only form a date input of a browser takes.
        super().__init__(format="%Y-%m-%d")


class GrowthEventForm(forms.Form):
    """What the service asks for; its rules about days and evidence are the service's own."""

    kind = forms.ChoiceField(label="What happened", choices=GrowthEvent.Kind.choices)
    starts_on = forms.DateField(label="First day", widget=DayInput)
    ends_on = forms.DateField(label="Last day", widget=DayInput)
    evidence_url = forms.URLField(
        label="Link where it can be seen",
        required=False,
        max_length=LONGEST_URL,
        assume_scheme="https",
    )
    description = forms.CharField(
        label="What happened, in your words",
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Needed without a link. Brands and moderators read it.",
    )
