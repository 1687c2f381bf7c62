"""Forms of shortlists: a list itself, putting somebody on one, a note."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import Brand
from campaigns.models import Campaign, Shortlist
from campaigns.models.shortlists import LONGEST_NAME, LONGEST_NOTE

NEW = "new:"  # followed by the id of a brand


class ShortlistForm(forms.Form):
    """A list's name and the campaign it is for."""

    name = forms.CharField(label="Name of the list", max_length=LONGEST_NAME)
    campaign = forms.ChoiceField(
        label="For the campaign",
        required=False,
        help_text="Then each creator's match with its brief is shown.",
    )

    def __init__(self, *args: Any, campaigns: Iterable[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaigns = {str(campaign.pk): campaign for campaign in campaigns}
        several = len({campaign.brand_id for campaign in self.campaigns.values()}) > 1
        self.fields["campaign"].choices = [  # type: ignore[attr-defined]
            ("", "None yet"),
            *(
                (key, f"{one.brand}: {one.title}" if several else one.title)
                for key, one in self.campaigns.items()
            ),
        ]

    @property
    def chosen_campaign(self) -> Campaign | None:
        return self.campaigns.get(self.cleaned_data["campaign"])


class NewShortlistForm(ShortlistForm):
    """For people of several brands: whose list it is."""

    brand = forms.ChoiceField(label="Brand")
    field_order = ["brand", "name", "campaign"]

    def __init__(
        self, *args: Any, brands: list[Brand], campaigns: Iterable[Campaign], **kwargs: Any
    ) -> None:
        super().__init__(*args, campaigns=campaigns, **kwargs)
        self.brands = {str(brand.pk): brand for brand in brands}
        self.fields["brand"].choices = [  # type: ignore[attr-defined]
            (key, brand.name) for key, brand in self.brands.items()
        ]
        if len(brands) == 1:
            self.fields["brand"].required = False
            self.fields["brand"].widget = forms.HiddenInput()
            self.fields["brand"].initial = str(brands[0].pk)

    @property
    def chosen_brand(self) -> Brand:
        [first, *_] = self.brands.values()
        return self.brands.get(self.cleaned_data["brand"], first)


class AddForm(forms.Form):
    """Onto a list that is there, or onto a new one of a brand (``new:7``).

    Who types a name means a new list, of the brand whose list is chosen.
    """

    creator = forms.IntegerField(min_value=1, max_value=10**18)
    shortlist = forms.ChoiceField()
    name = forms.CharField(required=False, max_length=LONGEST_NAME)
    next = forms.CharField(required=False, max_length=2_000)

    def __init__(
        self, *args: Any, lists: Iterable[Shortlist], brands: Iterable[Brand], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lists = {str(one.pk): one for one in lists}
        self.brands = {f"{NEW}{brand.pk}": brand for brand in brands}
        self.fields["shortlist"].choices = [  # type: ignore[attr-defined]
            (key, key) for key in (*self.lists, *self.brands)
        ]

    @property
    def chosen_list(self) -> Shortlist | None:
        """None where a new one is meant."""
        if self.cleaned_data["name"]:
            return None
        return self.lists.get(self.cleaned_data["shortlist"])

    @property
    def chosen_brand(self) -> Brand:
        chosen = self.cleaned_data["shortlist"]
        return self.brands[chosen] if chosen in self.brands else self.lists[chosen].brand

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("shortlist") in self.brands and not cleaned.get("name"):
            self.add_error("name", "Give the new list a name.")
        return cleaned


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
