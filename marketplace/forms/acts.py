"""What is typed to act on a collaboration. The services judge it; these hold and hand it on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from accounts.errors import DomainError
from accounts.money import exponent, to_minor
from campaigns.delivering import DRAFT_CHARACTERS
from campaigns.moving import REASON_CHARACTERS

LARGEST_AMOUNT = Decimal(10**10)


class ActForm(forms.Form):
    """``fields_of_codes`` says beside which field a service's refusal is told."""

    fields_of_codes: ClassVar[dict[str, str]] = {"reason_missing": "reason"}

    def refuse(self, error: DomainError, message: str = "") -> None:
        details = error.details if isinstance(error.details, dict) else {}
        field = self.fields_of_codes.get(error.code) or details.get("field")
        self.add_error(field if field in self.fields else None, message or error.message)

    def typed(self) -> list[tuple[str, str]]:
        """What somebody wrote, to be handed back when the form itself cannot be shown."""
        return [
            (str(bound.label), str(bound.value()))
            for bound in self.visible_fields()
            if bound.value() and not isinstance(bound.value(), list)
        ]


class ReasonForm(ActForm):
    reason = forms.CharField(
        label="Reason, as the other side will read it",
        max_length=REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label


class HashForm(ActForm):
    """Agreement to exact words: the hash comes from the page that showed them."""

    exact_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)


class SignForm(HashForm):
    fields_of_codes: ClassVar[dict[str, str]] = {"name_missing": "typed_name"}

    typed_name = forms.CharField(
        label="Your full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="Typing it and pressing the button is your signature on exactly this text.",
    )


class LimitForm(ActForm):
    """A private limit, typed as people write amounts. Cleans to minor units of ``currency``."""

    fields_of_codes: ClassVar[dict[str, str]] = {
        "wrong_currency": "limit", "over_budget": "limit", "limit_entered": "limit",
    }  # fmt: skip

    limit = forms.DecimalField(max_digits=14)

    def __init__(self, *args: Any, currency: str, is_brand: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        who = "The most you would pay" if is_brand else "The least you would take"
        self.fields["limit"] = amount_field(f"{who} for everything, in {currency}", currency)

    def clean_limit(self) -> int:
        return to_minor(self.cleaned_data["limit"], self.currency)


class DraftForm(ActForm):
    fields_of_codes: ClassVar[dict[str, str]] = {"draft_empty": "text", "bad_link": "link"}

    text = forms.CharField(
        label="The draft, or words about it",
        required=False,
        max_length=DRAFT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A script, a caption, or what to look at behind the link.",
    )
    link = forms.CharField(
        label="Link to it",
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://…"}),
        help_text="Where the brand can watch or download it.",
    )


class ChangesForm(ActForm):
    """Which of the agreed items the draft misses, and what to do about it."""

    fields_of_codes: ClassVar[dict[str, str]] = {"reason_missing": "reason"}

    items = forms.MultipleChoiceField(
        label="What of the agreement does the draft miss?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_item = forms.CharField(
        label="Something else that was agreed",
        required=False,
        max_length=300,
        help_text="In your own words, if it is not in the list.",
    )
    reason = forms.CharField(
        label="What should change",
        max_length=REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, items: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(item, item) for item in items]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["items"] or cleaned["own_item"].strip()):
            self.add_error("items", "Tick at least one item, or name one in your own words.")
        return cleaned

    @property
    def cited(self) -> list[str]:
        own = self.cleaned_data["own_item"].strip()
        return [*self.cleaned_data["items"], *([own] if own else [])]


class PublishForm(ActForm):
    fields_of_codes: ClassVar[dict[str, str]] = {
        "bad_link": "url", "disclosure_missing": "caption",
    }  # fmt: skip

    url = forms.CharField(
        label="Address of the publication",
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://…"}),
    )
    caption = forms.CharField(
        label="Its caption, as it stands there",
        max_length=DRAFT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, disclosure: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["caption"].help_text = f"It has to contain “{disclosure}”, as agreed."


def amount_field(label: str, currency: str, **kwargs: Any) -> forms.DecimalField:
    """A price as people write it, with the decimal places its currency has."""
    places = exponent(currency)
    smallest = Decimal(1).scaleb(-places)
    return forms.DecimalField(
        label=label,
        min_value=smallest,
        max_value=LARGEST_AMOUNT,
        max_digits=14,
        decimal_places=places,
        widget=forms.NumberInput(attrs={"step": str(smallest), "inputmode": "decimal"}),
        **kwargs,
    )
