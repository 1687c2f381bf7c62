"""Pages of the part: report formulas and budget plans."""

from django.urls import URLPattern, path

from marketplace.pages import planning, planning_formulas

_FORMULAS = "brand/<int:brand_id>/formulas/"
_PLAN = "brand/budget-plans/<int:plan_id>/"

urlpatterns: list[URLPattern] = [
    path(_FORMULAS, planning_formulas.report_formulas, name="report_formulas"),
    path(
        f"{_FORMULAS}<int:version>/restore/",
        planning_formulas.report_formula_restore,
        name="report_formula_restore",
    ),
    path("brand/campaigns/<int:campaign_id>/budget/", planning.budget_plan, name="budget_plan"),
    path(_PLAN, planning.kept_budget_plan, name="kept_budget_plan"),
    path(f"{_PLAN}plan.csv", planning.budget_plan_csv, name="budget_plan_csv"),
    path(f"{_PLAN}shortlist/", planning.budget_plan_shortlist, name="budget_plan_shortlist"),
]
