"""Deposits, withdrawals, payouts and the periods of statements, as people type them."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from accounts.money import CURRENCIES, to_minor
from campaigns.payments.asking import BANK_ACCOUNT_CHARACTERS, KEY_CHARACTERS
from campaigns.payments.providers import default_provider


class AskForm(forms.Form):
    """An amount in one currency. The hidden key makes a form that is sent twice one request."""

    amount = forms.DecimalField(
        label="Amount", min_value=Decimal("0.01"), max_digits=14, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )  # fmt: skip
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])
    bank_account = forms.CharField(
        label="Bank account", required=False, max_length=BANK_ACCOUNT_CHARACTERS
    )
    idempotency_key = forms.CharField(max_length=KEY_CHARACTERS, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("idempotency_key", uuid.uuid4().hex)
        super().__init__(*args, **kwargs)
        self.fields["bank_account"].help_text = account_help()

    def asked(self) -> dict[str, Any]:
        """What the payment services take."""
        return {
            "amount_minor": to_minor(
                self.cleaned_data["amount"], currency := self.cleaned_data["currency"]
            ),
            "currency": currency,
            "provider": default_provider(),
            "bank_account": self.cleaned_data["bank_account"],
            "idempotency_key": self.cleaned_data["idempotency_key"],
        }


class DepositForm(AskForm):
    pass


class SendForm(AskForm):
    """Money that leaves needs to know where to."""

    bank_account = forms.CharField(
        label="Bank account", max_length=BANK_ACCOUNT_CHARACTERS,
        error_messages={"required": "Say where the money is to go."},
    )  # fmt: skip


class PeriodForm(forms.Form):
    """Whole UTC days, both included; the last thirty if nothing is said."""

    currency = forms.ChoiceField(choices=[(code, code) for code in CURRENCIES])
    first_day = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    last_day = forms.DateField(
        label="To", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The period ends before it begins.")
        return cleaned

    def period(self, *, today: date) -> dict[str, Any]:
        last = self.cleaned_data["last_day"] or today
        return {
            "currency": self.cleaned_data["currency"],
            "first_day": self.cleaned_data["first_day"] or last - timedelta(days=29),
            "last_day": last,
        }


def account_help() -> str:
    if default_provider() == "fake":
        return (
            "No real money moves on this Fairground. “fake:returns” or “fake:fails” try what "
            "a bank may do; anything else goes well."
        )
    return "An IBAN, or what your bank calls the account."
