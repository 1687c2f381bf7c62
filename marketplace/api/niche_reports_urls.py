"""Addresses of the part: niche strategy reports."""

from django.urls import path

from marketplace.api.views.niche_reports import NicheReportListView, NicheReportView

# As the rankings and the alerts, without a slash at the end.
urlpatterns = [
    path("reports/niches", NicheReportListView.as_view(), name="api_niche_reports"),
    path("reports/niches/<str:niche>", NicheReportView.as_view(), name="api_niche_report"),
]
