"""Which creators a list shows."""

import django_filters
from django import forms
from django.db.models import QuerySet

from accounts.models import Creator, Platform
from campaigns.terms import MAX_FOLLOWERS
from scoring.filtering import filter_creators


class FollowersFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class CreatorFilter(django_filters.FilterSet):
    """All limits must hold for one and the same account; an unknown fact passes none."""

    platform = django_filters.ChoiceFilter(choices=Platform.choices)
    country = django_filters.CharFilter(max_length=80)
    language = django_filters.CharFilter(max_length=8, help_text="ISO 639-1, such as en.")
    niche = django_filters.CharFilter(max_length=60)
    min_followers = FollowersFilter(min_value=0, max_value=MAX_FOLLOWERS)
    max_followers = FollowersFilter(min_value=0, max_value=MAX_FOLLOWERS)
    max_risk = django_filters.NumberFilter(min_value=0, max_value=100)
    q = django_filters.CharFilter(
        max_length=100, help_text="Text in the name, the handle or the bio."
    )

    class Meta:
        model = Creator
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Creator]) -> QuerySet[Creator]:
        return filter_creators(queryset, self.form.cleaned_data)
