"""The budget planner of a campaign: asked, worked out, kept, read again, put on a shortlist."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.errors import DomainError, Forbidden
from accounts.models import User
from accounts.money import to_major
from campaigns.access import campaign_for
from campaigns.brief_refusal import BriefRejected
from campaigns.briefs import get_latest_brief
from campaigns.models import Brief, Campaign
from marketplace.budget_csv import plan_csv
from marketplace.forms.planning import BudgetPlanForm, PlanShortlistForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.budgeting.answers import plan_told
from scoring.budgeting.keeping import keep_plan, kept_told, plan_for, plans_of, shortlist_plan
from scoring.budgeting.planning import plan_budget
from scoring.budgeting.refusing import NoPlan
from scoring.budgeting.terms import PlanRefused
from scoring.matching.campaigns import asked_by
from scoring.models import BudgetPlan

PLANS_SHOWN = 20


@page
@require_http_methods(["GET", "HEAD", "POST"])
def budget_plan(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Everybody of the team may try; owners and managers keep a plan (``keep``)."""
    user = user_of(request)
    keep = request.method == "POST" and "keep" in request.POST
    campaign = campaign_for(user, campaign_id, write=keep)
    brief = get_latest_brief(campaign)
    if request.method != "POST":
        return _planner_page(request, campaign, brief)
    seen, now = access.creators_visible_to(user), timezone.now()
    form = BudgetPlanForm(request.POST, seen=seen)
    if form.is_valid():
        by = asked_by(campaign, brief)
        try:
            plan = plan_budget(
                terms=form.terms(),
                brief=by.terms,
                brand_names=by.brand_names,
                hidden=by.hidden,
                now=now,
            )
        except (PlanRefused, NoPlan) as refused:
            form.add_refusal(refused.details["field"], refused.message)
        except BriefRejected as refused:
            form.add_error(None, refused.message)
        else:
            if keep:
                kept = keep_plan(campaign=campaign, brief=brief, plan=plan, actor=user, now=now)
                messages.success(request, "The plan is kept.")
                return redirect("kept_budget_plan", kept.pk)
            return _planner_page(request, campaign, brief, form=form, plan=plan_told(plan))
    return _planner_page(request, campaign, brief, form=form, status=422)


@page
@require_safe
def kept_budget_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    return _kept_page(request, plan_for(user_of(request), plan_id))


@page
@require_safe
def budget_plan_csv(request: HttpRequest, plan_id: int) -> HttpResponse:
    kept = plan_for(user_of(request), plan_id)
    # The mark at the start tells a spreadsheet that the file is UTF-8.
    response = HttpResponse(
        "\ufeff" + plan_csv(kept_told(kept)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="budget-plan-{kept.pk}.csv"'
    return response


@page
@require_POST
def budget_plan_shortlist(request: HttpRequest, plan_id: int) -> HttpResponse:
    user = user_of(request)
    kept = plan_for(user, plan_id)
    access.membership_for(user, kept.campaign.brand_id, roles=access.WRITERS)
    form = PlanShortlistForm(request.POST)
    if form.is_valid():
        try:
            made, gone = shortlist_plan(
                plan=kept, name=form.cleaned_data["name"], actor=user, now=timezone.now()
            )
        except DomainError as refused:
            form.add_error("name", refused.message)
        else:
            if gone:
                messages.info(request, f"{gone} of the plan can no longer be hired.")
            return redirect("shortlist", made.pk)
    return _kept_page(request, kept, shortlist_form=form, status=422)


def _planner_page(
    request: HttpRequest,
    campaign: Campaign,
    brief: Brief,
    *,
    form: BudgetPlanForm | None = None,
    plan: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    seen = access.creators_visible_to(user_of(request))
    context = {
        "campaign": campaign,
        "brief": brief,
        "form": form or BudgetPlanForm(initial=_initial(campaign, brief), seen=seen),
        "plan": plan,
        "plans": plans_of(campaign)[:PLANS_SHOWN],
        "may_keep": _may_write(user_of(request), campaign),
    }
    return render(request, "planning/planner.html", context, status=status)


def _kept_page(
    request: HttpRequest,
    kept: BudgetPlan,
    *,
    shortlist_form: PlanShortlistForm | None = None,
    status: int = 200,
) -> HttpResponse:
    named = f"{kept.campaign.title[:50]}, plan {kept.pk}"
    context = {
        "campaign": kept.campaign,
        "kept": kept,
        "plan": kept_told(kept),
        "shortlist_form": (shortlist_form or PlanShortlistForm(initial={"name": named}))
        if _may_write(user_of(request), kept.campaign)
        else None,
    }
    return render(request, "planning/plan.html", context, status=status)


def _initial(campaign: Campaign, brief: Brief) -> dict[str, Any]:
    currency = brief.budget_currency or campaign.brand.currency
    total = brief.total_budget_minor
    return {
        "currency": currency,
        "budget": None if total is None else to_major(total, currency),
        "most": brief.places,
        "goal": "reach",
        "overlap": 50,
    }


def _may_write(user: User, campaign: Campaign) -> bool:
    try:
        access.membership_for(user, campaign.brand_id, roles=access.WRITERS)
    except Forbidden:
        return False
    return True
