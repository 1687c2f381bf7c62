"""Creators, their accounts and the scores about them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import action

from accounts.errors import DomainError
from accounts.models import Creator, ModerationCase, SocialAccount
from marketplace.admin.reading import Desk, ReadOnly, ReadOnlyTable
from marketplace.forms.moderation import ReportForm
from marketplace.pages.people import user_of
from scoring.models import Score
from scoring.moderation.moderators import PERMISSION
from scoring.moderation.opening import report_creator


class AccountTable(ReadOnlyTable):
    model = SocialAccount
    fields = ("page", "platform", "country", "is_verified", "created_at")
    readonly_fields = ("page",)

    @admin.display(description="handle")
    def page(self, account: SocialAccount) -> str:
        """The account's own page at the desk, where its scores are."""
        address = reverse("admin:accounts_socialaccount_change", args=[account.pk])
        return format_html('<a href="{}">{}</a>', address, account.handle)


class CaseTable(ReadOnlyTable):
    model = ModerationCase
    fields = ("page", "state", "ground", "risk", "opened_at")
    readonly_fields = ("page",)

    @admin.display(description="case")
    def page(self, case: ModerationCase) -> str:
        address = reverse("admin:accounts_moderationcase_change", args=[case.pk])
        return format_html('<a href="{}">Case {}</a>', address, case.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModerationCase]:
        return super().get_queryset(request).select_related("creator").defer("statement")


class ScoreTable(ReadOnlyTable):
    model = Score
    fields = ("task", "value", "level", "confidence", "abstained", "model_version", "as_of")
    ordering = ("-created_at", "-pk")


@admin.register(Creator)
class CreatorAdmin(Desk):
    """Nothing is changed here: the status follows from the decisions of cases."""

    list_display = ("display_name", "status", "user", "is_simulated", "created_at")
    list_filter = ("status", "is_simulated", ("user", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("display_name", "accounts__handle", "user__email")
    ordering = ("-pk",)
    readonly_fields = ("display_name", "status", "user", "is_simulated", "created_at")
    inlines = (CaseTable, AccountTable)
    actions_detail = ("open_case",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Creator | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Creator | None = None) -> bool:
        return False

    def has_open_case_permission(self, request: HttpRequest, object_id: str = "") -> bool:
        return user_of(request).has_perm(PERMISSION)

    @action(
        description="Open a case because of a report",
        url_path="report",
        # By method: a named permission would be looked up in the database by system checks.
        permissions=["open_case"],
    )
    def open_case(self, request: HttpRequest, object_id: int) -> HttpResponse:
        creator = get_object_or_404(Creator, pk=object_id)
        form = ReportForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                case = report_creator(
                    creator=creator,
                    report=form.cleaned_data["report"],
                    actor=user_of(request),
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error("report", error.message)
            else:
                messages.success(request, "The case is open.")
                return redirect("admin:accounts_moderationcase_change", case.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Report about {creator}",
            "opts": self.opts,
            "creator": creator,
            "form": form,
        }
        return TemplateResponse(request, "moderation/desk_report.html", context)


@admin.register(SocialAccount)
class SocialAccountAdmin(ReadOnly, Desk):
    list_display = ("handle", "platform", "creator", "country", "is_verified", "created_at")
    list_filter = ("platform", "is_verified", "creator__is_simulated")
    list_select_related = ("creator",)
    search_fields = ("handle", "full_name", "bio", "creator__display_name")
    ordering = ("-pk",)
    inlines = (ScoreTable,)


@admin.register(Score)
class ScoreAdmin(ReadOnly, Desk):
    list_display = (
        "account", "task", "value", "currency", "level", "confidence", "abstained",
        "model_version", "as_of",
    )  # fmt: skip
    list_filter = ("task", "level", "abstained", "model_version")
    list_select_related = ("account",)
    search_fields = ("account__handle", "snapshot_hash")
    ordering = ("-created_at", "-pk")
