"""What a creator says about a price they justify."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import SocialAccount
from accounts.money import CURRENCIES, to_minor
from scoring.justifying.gathering import OPTIONAL
from scoring.justifying.making import LIMIT_MAJOR, LONGEST_DAYS, USUAL_DAYS
from scoring.models.price_justifications import LONGEST_NOTE
from scoring.pricing.deliverables import label_of
from scoring.pricing.suggesting import list_deliverables


class JustificationForm(forms.Form):
    """One of the creator's accounts with a deliverable, their price, and what is said with it."""

    piece = forms.ChoiceField(label="What it is for")
    asked = forms.DecimalField(
        label="Your price", max_digits=14, decimal_places=2, min_value=Decimal("0.01"),
        max_value=Decimal(LIMIT_MAJOR) - Decimal("0.01"),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
        help_text="What you get. The platform’s fee comes on top and is not part of it.",
    )  # fmt: skip
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])
    days = forms.IntegerField(
        label="Days it is valid", min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )
    note = forms.CharField(
        label="Note to the brand",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"At most {LONGEST_NOTE} characters, shown as your own words.",
    )
    shown = forms.MultipleChoiceField(
        label="Show as well",
        required=False,
        choices=list(OPTIONAL.items()),
        initial=list(OPTIONAL),
        widget=forms.CheckboxSelectMultiple,
        help_text="Where you leave one out, the document says that you did.",
    )

    def __init__(self, *args: Any, accounts: Sequence[SocialAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {account.pk: account for account in accounts}
        self.fields["piece"].choices = [  # type: ignore[attr-defined]
            (
                str(account),
                [
                    (f"{account.pk}:{name}", _label(name, account))
                    for name in list_deliverables(account)
                ],
            )
            for account in accounts
        ]

    def asks(self) -> dict[str, Any]:
        """What the services take beside the actor and the time."""
        said = self.cleaned_data
        account_id, _, deliverable = said["piece"].partition(":")
        return {
            "account": self.accounts[int(account_id)],
            "deliverable": deliverable,
            "asked_minor": to_minor(said["asked"], said["currency"]),
            "currency": said["currency"],
            "note": said["note"],
            "days": said["days"],
            "left_out": [name for name in OPTIONAL if name not in said["shown"]],
        }


# What the services call an input and the form calls otherwise.
FIELDS: Mapping[str, str] = {"deliverable": "piece", "asked_minor": "asked", "left_out": "shown"}


def _label(name: str, account: SocialAccount) -> str:
    label = label_of(name, account.platform)
    return label[:1].upper() + label[1:]
