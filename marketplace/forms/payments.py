"""What the finance desk decides about a payment."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from campaigns.payments.asking import REASON_CHARACTERS
from campaigns.payments.desk import Step


class PaymentDecisionForm(forms.Form):
    """One of the steps a payment allows, with words for it. Dressed for the desk."""

    words = forms.CharField(
        label="Reason, or the bank’s reference",
        max_length=REASON_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="The owner reads why it was let go, refused or tried again. For what the bank "
        "did: its reference, up to 120 characters.",
    )

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = forms.ChoiceField(
            label="Decision",
            choices=[(step.value, step.label) for step in steps],
            widget=UnfoldAdminRadioSelectWidget(),
            initial=steps[0].value if len(steps) == 1 else None,
        )
        self.fields = {"step": choice, **self.fields}
