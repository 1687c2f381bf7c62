"""Addresses of the part: report formulas and budget plans."""

from django.urls import URLPattern, path

from marketplace.api.views import planning, report_formulas

_PLAN = "budget-plans/<int:plan_id>/"
_FORMULAS = "brands/<int:brand_id>/report-formulas/"

urlpatterns: list[URLPattern] = [
    path(
        "campaigns/<int:campaign_id>/budget-plan",
        planning.BudgetPlanView.as_view(),
        name="api_budget_plan",
    ),
    path(_PLAN, planning.KeptPlanView.as_view(), name="api_kept_plan"),
    path(f"{_PLAN}shortlist/", planning.PlanShortlistView.as_view(), name="api_plan_shortlist"),
    path(_FORMULAS, report_formulas.FormulaListView.as_view(), name="api_report_formulas"),
    path(
        f"{_FORMULAS}<int:version>/restore/",
        report_formulas.FormulaRestoreView.as_view(),
        name="api_report_formula_restore",
    ),
]
