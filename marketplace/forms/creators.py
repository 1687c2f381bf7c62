"""The filters of the creators list."""

from typing import Any

from django import forms

from marketplace.forms import choices
from marketplace.forms.followers import FollowersField


class CreatorFilterForm(forms.Form):
    """Read from the address, so that a filtered list can be kept and shared."""

    q = forms.CharField(label="Name, handle or bio", required=False, max_length=100)
    platform = forms.ChoiceField(label="Platform", required=False, choices=choices.PLATFORMS)
    country = forms.ChoiceField(label="Country", required=False)
    language = forms.ChoiceField(label="Language", required=False)
    niche = forms.ChoiceField(label="Niche", required=False)
    min_followers = FollowersField(label="Followers, at least")
    max_risk = forms.IntegerField(
        label="Highest fake-follower risk",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"placeholder": "0–100"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data
        self.fields["country"].choices = choices.country_choices(  # type: ignore[attr-defined]
            present=asked.get("country", "")[:80]
        )
        language = asked.get("language", "")[:8]
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", "Any language"),
            *choices.language_choices(present=[language] if language.isalpha() else []),
        ]
        self.fields["niche"].choices = [  # type: ignore[attr-defined]
            ("", "Any niche"),
            *choices.niche_choices(present=[asked.get("niche", "")[:60]]),
        ]

    @property
    def filters(self) -> dict[str, Any]:
        """The usable filters that are set; an unusable one is reported and left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
