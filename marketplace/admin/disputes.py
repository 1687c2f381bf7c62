"""The queue of disputes, the page on which two people decide one, and reviews to be hidden."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import User
from accounts.money import exact
from campaigns.dispute_decisions import confirm_decision, propose_decision, send_back_decision
from campaigns.models import Dispute, LedgerAccount, Review
from campaigns.reviews import MAY_HIDE, hide_review
from marketplace.admin.dispute_page import dispute_context, form_for
from marketplace.admin.reading import Desk, ReadOnly, read_id
from marketplace.forms.decisions import ConfirmationForm, HidingForm, ProposalForm


class DueFilter(admin.SimpleListFilter):
    title = "decision"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("late", "Late"), ("week", "Due within a week")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        waiting = queryset.filter(ended_at=None)
        now = timezone.now()
        if self.value() == "late":
            return waiting.filter(decide_by__lt=now)
        if self.value() == "week":
            return waiting.filter(decide_by__lt=now + timedelta(days=7))
        return queryset


@admin.register(Dispute)
class DisputeAdmin(ReadOnly, Desk):
    """Disputes change only by decisions with reasons, each of two people."""

    list_display = ("number", "collaboration", "state", "category", "opened_side", "set_aside",
                    "opened_at", "due")  # fmt: skip
    list_display_links = ("number", "collaboration")
    list_filter = ("state", DueFilter, "category", "opened_side")
    list_select_related = ("collaboration__campaign", "collaboration__creator")
    search_fields = ("collaboration__campaign__title", "collaboration__creator__display_name",
                     "collaboration__campaign__brand__name")  # fmt: skip
    ordering = ("decide_by", "pk")

    @admin.display(description="dispute", ordering="pk")
    def number(self, dispute: Dispute) -> str:
        return f"Dispute {dispute.pk}"

    @admin.display(description="set aside")
    def set_aside(self, dispute: Dispute) -> str:
        holds = [
            one for one in dispute.collaboration.ledger.all() if one.kind == LedgerAccount.Kind.HOLD
        ]
        return ", ".join(exact(one.balance_minor, one.currency) for one in holds) or "–"

    @admin.display(description="decide by", ordering="decide_by")
    def due(self, dispute: Dispute) -> str:
        if not dispute.is_live:
            return "–"
        late = " (late)" if dispute.decide_by < timezone.now() else ""
        return f"{dispute.decide_by:%Y-%m-%d}{late}"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("collaboration__ledger").defer("text")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        dispute = (
            Dispute.objects.select_related(
                "opened_by",
                "collaboration__campaign__brand",
                "collaboration__creator",
                "collaboration__contract",
            )
            .filter(pk=read_id(object_id))
            .first()
        )
        if dispute is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, dispute):
            raise PermissionDenied
        assert isinstance(request.user, User)
        # Also a form that was sent empty is to be refused, not shown as new.
        form = form_for(dispute, request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if form is None:
                messages.error(request, "Nothing is to be decided in this dispute now.")
                return HttpResponseRedirect(request.path)
            if form.is_valid() and _decided(request, dispute, request.user, form):
                return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            **dispute_context(dispute, actor=request.user),
            "title": str(dispute),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "moderation/desk_dispute.html", context)


def _decided(
    request: HttpRequest, dispute: Dispute, actor: User, form: ProposalForm | ConfirmationForm
) -> bool:
    """Hand the step to its service; a refusal is told, beside its field if it has one."""
    step: dict[str, Any] = {"dispute": dispute, "actor": actor, "now": timezone.now()}
    try:
        if isinstance(form, ProposalForm):
            propose_decision(decision=form.decision(), **step)
            said = "It is proposed. Somebody with finance rights confirms it or sends it back."
        elif form.cleaned_data["step"] == "confirm":
            confirm_decision(**step)
            said = "It is decided. Both sides are told."
        else:
            send_back_decision(note=form.cleaned_data["note"], **step)
            said = "It is sent back."
    except DomainError as error:
        if error.http_status == 403:
            raise PermissionDenied(error.message) from error
        if error.http_status == 400:
            form.refuse(error)
            return False
        messages.error(request, error.message)
        return True
    messages.success(request, said)
    return True


@admin.register(Review)
class ReviewAdmin(ReadOnly, Desk):
    """Published reviews; an abusive one is hidden, with a reason both sides read."""

    list_display = ("collaboration", "side", "rating", "published_at", "hidden_at")
    list_filter = ("side", "rating", ("hidden_at", admin.EmptyFieldListFilter))
    list_select_related = ("collaboration__campaign", "collaboration__creator")
    search_fields = ("text", "collaboration__campaign__title",
                     "collaboration__creator__display_name")  # fmt: skip
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> Any:
        # What one side wrote and the other has not seen is for nobody here either.
        return super().get_queryset(request).filter(published_at__isnull=False)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        review = (
            self.get_queryset(request)
            .select_related("collaboration__campaign__brand", "collaboration__creator", "hidden_by")
            .filter(pk=read_id(object_id))
            .first()
        )
        if review is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, review):
            raise PermissionDenied
        assert isinstance(request.user, User)
        may_hide = request.user.has_perm(MAY_HIDE) and review.hidden_at is None
        if request.method == "POST" and not may_hide:
            raise PermissionDenied
        form = HidingForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                hide_review(
                    review=review, actor=request.user, now=timezone.now(), **form.cleaned_data
                )
            except DomainError as error:
                messages.error(request, error.message)
            else:
                messages.success(request, "It is hidden, and both sides can read why.")
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": str(review),
            "opts": self.opts,
            "review": review,
            "form": form if may_hide else None,
        }
        return TemplateResponse(request, "moderation/desk_review.html", context)
