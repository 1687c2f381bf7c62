"""Addresses of a campaign's matches: as the contract writes them, and with a slash at the end."""

from django.urls import path

from marketplace.api.views.matches import CampaignMatchesView, WhyNotView

_LIST = "campaigns/<int:campaign_id>/matches"

urlpatterns = [
    path(_LIST, CampaignMatchesView.as_view(), name="api_campaign_matches"),
    path(f"{_LIST}/why-not", WhyNotView.as_view(), name="api_why_not"),
    # Described once.
    path(f"{_LIST}/", CampaignMatchesView.as_view(schema=None)),
    path(f"{_LIST}/why-not/", WhyNotView.as_view(schema=None)),
]
