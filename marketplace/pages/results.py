"""What publications came to: a collaboration's figures, and a campaign's report."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.errors import Forbidden
from accounts.models import User
from campaigns.access import REVIEWERS, Seat, campaign_for, seat_for
from campaigns.models import Campaign
from campaigns.results.collaboration_results import get_collaboration_results
from campaigns.results.connectors.csv import RowProblem, TableRefused
from campaigns.results.planning import PlanRefused, set_plan
from campaigns.results.report import Report, get_report
from campaigns.results.report_csv import report_csv
from campaigns.results.stating import FORM_SOURCE, state_results, state_table
from campaigns.results.taking import ObservationsRefused, Taken
from campaigns.standing import get_standing
from campaigns.states import Side
from marketplace.forms.results import LookForm, PlanForm, TableForm
from marketplace.pages.people import user_of
from marketplace.pages.planning_effect import asked_formula, effect_chart
from marketplace.pages.refusals import page


@page
@require_http_methods(["GET", "HEAD", "POST"])
def collaboration(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_for(user_of(request), collaboration_id)
    if request.method != "POST":
        return _collaboration_page(request, seat)
    seat.check(REVIEWERS)
    return _take_file(request, seat) if "file" in request.FILES else _take_look(request, seat)


def _take_file(request: HttpRequest, seat: Seat) -> HttpResponse:
    form, now = TableForm(request.POST, request.FILES), timezone.now()
    if not form.is_valid():
        return _collaboration_page(request, seat, table_form=form, status=422)
    dry_run = form.cleaned_data["dry_run"]
    try:
        content = form.cleaned_data["file"].read()
        taken = state_table(seat=seat, content=content, now=now, dry_run=dry_run)
    except TableRefused as refused:
        form.add_error("file", refused.message)
        return _collaboration_page(
            request, seat, table_form=form, problems=refused.problems, status=422
        )
    messages.success(request, _said(taken, dry_run=dry_run))
    return redirect("collaboration_results", seat.collaboration.pk)


def _take_look(request: HttpRequest, seat: Seat) -> HttpResponse:
    now = timezone.now()
    pieces = [one.piece for one in get_collaboration_results(seat.collaboration, now=now).pieces]
    form = LookForm(request.POST, pieces=pieces, now=now)
    if not form.is_valid():
        return _collaboration_page(request, seat, look_form=form, status=422)
    try:
        taken = state_results(seat=seat, stated=[form.stated()], source=FORM_SOURCE, now=now)
    except ObservationsRefused as refused:
        first = refused.problems[0]
        form.add_error(first.attr if first.attr in form.fields else None, first.message)
        return _collaboration_page(request, seat, look_form=form, status=422)
    messages.success(request, _said(taken))
    return redirect("collaboration_results", seat.collaboration.pk)


def _said(taken: Taken, *, dry_run: bool = False) -> str:
    new, known = len(taken.stored), len(taken.known)
    parts = [f"{new} look{'s' if new != 1 else ''} {'could be taken' if dry_run else 'taken'}"]
    if known:
        parts.append(f"{known} known before")
    if taken.warnings:
        parts.append(f"{taken.warnings} with a warning, kept as they came")
    return ", ".join(parts) + ("; nothing was kept." if dry_run else ".")


def _collaboration_page(
    request: HttpRequest,
    seat: Seat,
    *,
    table_form: forms.Form | None = None,
    look_form: forms.Form | None = None,
    problems: list[RowProblem] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    results = get_collaboration_results(seat.collaboration, now=now)
    states = seat.side is Side.CREATOR or seat.role in REVIEWERS
    context: dict[str, Any] = {
        "seat": seat,
        "standing": get_standing(seat.collaboration),
        "results": results,
        "problems": problems or [],
        "may_state": states,
    }
    if states and results.has_publications:
        pieces = [one.piece for one in results.pieces]
        context["table_form"] = table_form or TableForm()
        context["look_form"] = look_form or LookForm(pieces=pieces, now=now)
    return render(request, "results/collaboration.html", context, status=status)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_report(request: HttpRequest, campaign_id: int) -> HttpResponse:
    user = user_of(request)
    campaign = campaign_for(user, campaign_id, write=request.method == "POST")
    if request.method != "POST":
        return _report_page(request, campaign)
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            set_plan(campaign=campaign, terms=form.terms(), actor=user, now=timezone.now())
        except PlanRefused as refused:
            field = refused.details["field"]
            form.add_error("spend" if field == "spend_minor" else field, refused.message)
        else:
            messages.success(request, "The plan is kept.")
            return redirect("campaign_report", campaign.pk)
    return _report_page(request, campaign, form=form, status=422)


@page
@require_safe
def campaign_report_csv(request: HttpRequest, campaign_id: int) -> HttpResponse:
    campaign = campaign_for(user_of(request), campaign_id)
    version = asked_formula(request)
    text = report_csv(get_report(campaign, now=timezone.now(), formula_version=version))
    # The mark at the start tells a spreadsheet that the file is UTF-8.
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="campaign-{campaign.pk}-report.csv"'
    return response


def _report_page(
    request: HttpRequest, campaign: Campaign, *, form: PlanForm | None = None, status: int = 200
) -> HttpResponse:
    version = asked_formula(request)
    report = get_report(campaign, now=timezone.now(), formula_version=version)
    currency = report.currency or report.budget_currency or campaign.brand.currency
    context = {
        "campaign": campaign,
        "report": report,
        "asked_formula": version,
        "chart": _chart(report),
        "effect": effect_chart(report),
        "plan_form": (form or PlanForm.showing(report.plan, currency=currency))
        if _may_write(user_of(request), campaign)
        else None,
    }
    return render(request, "results/report.html", context, status=status)


def _may_write(user: User, campaign: Campaign) -> bool:
    try:
        access.membership_for(user, campaign.brand_id, roles=access.WRITERS)
    except Forbidden:
        return False
    return True


def _chart(report: Report) -> dict[str, Any]:
    """Views over time of the first provenance that has any, as the script reads them."""
    first = next((moment.provenance for moment in report.moments), None)
    moments = [moment for moment in report.moments if moment.provenance == first]
    return {
        "name": first.label if first else "",
        "points": [
            {
                "label": moment.horizon.label,
                "views": moment.views.value,
                "known": moment.views.known,
                "of": moment.views.of,
            }
            for moment in moments
        ],
    }
