"""Naming a creator by id, handle or the address of their page."""

import re
from typing import Any

from django import forms

from accounts import access
from accounts.models import Creator, User

_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/creators/([0-9]{1,18})/?")
_ID = re.compile(r"[0-9]{1,18}")


class IdealCreatorForm(forms.Form):
    """``creator`` cleans to a `Creator` the user may see."""

    creator = forms.CharField(
        label="A creator you wish you had",
        max_length=200,
        help_text="The @handle, the number, or the address of the creator's page here.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_creator(self) -> Creator:
        text = self.cleaned_data["creator"].strip()
        visible = access.creators_visible_to(self._user)
        if match := _ADDRESS.fullmatch(text) or _ID.fullmatch(text):
            found = visible.filter(pk=int(match[match.lastindex or 0]))[:2]
        else:
            handle = text.removeprefix("@")
            found = visible.filter(accounts__handle__iexact=handle).distinct().order_by("pk")[:2]
        creators = list(found)
        if not creators:
            raise forms.ValidationError("Nobody here has this handle or number.")
        if len(creators) > 1:
            raise forms.ValidationError(
                "Several creators have this handle. Give the number at the end of the address "
                "of the one you mean."
            )
        return creators[0]
