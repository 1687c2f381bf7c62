"""Addresses of webhooks and of what somebody gets by e-mail."""

from django.urls import path

from marketplace.api.views.notifying import (
    BrandWebhookListView,
    BrandWebhookView,
    CreatorWebhookListView,
    CreatorWebhookView,
    PreferencesView,
)

urlpatterns = [
    path("notification-preferences/", PreferencesView.as_view(), name="api_preferences"),
    path("brands/<int:brand_id>/webhooks/", BrandWebhookListView.as_view(), name="api_webhooks"),
    path(
        "brands/<int:brand_id>/webhooks/<int:webhook_id>/",
        BrandWebhookView.as_view(),
        name="api_webhook",
    ),
    path(
        "creators/<int:creator_id>/webhooks/",
        CreatorWebhookListView.as_view(),
        name="api_creator_webhooks",
    ),
    path(
        "creators/<int:creator_id>/webhooks/<int:webhook_id>/",
        CreatorWebhookView.as_view(),
        name="api_creator_webhook",
    ),
]
