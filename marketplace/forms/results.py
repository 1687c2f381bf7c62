"""Figures of publications, and the plan they are held against, as people type them."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from accounts.money import CURRENCIES, to_major, to_minor
from campaigns.horizons import COUNTS, MAX_COUNT
from campaigns.results.connectors.csv import LARGEST_BYTES
from campaigns.results.figures import PieceLine
from campaigns.results.planning import LARGEST_COUNT, PlanTerms
from campaigns.results.stating import Stated


class TableForm(forms.Form):
    file = forms.FileField(
        label="Table (CSV)",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text="Columns: deliverable, observed_at and any of "
        f"{', '.join(COUNTS)}. “deliverable” is the number of the piece, "
        "“observed_at” a time in UTC. Leave unknown cells empty. "
        f"At most {LARGEST_BYTES // 1024:,} kB.",
    )
    dry_run = forms.BooleanField(label="Only check it; keep nothing", required=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(f"The file is larger than {LARGEST_BYTES:,} bytes.")
        return file


class LookForm(forms.Form):
    """One look at one piece."""

    deliverable = forms.TypedChoiceField(label="Piece", coerce=int)
    observed_at = forms.DateTimeField(
        label="Seen at (UTC)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: Any, pieces: list[PieceLine], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = [piece for piece in pieces if piece.published_at is not None]
        self.fields["deliverable"].choices = [  # type: ignore[attr-defined]
            (piece.position, f"{piece.position}: {piece.kind}") for piece in published
        ]
        self.fields["observed_at"].initial = now.strftime("%Y-%m-%dT%H:%M")
        for name in COUNTS:
            self.fields[name] = forms.IntegerField(
                label=name.capitalize(),
                required=False,
                min_value=0,
                max_value=MAX_COUNT,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and all(cleaned.get(name) is None for name in COUNTS):
            self.add_error("views", "Give at least one figure; leave what is unknown empty.")
        return cleaned

    def stated(self) -> Stated:
        return Stated(
            position=self.cleaned_data["deliverable"],
            observed_at=self.cleaned_data["observed_at"].astimezone(UTC),
            counts={name: self.cleaned_data[name] for name in COUNTS},
        )


class PlanForm(forms.Form):
    """What a campaign is expected to bring; everything may stay open."""

    reach = forms.IntegerField(
        label="People reached", required=False, min_value=1, max_value=LARGEST_COUNT
    )
    views = forms.IntegerField(label="Views", required=False, min_value=1, max_value=LARGEST_COUNT)
    engagements = forms.IntegerField(
        label="Engagements", required=False, min_value=1, max_value=LARGEST_COUNT
    )
    spend = forms.DecimalField(
        label="Paid to creators",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text="Without Fairground’s fee.",
    )
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])

    @classmethod
    def showing(cls, plan: PlanTerms, *, currency: str) -> "PlanForm":
        spend = plan.spend_minor
        return cls(
            initial={
                "reach": plan.reach,
                "views": plan.views,
                "engagements": plan.engagements,
                "spend": None if spend is None else to_major(spend, plan.currency),
                "currency": plan.currency or currency,
            }
        )

    def terms(self) -> PlanTerms:
        given = self.cleaned_data
        spend = given["spend"]
        return PlanTerms(
            reach=given["reach"],
            views=given["views"],
            engagements=given["engagements"],
            spend_minor=None if spend is None else to_minor(spend, given["currency"]),
            currency=given["currency"] if spend is not None else "",
        )
