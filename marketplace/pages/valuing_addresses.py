"""Pages of the part: market values and their ranking."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
