"""The fields Fairground adds to allauth's sign-up form."""

from typing import Any

from allauth.core import context
from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from accounts import teams
from accounts.errors import DomainError
from accounts.models import Invitation, User
from accounts.signup import complete_signup
from marketplace.invitations import SESSION_KEY, invitation_of


class SignupDetailsForm(forms.Form):
    """Who signs up. Somebody invited joins that team and is not asked for a brand."""

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
        max_length=120,
        required=False,
        label="Name of your brand",
        help_text="Only if you hire creators. Others of your brand join by invitation.",
    )
    field_order = ["name", "side", "brand_name", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = _invitation_of(context.request)
        if self.invitation:
            del self.fields["side"], self.fields["brand_name"]
            self.fields["name"].help_text = f"You join the team of {self.invitation.brand}."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.invitation:
            email = cleaned.get("email", "")
            if email and email.lower() != self.invitation.email.lower():
                self.add_error(
                    "email",
                    f"You were invited as {self.invitation.email}; sign up with that address.",
                )
        elif cleaned.get("side") == User.Side.BRAND and not cleaned.get("brand_name", "").strip():
            self.add_error("brand_name", "Give the brand you hire for a name.")
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        if self.invitation:
            self._join(request, user, self.invitation)
            return
        complete_signup(
            user=user,
            name=self.cleaned_data["name"],
            side=self.cleaned_data["side"],
            brand_name=self.cleaned_data.get("brand_name", ""),
        )

    def _join(self, request: HttpRequest, user: User, invitation: Invitation) -> None:
        request.session.pop(SESSION_KEY, None)
        name = self.cleaned_data["name"]
        try:
            teams.sign_up_invited(user=user, name=name, invitation=invitation, now=timezone.now())
        except DomainError as error:
            # Withdrawn while the form was filled in: the account stays, without a team.
            user.name = name
            user.save(update_fields=["name"])
            messages.error(request, error.message)


def _invitation_of(request: HttpRequest | None) -> Invitation | None:
    """The usable invitation the visitor came with; a stale one is forgotten."""
    token = request.session.get(SESSION_KEY) if request is not None else None
    if request is None or not token:
        return None
    try:
        invitation = invitation_of(token)
    except DomainError:
        invitation = None
    if invitation is None or not invitation.is_usable(now=timezone.now()):
        request.session.pop(SESSION_KEY, None)
        return None
    return invitation
