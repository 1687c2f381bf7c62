"""Campaigns: the queue of those that wait for a moderator, and the versions of their briefs."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import User
from campaigns.brief_changes import list_changes
from campaigns.models import Brief, BriefTemplate, Campaign, CampaignSubmission
from campaigns.opening import decide_submission, list_missing
from campaigns.states import CampaignStatus
from campaigns.terms import BriefTerms
from marketplace.admin.reading import Desk, ReadOnly, ReadOnlyStack, read_id
from marketplace.forms.campaign_desk import SubmissionForm


class BriefStack(ReadOnlyStack):
    model = Brief
    exclude = ("links",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Brief]:
        return super().get_queryset(request).select_related("campaign", "created_by")


@admin.register(Campaign)
class CampaignAdmin(ReadOnly, Desk):
    """To be read here; brands change them on their own pages."""

    list_display = ("title", "brand", "status", "created_by", "is_simulated", "updated_at")
    list_filter = ("status", "is_simulated")
    list_select_related = ("brand", "created_by")
    search_fields = ("title", "brand__name")
    ordering = ("-updated_at", "-pk")
    inlines = (BriefStack,)


@admin.register(Brief)
class BriefAdmin(ReadOnly, Desk):
    list_display = ("campaign", "version", "platform", "country", "created_by", "created_at")
    list_filter = ("platform",)
    list_select_related = ("campaign", "created_by")
    search_fields = ("campaign__title", "text")
    ordering = ("-created_at", "-pk")


@admin.register(BriefTemplate)
class BriefTemplateAdmin(ReadOnly, Desk):
    list_display = ("name", "brand", "created_by", "created_at")
    list_select_related = ("brand", "created_by")
    search_fields = ("name", "brand__name")
    ordering = ("-pk",)


class WaitingFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Waits for a moderator"), ("no", "Decided")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[CampaignSubmission]
    ) -> QuerySet[CampaignSubmission]:
        if self.value() == "yes":
            return queryset.filter(outcome="")
        return queryset.exclude(outcome="") if self.value() == "no" else queryset


@admin.register(CampaignSubmission)
class CampaignSubmissionAdmin(Desk):
    """Campaigns before they open. What waits comes first, the oldest of it on top."""

    list_display = ("campaign", "brand", "version", "flag_count", "waits", "submitted_at")
    list_filter = (WaitingFilter, "outcome", "campaign__is_simulated")
    list_select_related = ("campaign__brand", "brief")
    search_fields = ("campaign__title", "campaign__brand__name")
    ordering = ("outcome", "submitted_at", "pk")

    @admin.display(description="brand")
    def brand(self, submission: CampaignSubmission) -> str:
        return str(submission.campaign.brand)

    @admin.display(description="version")
    def version(self, submission: CampaignSubmission) -> int:
        return submission.brief.version

    @admin.display(description="flags")
    def flag_count(self, submission: CampaignSubmission) -> str:
        codes = sorted({flag["code"].replace("_", " ") for flag in submission.flags})
        return ", ".join(codes) or "none"

    @admin.display(description="state")
    def waits(self, submission: CampaignSubmission) -> str:
        return submission.get_outcome_display() or "waits"

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
        submission = (
            CampaignSubmission.objects.select_related(
                "campaign__brand", "brief", "submitted_by", "decided_by"
            )
            .filter(pk=read_id(object_id))
            .first()
        )
        if submission is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, submission):
            raise PermissionDenied
        may_decide = self.has_change_permission(request, submission)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        waits = not submission.outcome
        form = None
        if may_decide and waits:
            sent = request.POST if request.method == "POST" else None
            form = SubmissionForm(sent, initial={"submission": submission.pk})
        if request.method == "POST":
            if form is None:
                messages.error(request, "This version is decided.")
                return HttpResponseRedirect(request.path)
            if form.is_valid() and _decided(request, submission, form):
                return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            **_shown(submission),
            "title": f"{submission.campaign}, version {submission.brief.version}",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "moderation/desk_campaign.html", context)


def _decided(request: HttpRequest, submission: CampaignSubmission, form: SubmissionForm) -> bool:
    """Hand the decision to its service; a refusal is told."""
    assert isinstance(request.user, User)
    if form.cleaned_data["submission"] != submission.pk:
        messages.error(request, "Another version was read than is decided here. Look again.")
        return True
    try:
        decide_submission(
            submission=submission,
            name=form.cleaned_data["step"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return True
    messages.success(request, "It is decided and recorded. The brand is told.")
    return True


def _shown(submission: CampaignSubmission) -> dict[str, Any]:
    """The version to be decided, and what differs from the one approved last."""
    campaign = submission.campaign
    terms = BriefTerms.of(submission.brief)
    approved = campaign.submissions.filter(outcome="approved", pk__lt=submission.pk)
    last = approved.aggregate(last=Max("brief__version"))["last"]
    before = campaign.briefs.filter(version=last).first() if last else None
    return {
        "submission": submission,
        "campaign": campaign,
        "terms": terms,
        "changes": list_changes(BriefTerms.of(before), terms, private=True) if before else [],
        "approved_before": before,
        "missing": list_missing(terms, today=timezone.now().date()),
        "is_held": campaign.status == CampaignStatus.IN_MODERATION,
        "earlier": campaign.submissions.filter(pk__lt=submission.pk)
        .exclude(outcome="")
        .select_related("brief", "decided_by")[:10],
    }
