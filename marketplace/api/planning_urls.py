"""Addresses of the part: report formulas and budget plans."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
