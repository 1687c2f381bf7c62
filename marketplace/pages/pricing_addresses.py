"""Pages of the part: prices, rate cards and rates of exchange."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
