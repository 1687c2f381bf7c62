"""A creator's own case: what is said, what they add, and their appeal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.models import Appeal, ModerationCase
from marketplace.forms.moderation import AppealForm, EvidenceForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.moderation.appealing import file_appeal
from scoring.moderation.evidence import MAX_PIECES, add_evidence
from scoring.moderation.selectors import case_for


@page
@require_safe
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    if user_of(request).is_staff:
        return redirect(reverse("admin:accounts_moderationcase_change", args=[case_id]))
    return _case_page(request, case_for(user_of(request), case_id))


@page
@require_POST
def case_evidence(request: HttpRequest, case_id: int) -> HttpResponse:
    found = case_for(user_of(request), case_id)
    return _send(request, found, EvidenceForm(request.POST), add_evidence, "It is added.")


@page
@require_POST
def case_appeal(request: HttpRequest, case_id: int) -> HttpResponse:
    found = case_for(user_of(request), case_id)
    said = "Your appeal has arrived. Somebody who took no part in the decision answers it."
    return _send(request, found, AppealForm(request.POST), file_appeal, said)


def _send(
    request: HttpRequest,
    found: ModerationCase,
    form: forms.Form,
    service: Callable[..., object],
    said: str,
) -> HttpResponse:
    """Hand a form to its service; what cannot be used is told beside its field."""
    if form.is_valid():
        try:
            service(case=found, actor=user_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            field = (error.details or {}).get("field") if error.http_status == 400 else None
            if field not in form.fields:
                raise
            form.add_error(field, error.message)
        else:
            messages.success(request, said)
            return redirect("case", found.pk)
    return _case_page(request, found, form=form, status=422)


def _case_page(
    request: HttpRequest,
    found: ModerationCase,
    *,
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    evidence = list(found.evidence.all())
    appeal = Appeal.objects.filter(case=found).first()
    context: dict[str, Any] = {
        "case": found,
        "findings": found.findings.select_related("account"),
        "events": found.events.all(),
        "evidence": evidence,
        "appeal": appeal,
        "evidence_form": None,
        "appeal_form": None,
    }
    if found.is_under_review and len(evidence) < MAX_PIECES:
        context["evidence_form"] = form if type(form) is EvidenceForm else EvidenceForm()
    if found.is_in_force and appeal is None:
        context["appeal_form"] = form if isinstance(form, AppealForm) else AppealForm()
    return render(request, "moderation/case.html", context, status=status)
