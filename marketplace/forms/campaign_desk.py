"""What a moderator decides about a campaign. Dressed for the desk."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from campaigns.moving import REASON_CHARACTERS

DECISIONS = (
    ("approve", "Approve: creators find the campaign and can apply"),
    ("send_back", "Send back: the brand reads the reason and can change the brief"),
)


class SubmissionForm(forms.Form):
    step = forms.ChoiceField(
        label="Decision", choices=DECISIONS, widget=UnfoldAdminRadioSelectWidget()
    )
    reason = forms.CharField(
        label="Reason, as the brand will read it (needed to send it back)",
        required=False,
        max_length=REASON_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )
    # The version that was read; one that came later is not decided by this.
    submission = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("step") == "send_back" and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why, so that the brand knows what to change.")
        return cleaned
