"""Declared causes of growth: moderators accept or reject them, with reasons."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html

from accounts import growth_events
from accounts.errors import DomainError
from accounts.models import GrowthEvent, User
from marketplace.admin.reading import Desk

FACTS = (
    "account", "kind", "starts_on", "ends_on", "evidence", "description", "state", "declared_by",
    "declared_at", "decided_by", "closed_at",
)  # fmt: skip


class DecisionForm(forms.ModelForm):
    """The one thing to be written here; the rest is the creator's."""

    decision = forms.ChoiceField(choices=[("accept", "Accept"), ("reject", "Reject")])

    class Meta:
        model = GrowthEvent
        fields = ("reasons",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reasons" in self.fields:
            self.fields["reasons"].required = True


@admin.register(GrowthEvent)
class GrowthEventAdmin(Desk):
    """Every staff user decides: the service asks for no more than being a moderator."""

    form = DecisionForm
    list_display = ("account", "kind", "starts_on", "ends_on", "state", "declared_at")
    list_filter = ("state", "kind")
    list_select_related = ("account",)
    search_fields = ("account__handle", "account__creator__display_name", "description")
    ordering = ("-declared_at", "-pk")

    @admin.display(description="evidence")
    def evidence(self, event: GrowthEvent) -> str:
        if not event.evidence_url:
            return "–"
        return format_html('<a href="{0}" rel="noopener noreferrer">{0}</a>', event.evidence_url)

    def get_fields(self, request: HttpRequest, obj: GrowthEvent | None = None) -> list[str]:
        decision = ["decision"] if obj is not None and obj.is_open else []
        return [*FACTS, *decision, "reasons"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: GrowthEvent | None = None
    ) -> tuple[str, ...]:
        return FACTS if obj is not None and obj.is_open else (*FACTS, "reasons")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_staff", False))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A decision is final, so what is closed can only be read.
        return self.has_module_permission(request) and (obj is None or obj.is_open)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            answer: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.path)
        return answer

    def save_model(
        self, request: HttpRequest, obj: GrowthEvent, form: forms.ModelForm, change: bool
    ) -> None:
        assert isinstance(request.user, User)
        growth_events.decide_event(
            event=obj,
            accept=form.cleaned_data["decision"] == "accept",
            reasons=form.cleaned_data["reasons"],
            actor=request.user,
            now=timezone.now(),
        )
