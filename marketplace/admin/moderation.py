"""The queue of cases, and the page on which moderators decide one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import ModerationCase, User
from marketplace.admin.case_filters import AgeFilter, AppealFilter
from marketplace.admin.case_page import case_context
from marketplace.admin.reading import Desk, ReadOnly, read_id
from marketplace.forms.moderation import DecisionForm, steps_of
from scoring.models import EvaluationLabel
from scoring.moderation.appealing import ANSWERS, decide_appeal
from scoring.moderation.deciding import (
    DECISIONS,
    REVIEWS,
    decide_case,
    reinstate_creator,
    review_suspension,
)


@admin.register(ModerationCase)
class ModerationCaseAdmin(Desk):
    """Cases open by themselves or by a report, and change only by decisions with reasons."""

    list_display = ("number", "creator", "state", "level", "risk", "ground", "age", "appeal_due")
    list_display_links = ("number", "creator")
    list_filter = ("state", "level", AgeFilter, AppealFilter, "ground", "creator__is_simulated")
    list_select_related = ("creator", "appeal")
    search_fields = ("creator__display_name", "creator__accounts__handle", "creator__user__email")
    ordering = ("-opened_at", "-pk")

    @admin.display(description="case", ordering="pk")
    def number(self, case: ModerationCase) -> str:
        return f"Case {case.pk}"

    @admin.display(description="age", ordering="-opened_at")
    def age(self, case: ModerationCase) -> str:
        days = (timezone.now() - case.opened_at).days
        return "today" if days < 1 else f"{days} day{'s' if days > 1 else ''}"

    @admin.display(description="appeal due", ordering="appeal__due_at")
    def appeal_due(self, case: ModerationCase) -> str:
        appeal = getattr(case, "appeal", None)
        if appeal is None:
            return "–"
        if not appeal.is_pending:
            return str(appeal.get_outcome_display())
        late = " (late)" if appeal.due_at < timezone.now() else ""
        return f"{appeal.due_at:%Y-%m-%d}{late}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModerationCase]:
        # The statements are long, and no list shows them.
        return super().get_queryset(request).defer("statement")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        case = (
            ModerationCase.objects.select_related("creator", "decided_by", "second_reviewer")
            .filter(pk=read_id(object_id))
            .first()
        )
        if case is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, case):
            raise PermissionDenied
        assert isinstance(request.user, User)
        may_decide = self.has_change_permission(request, case)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        appeal = getattr(case, "appeal", None)
        waiting = appeal is not None and appeal.is_pending
        steps = steps_of(case, has_pending_appeal=waiting)
        form = DecisionForm(_sent(request), steps=steps) if steps and may_decide else None
        if request.method == "POST":
            if form is None:
                messages.error(request, "Nothing is to be decided in this case now.")
                return HttpResponseRedirect(request.path)
            if form.is_valid() and _decided(request, case, request.user, form):
                return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            **case_context(case, appeal=appeal, actor=request.user),
            "title": str(case),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "moderation/desk_case.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    """Also a form that was sent empty is to be refused, not shown as new."""
    return request.POST if request.method == "POST" else None


def _decided(request: HttpRequest, case: ModerationCase, actor: User, form: DecisionForm) -> bool:
    """Hand the decision to its service; a refusal is told, beside its field if it has one."""
    step, reasons = form.cleaned_data["step"], form.cleaned_data["reasons"]
    services: dict[str, Any] = {
        **dict.fromkeys(DECISIONS, decide_case),
        **dict.fromkeys(REVIEWS, review_suspension),
        **dict.fromkeys(ANSWERS, decide_appeal),
    }
    now = timezone.now()
    try:
        if step in services:
            services[step](case=case, step=step, reasons=reasons, actor=actor, now=now)
        else:
            reinstate_creator(case=case, reasons=reasons, actor=actor, now=now)
    except DomainError as error:
        if (error.details or {}).get("field") == "reasons":
            form.add_error("reasons", error.message)
            return False
        messages.error(request, error.message)
        return True
    told = " The creator is told." if case.creator.is_claimed else ""
    messages.success(request, f"It is decided and recorded.{told}")
    return True


@admin.register(EvaluationLabel)
class EvaluationLabelAdmin(ReadOnly, Desk):
    """What people decided, as labels that judge models and train none."""

    list_display = ("account", "label", "risk", "model_version", "case", "decided_at")
    list_filter = ("label", "model_version")
    list_select_related = ("account", "case__creator")
    search_fields = ("account__handle", "snapshot_hash")
    ordering = ("-decided_at", "-pk")
