"""Addresses of prices."""

from django.urls import path

from marketplace.pages import pricing, pricing_desk

urlpatterns = [
    path("creator/prices/", pricing.my_prices, name="my_prices"),
    path("creator/prices/<int:account_id>/", pricing.save_card, name="my_price_card"),
    path("market/prices/", pricing_desk.market, name="price_market"),
    path("market/prices/learn/", pricing_desk.learn, name="price_learn"),
    path("market/prices/import/", pricing_desk.rate_card_import, name="rate_card_import"),
    path("market/rates/", pricing_desk.currency_rates, name="currency_rates"),
]
