"""Reported messages: read and answered here, one at a time."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import User
from campaigns.access import seat_for
from campaigns.message_reports import decide_report, note_moderators_look
from campaigns.models import MessageReport
from marketplace.admin.reading import Desk, read_id
from marketplace.forms.messages import MessageDecisionForm


@admin.register(MessageReport)
class MessageReportAdmin(Desk):
    """Reports come from the two sides. Only the message in question is shown, and only here."""

    list_display = ("number", "state", "collaboration", "reporter", "reported_at", "decided_by")
    list_display_links = ("number",)
    list_filter = ("state",)
    list_select_related = (
        "message__collaboration__campaign", "message__collaboration__creator", "reporter",
        "decided_by",
    )  # fmt: skip
    search_fields = ("reporter__email", "message__collaboration__campaign__title")
    ordering = ("-reported_at", "-pk")

    @admin.display(description="report", ordering="pk")
    def number(self, report: MessageReport) -> str:
        return f"Report {report.pk}"

    @admin.display(description="collaboration")
    def collaboration(self, report: MessageReport) -> str:
        return str(report.message.collaboration)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        pk = read_id(object_id)
        report = (
            MessageReport.objects.select_related(
                "message__author", "message__collaboration__campaign__brand",
                "message__collaboration__creator", "reporter", "decided_by",
            )
            .filter(pk=pk)
            .first()
        )  # fmt: skip
        if report is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        assert isinstance(request.user, User)
        may_decide = self.has_change_permission(request, report)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        form = None
        if may_decide and report.state == MessageReport.State.OPEN:
            form = MessageDecisionForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if form is None:
                messages.error(request, "This report is already decided.")
                return HttpResponseRedirect(request.path)
            if form.is_valid() and _decided(request, report, request.user, form):
                return HttpResponseRedirect(request.path)
        else:
            note_moderators_look(seat=seat_for(request.user, report.message.collaboration_id))
        context = {
            **self.admin_site.each_context(request),
            "title": str(report),
            "opts": self.opts,
            "report": report,
            "message": report.message,
            "form": form,
        }
        return TemplateResponse(request, "moderation/desk_message.html", context)


def _decided(
    request: HttpRequest, report: MessageReport, actor: User, form: MessageDecisionForm
) -> bool:
    """Hand the answer to its service; a refusal is told, beside its field if it has one."""
    try:
        decide_report(
            report=report,
            upheld=form.cleaned_data["answer"] == MessageReport.State.UPHELD,
            decision=form.cleaned_data["decision"],
            actor=actor,
            now=timezone.now(),
        )
    except DomainError as error:
        if (error.details or {}).get("field") == "decision":
            form.add_error("decision", error.message)
            return False
        messages.error(request, error.message)
        return True
    messages.success(request, "It is answered and recorded. The reporter is told.")
    return True
