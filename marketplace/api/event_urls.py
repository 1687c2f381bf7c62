"""Addresses of interaction events; those of the events themselves end without a slash."""

from django.urls import path

from marketplace.api.views import events

urlpatterns = [
    path("events", events.EventListView.as_view(), name="api_events"),
    path("events/lists", events.ShownListView.as_view(), name="api_event_lists"),
    path(
        "campaigns/<int:campaign_id>/ideal-creators/",
        events.IdealCreatorListView.as_view(),
        name="api_ideal_creators",
    ),
]
