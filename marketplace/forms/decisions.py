"""What the desk writes to decide a dispute and to hide a review. Dressed for the desk."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.errors import DomainError
from accounts.money import exponent, to_major, to_minor
from campaigns.dispute_decisions import REASONS_CHARACTERS, Decision
from campaigns.dispute_states import DecisionKind
from campaigns.models import Deliverable
from campaigns.review_terms import REVIEW_CHARACTERS

LARGEST = Decimal(10**10)
PARTS = {
    "creator_minor": "To the creator",
    "fee_minor": "Platform fee",
    "brand_minor": "Back to the brand",
}


class ProposalForm(forms.Form):
    """Amounts are in major units, as people write them; empty is nothing."""

    kind = forms.ChoiceField(
        label="Decision", choices=DecisionKind.choices, widget=UnfoldAdminRadioSelectWidget()
    )
    reasons = forms.CharField(
        label="Reasons, as both sides will read them",
        max_length=REASONS_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )

    def __init__(
        self, *args: Any, currency: str, paid: Iterable[Deliverable], **kwargs: Any
    ) -> None:
        """:param paid: settled pieces in dispute, of which something can be taken back."""
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.paid = list(paid)
        for name, label in PARTS.items():
            self.fields[name] = self._amount(f"{label}, {currency}")
        for piece in self.paid:
            price = to_major(piece.price_minor, currency)
            self.fields[_back(piece)] = self._amount(
                f"Take back of piece {piece.position}, {currency} (its price was {price})"
            )
        self.order_fields(["kind", *PARTS, *(_back(piece) for piece in self.paid), "reasons"])

    def decision(self) -> Decision:
        given = self.cleaned_data
        if given["kind"] == DecisionKind.RESUME:  # whatever stands in the amounts
            return Decision(DecisionKind.RESUME, given["reasons"])
        back = {piece.position: self._minor(_back(piece)) for piece in self.paid}
        return Decision(
            kind=DecisionKind(given["kind"]),
            reasons=given["reasons"],
            clawbacks={place: amount for place, amount in back.items() if amount},
            **{name: self._minor(name) for name in PARTS},
        )

    def refuse(self, error: DomainError) -> None:
        """Tell a refusal beside its field."""
        field = (error.details or {}).get("field")
        self.add_error(field if field in self.fields else None, error.message)

    def _amount(self, label: str) -> forms.DecimalField:
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=0,
            max_value=LARGEST,
            decimal_places=exponent(self.currency),
            widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        )

    def _minor(self, name: str) -> int:
        return to_minor(self.cleaned_data[name] or Decimal(0), self.currency)


class ConfirmationForm(forms.Form):
    step = forms.ChoiceField(
        label="The proposed decision",
        choices=[
            ("confirm", "Confirm: it takes effect at once, money included"),
            ("send_back", "Send it back to the moderators"),
        ],
        widget=UnfoldAdminRadioSelectWidget(),
    )
    note = forms.CharField(
        label="Why it is sent back; the desk reads it",
        required=False,
        max_length=REASONS_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("step") == "send_back" and not given.get("note", "").strip():
            self.add_error("note", "Say what is to be decided otherwise.")
        return given

    def refuse(self, error: DomainError) -> None:
        self.add_error(None, error.message)


class HidingForm(forms.Form):
    reason = forms.CharField(
        label="Why it is hidden, as both sides will read it",
        max_length=REVIEW_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


def _back(piece: Deliverable) -> str:
    return f"clawback_{piece.position}"
