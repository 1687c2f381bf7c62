"""The fields Fairground adds to allauth's sign-up form."""

from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.models import User
from accounts.signup import complete_signup


class SignupDetailsForm(forms.Form):
    name = forms.CharField(max_length=120, label="Your name")
    side = forms.ChoiceField(
        choices=[
            (User.Side.BRAND.value, User.Side.BRAND.label),
            (User.Side.CREATOR.value, User.Side.CREATOR.label),
        ],
        widget=forms.RadioSelect,
        initial=User.Side.BRAND.value,
        label="What brings you here",
    )
    brand_name = forms.CharField(
        max_length=120, required=False, label="Brand", help_text="Only if you hire creators."
    )
    field_order = ["name", "side", "brand_name", "email", "password1", "password2"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("side") == User.Side.BRAND and not cleaned.get("brand_name", "").strip():
            self.add_error("brand_name", "Give the brand you hire for a name.")
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        complete_signup(
            user=user,
            name=self.cleaned_data["name"],
            side=self.cleaned_data["side"],
            brand_name=self.cleaned_data.get("brand_name", ""),
        )
