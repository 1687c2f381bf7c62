"""Which creators a list shows."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Creator, Platform, SocialAccount
from campaigns.terms import MAX_FOLLOWERS

# Query parameter → lookup on an account.
LIMITS = {
    "platform": "platform",
    "country": "country__iexact",
    "niche": "search_entry__niches__contains",
    "min_followers": "search_entry__followers__gte",
    "max_followers": "search_entry__followers__lte",
    "max_risk": "search_entry__risk__lte",
}


class FollowersFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class CreatorFilter(django_filters.FilterSet):
    """All limits must hold for one and the same account; an unknown fact passes none."""

    platform = django_filters.ChoiceFilter(choices=Platform.choices)
    country = django_filters.CharFilter(max_length=80)
    niche = django_filters.CharFilter(max_length=60)
    min_followers = FollowersFilter(min_value=0, max_value=MAX_FOLLOWERS)
    max_followers = FollowersFilter(min_value=0, max_value=MAX_FOLLOWERS)
    max_risk = django_filters.NumberFilter(min_value=0, max_value=100)
    q = django_filters.CharFilter(max_length=100, help_text="Text in the handle or the bio.")

    class Meta:
        model = Creator
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Creator]) -> QuerySet[Creator]:
        asked: dict[str, Any] = self.form.cleaned_data
        limits = Q()
        for name, lookup in LIMITS.items():
            value = asked[name]
            if value not in (None, ""):
                limits &= Q(**{lookup: [value] if name == "niche" else value})
        if text := asked["q"]:
            limits &= Q(handle__icontains=text.removeprefix("@")) | Q(bio__icontains=text)
        if not limits:
            return queryset
        return queryset.filter(Exists(SocialAccount.objects.filter(limits, creator=OuterRef("pk"))))
