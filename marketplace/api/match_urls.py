"""Addresses of a campaign's matches: as the contract writes them, and with a slash at the end."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from marketplace.api.views.matches import CampaignMatchesView, WhyNotView

_LIST = "campaigns/<int:campaign_id>/matches"
_matches, _why_not = CampaignMatchesView.as_view(), WhyNotView.as_view()


def _undescribed(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """The same answers at a second address, which the description need not list."""

    def serve(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
        answer: HttpResponseBase = view(request, campaign_id=campaign_id)
        return answer

    return serve


urlpatterns = [
    path(_LIST, _matches, name="api_campaign_matches"),
    path(f"{_LIST}/why-not", _why_not, name="api_why_not"),
    path(f"{_LIST}/", _undescribed(_matches)),
    path(f"{_LIST}/why-not/", _undescribed(_why_not)),
]
