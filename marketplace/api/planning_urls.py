"""Addresses of the part: report formulas and budget plans."""

from django.urls import URLPattern, path

from marketplace.api.views import report_formulas

_FORMULAS = "brands/<int:brand_id>/report-formulas/"

urlpatterns: list[URLPattern] = [
    path(_FORMULAS, report_formulas.FormulaListView.as_view(), name="api_report_formulas"),
    path(
        f"{_FORMULAS}<int:version>/restore/",
        report_formulas.FormulaRestoreView.as_view(),
        name="api_report_formula_restore",
    ),
]
