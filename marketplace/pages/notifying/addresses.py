"""The addresses of these pages."""

from django.urls import path

from marketplace.pages.notifying import preferences, webhooks

urlpatterns = [
    path("settings/notifications/", preferences.notifications, name="notifications"),
    path(
        "settings/notifications/stop/<str:token>/",
        preferences.notifications_stop,
        name="notifications_stop",
    ),
    path("brand/<int:brand_id>/webhooks/", webhooks.webhooks, name="webhooks"),
    path(
        "brand/<int:brand_id>/webhooks/<int:endpoint_id>/<slug:act>/",
        webhooks.webhook_act,
        name="webhook_act",
    ),
    path("creators/<int:creator_id>/webhooks/", webhooks.creator_webhooks, name="creator_webhooks"),
    path(
        "creators/<int:creator_id>/webhooks/<int:endpoint_id>/<slug:act>/",
        webhooks.creator_webhook_act,
        name="creator_webhook_act",
    ),
]
