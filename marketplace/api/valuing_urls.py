"""Addresses of the part: market values and their ranking."""

from django.urls import path

from marketplace.api.views.valuing import CreatorValueView, RankingView

urlpatterns = [
    path("creators/<int:creator_id>/value", CreatorValueView.as_view(), name="api_creator_value"),
    path("rankings", RankingView.as_view(), name="api_rankings"),
]
