"""Pages of the part: report formulas and budget plans."""

from django.urls import URLPattern, path

from marketplace.pages import planning_formulas

_FORMULAS = "brand/<int:brand_id>/formulas/"

urlpatterns: list[URLPattern] = [
    path(_FORMULAS, planning_formulas.report_formulas, name="report_formulas"),
    path(
        f"{_FORMULAS}<int:version>/restore/",
        planning_formulas.report_formula_restore,
        name="report_formula_restore",
    ),
]
