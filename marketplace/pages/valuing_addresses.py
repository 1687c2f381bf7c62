"""Pages of the part: market values and their ranking."""

from django.urls import path

from marketplace.pages.valuing import rankings, rankings_run
from marketplace.pages.valuing_creator import creator_value
from marketplace.pages.valuing_method import value_methodology

urlpatterns = [
    path("rankings/", rankings, name="rankings"),
    path("rankings/run/", rankings_run, name="rankings_run"),
    path("rankings/methodology/", value_methodology, name="value_methodology"),
    path("creators/<int:creator_id>/value/", creator_value, name="creator_value"),
]
