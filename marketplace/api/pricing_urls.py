"""Addresses of prices."""

from django.urls import path

from marketplace.api.views import pricing

urlpatterns = [
    path(
        "creators/<int:creator_id>/rate-card",
        pricing.RateCardView.as_view(),
        name="api_rate_card",
    ),
    path(
        "creators/<int:creator_id>/comparable-prices",
        pricing.ComparablePricesView.as_view(),
        name="api_comparable_prices",
    ),
]
