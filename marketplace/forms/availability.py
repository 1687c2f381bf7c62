"""What a creator says of their availability."""

from typing import Any

from django import forms

from accounts.availability import Availability
from marketplace.forms.growth import DayInput

ANSWERS = {"": None, "yes": True, "no": False}


class AvailabilityForm(forms.Form):
    """The rules about days are the service's own."""

    accepts_work = forms.ChoiceField(
        label="Do you take on work?",
        required=False,
        choices=[("", "I do not say"), ("yes", "Yes"), ("no", "No, not now")],
    )
    away_from = forms.DateField(
        label="Away from", required=False, widget=DayInput, help_text="Empty if you are not away."
    )
    away_until = forms.DateField(
        label="Last day away",
        required=False,
        widget=DayInput,
        help_text="Empty if you do not know yet.",
    )

    @classmethod
    def showing(cls, said: Availability) -> "AvailabilityForm":
        answer = next(key for key, value in ANSWERS.items() if value is said.accepts_work)
        return cls(
            initial={
                "accepts_work": answer,
                "away_from": said.away_from,
                "away_until": said.away_until,
            }
        )

    def said(self) -> Availability:
        cleaned: dict[str, Any] = self.cleaned_data
        return Availability(
            ANSWERS[cleaned["accepts_work"]], cleaned["away_from"], cleaned["away_until"]
        )
