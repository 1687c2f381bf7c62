"""An offer as it is typed: pieces with prices and dates, and the terms that hold for all."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from accounts.errors import DomainError
from accounts.models import Platform
from accounts.money import CURRENCIES, exponent, to_major, to_minor
from campaigns.offer_terms import (
    MAX_DELIVERABLES,
    MAX_EXCLUSIVITY_DAYS,
    MAX_REVISION_ROUNDS,
    MAX_RIGHTS_MONTHS,
    DeliverableTerms,
    OfferTerms,
)
from marketplace.forms.acts import LARGEST_AMOUNT, ActForm

OFFER_MESSAGE_CHARACTERS = 4_000
PIECE_FIELD_OF = {"price_minor": "price"}
_SAME = ("kind", "platform", "description", "draft_due_on", "publish_by")


class PieceForm(forms.Form):
    """One piece. A row left empty is no piece."""

    kind = forms.CharField(
        label="Kind",
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "video, reel, story …"}),
    )
    platform = forms.ChoiceField(label="Platform", choices=[("", "Choose"), *Platform.choices])
    price = forms.DecimalField(
        label="Price",
        max_value=LARGEST_AMOUNT,
        max_digits=14,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    draft_due_on = forms.DateField(
        label="Draft due", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    publish_by = forms.DateField(
        label="Published by", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    description = forms.CharField(
        label="What is made", max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            Div(
                Div("kind", css_class="col-sm-6 col-lg-4"),
                Div("platform", css_class="col-sm-6 col-lg-4"),
                Div("price", css_class="col-sm-6 col-lg-4"),
                Div("draft_due_on", css_class="col-sm-6"),
                Div("publish_by", css_class="col-sm-6"),
                css_class="row gx-3",
            ),
            "description",
        )
        return helper


Pieces = forms.formset_factory(
    PieceForm,
    extra=0,
    min_num=1,
    max_num=MAX_DELIVERABLES,
    absolute_max=MAX_DELIVERABLES,
)


class OfferForm(ActForm):
    """Cleans to `terms`. The pieces are a formset of their own, `pieces`.

    :param currencies: one of these is offered; with one only it is not asked for.
    :param start: the terms that fill a form nobody has typed into yet.
    """

    fields_of_codes: ClassVar[dict[str, str]] = {"wrong_currency": "currency"}

    currency = forms.ChoiceField(label="Currency of all prices")
    revision_rounds = forms.IntegerField(
        label="Rounds of changes for each piece", min_value=0, max_value=MAX_REVISION_ROUNDS
    )
    disclosure = forms.CharField(
        label="Disclosure",
        max_length=200,
        help_text="What each caption has to contain, such as #ad.",
    )
    usage_rights_months = forms.IntegerField(
        label="Usage rights for the brand, in months", min_value=0, max_value=MAX_RIGHTS_MONTHS
    )
    exclusivity_days = forms.IntegerField(
        label="Exclusivity, in days", min_value=0, max_value=MAX_EXCLUSIVITY_DAYS
    )
    usage_rights = forms.CharField(
        label="What the brand may use it for",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    notes = forms.CharField(
        label="Anything else that is agreed",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    message = forms.CharField(
        label="A word to go with it (no part of the terms)",
        required=False,
        max_length=OFFER_MESSAGE_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        currencies: Sequence[str] = CURRENCIES,
        start: OfferTerms | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", _initial(start))
        super().__init__(data, **kwargs)
        field = self.fields["currency"]
        field.choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        if len(currencies) == 1:
            field.widget = forms.HiddenInput()
            self.initial["currency"] = currencies[0]
        self.currencies = tuple(currencies)
        if data is None:
            self.pieces = Pieces(initial=_initial_pieces(start), prefix="pieces")
        else:
            self.pieces = Pieces(_managed(_rows(data)), prefix="pieces")

        self._say_currency()

    def _say_currency(self) -> None:
        if len(self.currencies) == 1:
            for piece in self.pieces:
                piece.fields["price"].label = f"Price in {self.currencies[0]}"

    @classmethod
    def with_another_row(
        cls, data: Any, *, currencies: Sequence[str], **kwargs: Any
    ) -> "OfferForm":
        """What was typed so far, not judged yet, and an empty row after it."""
        typed = {name: data.get(name, "") for name in cls.base_fields}
        form = cls(currencies=currencies, initial=typed, **kwargs)
        rows = [*_rows(data), {}][:MAX_DELIVERABLES]
        form.pieces = Pieces(initial=rows, prefix="pieces")
        form._say_currency()
        return form

    def clean(self) -> dict[str, Any]:
        if "currency" in self.errors and len(self.currencies) == 1:  # the field is hidden
            self.add_error(None, f"Offers are in {self.currencies[0]}. Read the prices again.")
        return super().clean() or self.cleaned_data

    def is_valid(self) -> bool:
        # Both are asked, so that all mistakes show at once.
        pieces_valid = self.pieces.is_valid()
        return super().is_valid() and pieces_valid and self._prices_are_whole()

    def _prices_are_whole(self) -> bool:
        """No price is finer than the currency's smallest unit: rounding would change it."""
        currency = self.cleaned_data["currency"]
        smallest = Decimal(1).scaleb(-exponent(currency))
        for form in self._filled():
            if form.cleaned_data["price"] % smallest:
                form.add_error("price", f"The smallest amount in {currency} is {smallest}.")
        return all(form.is_valid() for form in self._filled())

    @property
    def terms(self) -> OfferTerms:
        """Of a valid form."""
        given = {name: self.cleaned_data[name] for name in _initial(None)}
        currency = given["currency"]
        return OfferTerms(
            **given,
            deliverables=[
                DeliverableTerms(
                    **{name: form.cleaned_data[name] for name in _SAME},
                    price_minor=to_minor(form.cleaned_data["price"], currency),
                )
                for form in self._filled()
            ],
        )

    def refuse(self, error: DomainError, message: str = "") -> None:
        details = error.details if isinstance(error.details, dict) else {}
        match str(details.get("field", "")).split("."):
            case ["deliverables", place, attr]:
                form = self._filled()[int(place)]
                form.add_error(PIECE_FIELD_OF.get(attr, attr), message or error.message)
            case _:
                super().refuse(error, message)

    def typed(self) -> list[tuple[str, str]]:
        rows = [
            (f"Piece {number}, {bound.label}".lower().capitalize(), str(bound.value()))
            for number, form in enumerate(self.pieces, start=1)
            for bound in form.visible_fields()
            if bound.value()
        ]
        return rows + super().typed()

    def _filled(self) -> list[forms.Form]:
        return [form for form in self.pieces if form.has_changed()]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            Div(
                *(
                    Div(name, css_class="col-sm-6")
                    for name in (
                        *(["currency"] if len(self.currencies) > 1 else []),
                        "revision_rounds",
                        "disclosure",
                        "usage_rights_months",
                        "exclusivity_days",
                    )
                ),
                css_class="row gx-3",
            ),
            *(["currency"] if len(self.currencies) == 1 else []),
            "usage_rights",
            "notes",
            "message",
        )
        return helper


