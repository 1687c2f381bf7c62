"""Pages of the part: price justifications."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
