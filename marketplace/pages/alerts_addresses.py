"""Pages of the part: alerts."""

from django.urls import URLPattern, path

from marketplace.pages import alerts

_ONE = "alerts/<int:rule_id>/"
urlpatterns: list[URLPattern] = [
    path("brand/<int:brand_id>/alerts/", alerts.alerts, name="alerts"),
    path("brand/<int:brand_id>/alerts/new/", alerts.alert_new, name="alert_new"),
    path(_ONE, alerts.alert, name="alert"),
    path(f"{_ONE}edit/", alerts.alert_edit, name="alert_edit"),
    path(f"{_ONE}act/<slug:name>/", alerts.alert_act, name="alert_act"),
]
