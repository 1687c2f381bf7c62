"""Rate cards, price files and rates of exchange as they are typed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.text import capfirst

from accounts.errors import DomainError
from accounts.money import CURRENCIES, to_major
from marketplace.forms.acts import ActForm
from scoring.models import MarketPrice
from scoring.pricing.currencies import KNOWN
from scoring.pricing.deliverables import label_of
from scoring.pricing.rate_cards import Ask

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
OFFERED_CURRENCIES = [*CURRENCIES, *sorted(KNOWN - set(CURRENCIES))]


class RateCardForm(forms.Form):
    """One field per kind of work, named after it; an empty one asks nothing."""

    currency = forms.ChoiceField(label="Currency", choices=[(c, c) for c in OFFERED_CURRENCIES])

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        deliverables: Sequence[str],
        platform: str,
        card: Mapping[str, MarketPrice],
    ) -> None:
        currencies = {price.currency for price in card.values()}
        initial: dict[str, Any] = {"currency": next(iter(sorted(currencies)), "EUR")}
        initial |= {
            name: to_major(price.price_minor, price.currency)
            for name, price in card.items()
            if price.price_minor is not None
        }
        super().__init__(data, initial=initial)
        self.deliverables = tuple(deliverables)
        for name in deliverables:
            self.fields[name] = forms.DecimalField(
                label=capfirst(label_of(name, platform)),
                required=False,
                max_digits=14,
                decimal_places=3,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )

    def asks(self) -> list[Ask]:
        currency = self.cleaned_data["currency"]
        return [Ask(name, self.cleaned_data[name], currency) for name in self.deliverables]

    def refuse(self, error: DomainError) -> None:
        field = (error.details or {}).get("field") if isinstance(error.details, dict) else None
        self.add_error(field if field in self.fields else None, error.message)

    def price_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.deliverables]


class PriceFileForm(ActForm):
    file = forms.FileField(
        label="Price file",
        help_text="CSV or gzipped CSV, up to 20 MB. The columns tell which layout it is.",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.gz,text/csv", "data-max-bytes": MAX_UPLOAD_BYTES}
        ),
    )
    source = forms.CharField(
        label="Where the prices come from",
        max_length=200,
        help_text="Such as: rate cards sent to the agency, October 2026.",
    )
    day = forms.DateField(
        label="Day of the prices",
        required=False,
        help_text="Counts only where a row has no date. Empty means today.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    simulated = forms.BooleanField(
        label="These prices are made up",
        required=False,
        help_text="Simulated prices only ever price simulated creators.",
    )
    dry_run = forms.BooleanField(label="Only check the file, write nothing", required=False)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError("The file is larger than 20 MB; split it.")
        return file


class CurrencyRateForm(ActForm):
    base = forms.ChoiceField(label="One unit of", choices=[(c, c) for c in OFFERED_CURRENCIES])
    rate = forms.DecimalField(
        label="is worth",
        max_digits=20,
        decimal_places=10,
        min_value=Decimal("0.0000000001"),
        max_value=Decimal(10**9),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    quote = forms.ChoiceField(label="of", choices=[(c, c) for c in OFFERED_CURRENCIES])
    day = forms.DateField(label="on", widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(
        label="Source", max_length=200, help_text="Such as: ECB reference rate."
    )
