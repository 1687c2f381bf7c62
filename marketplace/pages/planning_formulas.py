"""A brand's formula of earned media value: the version in use, and every earlier one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.models import Membership
from campaigns.results.formula_terms import FormulaRefused
from campaigns.results.formulas import (
    FormulaChanged,
    get_formula,
    list_formulas,
    restore_formula,
    set_formula,
)
from marketplace.forms.planning import FormulaForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page

VERSIONS_SHOWN = 50


@page
@require_http_methods(["GET", "HEAD", "POST"])
def report_formulas(request: HttpRequest, brand_id: int) -> HttpResponse:
    """Everybody of the team reads it; owners and managers write the next version."""
    user = user_of(request)
    if request.method != "POST":
        return _formula_page(request, access.membership_for(user, brand_id))
    membership = access.membership_for(user, brand_id, roles=access.WRITERS)
    form = FormulaForm(request.POST)
    if form.is_valid():
        try:
            made = set_formula(
                brand=membership.brand,
                terms=form.terms(),
                actor=user,
                now=timezone.now(),
                based_on=form.cleaned_data["based_on"],
            )
        except FormulaRefused as refused:
            form.add_refusal(refused.details["field"], refused.message)
        except FormulaChanged as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"Version {made.version} of the formula is in use.")
            return redirect("report_formulas", brand_id)
    return _formula_page(request, membership, form=form, status=422)


@page
@require_POST
def report_formula_restore(request: HttpRequest, brand_id: int, version: int) -> HttpResponse:
    user = user_of(request)
    brand = access.brand_for(user, brand_id, roles=access.WRITERS)
    made = restore_formula(brand=brand, version=version, actor=user, now=timezone.now())
    messages.success(request, f"Version {version} is back, as version {made.version}.")
    return redirect("report_formulas", brand_id)


def _formula_page(
    request: HttpRequest,
    membership: Membership,
    *,
    form: FormulaForm | None = None,
    status: int = 200,
) -> HttpResponse:
    brand = membership.brand
    may_write = membership.role in access.WRITERS
    context: dict[str, Any] = {
        "brand": brand,
        "present": get_formula(brand),
        "versions": list_formulas(brand)[:VERSIONS_SHOWN],
        "form": (form or FormulaForm.showing(get_formula(brand))) if may_write else None,
    }
    return render(request, "planning/formulas.html", context, status=status)
