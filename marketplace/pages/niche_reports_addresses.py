"""Pages of the part: niche strategy reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
