"""The search of creators as a form, read from the address so that it can be kept and shared."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from accounts import money
from accounts.models import Brand, Platform
from marketplace.forms.choices import language_name
from marketplace.forms.followers import FollowersField
from marketplace.readable import niche_name
from scoring import selectors
from scoring.discovery.saving import MAX_NAME
from scoring.discovery.terms import MAX_EXAMPLE, SearchRejected, SearchTerms

# Field → entry of `SearchTerms` of what may be ticked several times.
BOXES = {
    "platform": "platforms",
    "niche": "niches",
    "country": "countries",
    "language": "languages",
}
# Parameter a refusal names → field of the form.
FIELD_OF = {"budget_minor": "budget"}


class _Ids(forms.Field):
    """Numbers of creators, shown as chips; what is no number is refused by name."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        numbers = [text.strip() for text in value or [] if text.strip()]
        if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in numbers):
            raise forms.ValidationError("An example is the number of a creator, such as 34.")
        return list(dict.fromkeys(int(text) for text in numbers))


def _boxes(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class CreatorSearchForm(forms.Form):
    """Cleans to `terms`, refused by exactly the rules that hold for API and commands."""

    q = forms.CharField(
        label="What they write about, or a name",
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Slow travel by train, or @handle"}
        ),
        help_text="In words of your own; English works best. @ and a name finds that creator.",
    )
    like = _Ids(required=False)
    example = forms.CharField(
        label="A bio or captions as an example",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"At most {MAX_EXAMPLE} characters.",
    )
    platform = _boxes("Platform")
    niche = _boxes("Niche")
    country = _boxes("Country")
    language = _boxes("Language")
    min_followers = FollowersField(label="At least")
    max_followers = FollowersField(label="At most")
    max_risk = forms.FloatField(
        label="Highest fake-follower risk",
        required=False,
        widget=forms.NumberInput(attrs={"placeholder": "0–100", "min": 0, "max": 100}),
    )
    budget = forms.DecimalField(
        label="Budget",
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text="Whoever is known to cost more is left out.",
    )
    currency = forms.ChoiceField(
        label="Currency",
        required=False,
        choices=[("", "–"), *((code, code) for code in money.CURRENCIES)],
    )
    available_from = forms.DateField(
        label="Available from", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    available_until = forms.DateField(
        label="Available until", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        known: dict[str, list[tuple[str, str, int | None]]] = {
            "platform": [(value, label, None) for value, label in Platform.choices],
            "niche": [(name, niche_name(name), n) for name, n in selectors.known_niches()],
            "country": [(name, name, n) for name, n in selectors.known_countries()],
            "language": [(code, language_name(code), n) for code, n in selectors.known_languages()],
        }
        for name, rows in known.items():
            listed = {value for value, _, _ in rows}
            asked = [one[:80] for one in data.getlist(name)[:50] if one and "\x00" not in one]
            rows += [(one, one, None) for one in asked if one not in listed]
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (value, f"{label} ({n:,})" if n is not None else label) for value, label, n in rows
            ]

    @property
    def boxes(self) -> list[tuple[forms.BoundField, int]]:
        """The fields of check boxes, each with how many are ticked."""
        return [(self[name], len(set(self.data.getlist(name)))) for name in BOXES]  # type: ignore[attr-defined]

    @property
    def has_further(self) -> bool:
        """Whether a filter that is folded away is set or refused."""
        names = ("min_followers", "max_followers", "max_risk", "budget", "currency")
        dates = ("available_from", "available_until")
        return any(self.data.get(name) or self.errors.get(name) for name in (*names, *dates))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        cleaned["terms"] = _terms(cleaned)
        try:
            cleaned["terms"].checked()
        except SearchRejected as refusal:
            self.refuse(refusal)
        return cleaned

    def refuse(self, refusal: SearchRejected) -> None:
        """Show a refusal of the search beside its field."""
        field = FIELD_OF.get(refusal.attr, refusal.attr)
        self.add_error(field if field in self.fields else None, refusal.message)

    @property
    def terms(self) -> SearchTerms:
        terms: SearchTerms = self.cleaned_data["terms"]
        return terms


class SavedSearchNameForm(forms.Form):
    """A name, and the brand for those who write for several."""

    # Emptiness and length are judged by the service, which says what to write instead.
    name = forms.CharField(
        label="Name", required=False, widget=forms.TextInput(attrs={"maxlength": MAX_NAME})
    )

    def __init__(self, *args: Any, brands: list[Brand] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if brands and len(brands) > 1:
            self.fields["brand"] = forms.ChoiceField(
                label="Brand", choices=[(str(brand.pk), brand.name) for brand in brands]
            )


def query_of(terms: SearchTerms) -> str:
    """The search as the query string of an address, as the form reads it."""
    asked = terms.to_json()
    pairs: list[tuple[str, Any]] = [("q", asked.get("text", ""))]
    pairs += [("like", pk) for pk in asked.get("like", [])]
    for name, entry in BOXES.items():
        pairs += [(name, value) for value in asked.get(entry, [])]
    for name in ("example", "min_followers", "max_followers", "max_risk", "currency"):
        pairs.append((name, asked.get(name, "")))
    if terms.budget_minor is not None:
        pairs.append(("budget", money.to_major(terms.budget_minor, terms.currency)))
    pairs += [(name, asked.get(name, "")) for name in ("available_from", "available_until")]
    return urlencode([(name, value) for name, value in pairs if value != ""])


def _terms(cleaned: dict[str, Any]) -> SearchTerms:
    budget, currency = cleaned["budget"], cleaned["currency"]
    return SearchTerms(
        # Browsers send two characters for a line's end; the limit counts what was typed.
        text=" ".join(cleaned["q"].split()),
        like=tuple(cleaned["like"]),
        example=cleaned["example"].replace("\r\n", "\n"),
        **{entry: tuple(cleaned[name]) for name, entry in BOXES.items()},
        min_followers=cleaned["min_followers"],
        max_followers=cleaned["max_followers"],
        max_risk=cleaned["max_risk"],
        budget_minor=None if budget is None else money.to_minor(budget, currency or "EUR"),
        currency=currency if budget is not None else "",
        available_from=cleaned["available_from"],
        available_until=cleaned["available_until"],
    )
