"""Addresses of the part: alerts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
