"""Addresses of the part: drafts of posts tested before they are published."""

from django.urls import URLPattern, path

from marketplace.api.views.diagnostics import PlepView

urlpatterns: list[URLPattern] = [
    path("ml/plep", PlepView.as_view(), name="api_plep"),
]
