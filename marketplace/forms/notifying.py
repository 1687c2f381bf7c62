"""Which e-mail somebody wants, and a new webhook."""

from typing import Any

from django import forms

from accounts.models import NotificationCategory, NotificationPreference
from accounts.notifying.posting import URL_CHARACTERS
from accounts.notifying.preferences import MANDATORY
from accounts.notifying.webhooks import KINDS


class PacesForm(forms.Form):
    """One choice for each category that has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category in NotificationCategory:
            if category not in MANDATORY:
                self.fields[category.value] = forms.ChoiceField(
                    label=category.label, choices=NotificationPreference.Pace.choices
                )


class WebhookForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=URL_CHARACTERS,
        help_text="Begins with https:// and can be reached from the internet.",
        widget=forms.URLInput,
    )
    kinds = forms.MultipleChoiceField(
        label="Only these events",
        choices=[(kind, kind.capitalize()) for kind in KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means all.",
    )
