"""Addresses of niche groups."""

from django.urls import path

from marketplace.api.views.niches import NicheGroupListView, NicheGroupView

urlpatterns = [
    path("niches/", NicheGroupListView.as_view(), name="api_niches"),
    path("niches/<int:group_id>/", NicheGroupView.as_view(), name="api_niche"),
]