def _rows(data: Any) -> list[dict[str, str]]:
    """The rows sent, empty ones left out."""
    places = range(min(_whole(data.get("pieces-TOTAL_FORMS")), MAX_DELIVERABLES))
    rows = [
        {name: data.get(f"pieces-{place}-{name}", "").strip() for name in (*_SAME, "price")}
        for place in places
    ]
    return [row for row in rows if any(row.values())]


def _managed(rows: list[dict[str, str]]) -> dict[str, str]:
    """Rows as the formset wants them: numbered from zero, at least one."""
    data = {"pieces-TOTAL_FORMS": str(max(1, len(rows))), "pieces-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        data |= {f"pieces-{place}-{name}": value for name, value in row.items()}
    return data


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0


def _initial(start: OfferTerms | None) -> dict[str, Any]:
    terms = asdict(start or OfferTerms(currency=""))
    del terms["deliverables"]
    return terms


def _initial_pieces(start: OfferTerms | None) -> list[dict[str, Any]]:
    """A piece whose price is not known yet is left for somebody to fill in."""
    if start is None:
        return []
    return [
        {
            **{name: getattr(one, name) for name in _SAME},
            "price": to_major(one.price_minor, start.currency) if one.price_minor else None,
        }
        for one in start.deliverables
    ]
