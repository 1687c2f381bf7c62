"""The filters of the ranking, read from the address so that a list can be kept and shared."""

import math
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Platform
from marketplace.readable import niche_name
from marketplace.value_words import league_words
from scoring import selectors
from scoring.ml.match.exposure import TIERS
from scoring.valuing.listing import LONGEST_NAME, RISK_LEVELS, RankingFilters

ANY = ("", "Any")


def _size_words() -> list[tuple[str, str]]:
    """``Nano, below 10,000``, … ``Mega, from 1,000,000``."""
    edges = [0.0, *(below for _, below in TIERS)]
    words = []
    for (name, below), smallest in zip(TIERS, edges, strict=False):
        span = f"{smallest:,.0f} to {below:,.0f}"
        if not smallest:
            span = f"below {below:,.0f}"
        elif below == math.inf:
            span = f"from {smallest:,.0f}"
        words.append((name, f"{name.capitalize()}, {span}"))
    return words


class RankingForm(forms.Form):
    """Rankings, platforms, sizes and levels that do not exist are refused by name."""

    league = forms.ChoiceField(label="Ranking", required=False)
    platform = forms.ChoiceField(label="Platform", required=False, choices=[ANY, *Platform.choices])
    niche = forms.ChoiceField(label="Niche", required=False)
    country = forms.ChoiceField(label="Country", required=False)
    size = forms.ChoiceField(label="Size", required=False, choices=[ANY, *_size_words()])
    risk_level = forms.ChoiceField(
        label="Fake-follower risk",
        required=False,
        choices=[ANY, *((level, level.capitalize()) for level in RISK_LEVELS)],
    )
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Part of a name, or @handle"}
        ),
    )

    def __init__(self, data: QueryDict, *, leagues: dict[str, int]) -> None:
        super().__init__(data)
        niches = [(name, f"{niche_name(name)} ({n:,})") for name, n in selectors.known_niches()]
        countries = [(name, f"{name} ({n:,})") for name, n in selectors.known_countries()]
        # What is not, or not yet, in the catalogue finds nobody and is no mistake.
        for name, choices in (("niche", niches), ("country", countries)):
            asked = data.get(name, "")[:LONGEST_NAME]
            if asked and "\x00" not in asked and asked not in dict(choices):
                choices.append((asked, asked))
        for field, choices in (
            ("league", [(name, league_words(name, size)) for name, size in leagues.items()]),
            ("niche", [ANY, *niches]),
            ("country", [ANY, *countries]),
        ):
            self.fields[field].choices = choices  # type: ignore[attr-defined]

    @property
    def filters(self) -> RankingFilters:
        """Of a valid form."""
        given: dict[str, Any] = self.cleaned_data
        return RankingFilters(**{name: given.get(name) or "" for name in self.fields})
