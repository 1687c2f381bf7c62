"""Addresses of the part: alerts; without a slash at the end, as the contract writes them."""

from django.urls import URLPattern, path

from marketplace.api.views import alerts

urlpatterns: list[URLPattern] = [
    path("alerts", alerts.AlertListView.as_view(), name="api_alerts"),
    path("alerts/metrics", alerts.AlertMetricsView.as_view(), name="api_alert_metrics"),
    path("alerts/backtest", alerts.AlertBacktestView.as_view(), name="api_alert_backtest"),
    path("alerts/<int:rule_id>", alerts.AlertView.as_view(), name="api_alert"),
    path(
        "alerts/<int:rule_id>/firings", alerts.AlertFiringsView.as_view(), name="api_alert_firings"
    ),
    path("alerts/<int:rule_id>/seen", alerts.AlertSeenView.as_view(), name="api_alert_seen"),
]
