"""Addresses of the part: drafts of posts tested before they are published."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
