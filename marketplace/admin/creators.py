"""Creators, their accounts and the scores about them."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.models import Creator, SocialAccount, User
from marketplace.admin.reading import Desk, ReadOnly, ReadOnlyTable
from scoring.models import Score
from scoring.visibility import set_creator_status


class AccountTable(ReadOnlyTable):
    model = SocialAccount
    fields = ("page", "platform", "country", "is_verified", "created_at")
    readonly_fields = ("page",)

    @admin.display(description="handle")
    def page(self, account: SocialAccount) -> str:
        """The account's own page at the desk, where its scores are."""
        address = reverse("admin:accounts_socialaccount_change", args=[account.pk])
        return format_html('<a href="{}">{}</a>', address, account.handle)


class ScoreTable(ReadOnlyTable):
    model = Score
    fields = ("task", "value", "level", "confidence", "abstained", "model_version", "as_of")
    ordering = ("-created_at", "-pk")


@admin.register(Creator)
class CreatorAdmin(Desk):
    """Only the status can be changed here; the rest is the creator's or measured."""

    list_display = ("display_name", "status", "user", "is_simulated", "created_at")
    list_filter = ("status", "is_simulated", ("user", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("display_name", "accounts__handle", "user__email")
    ordering = ("-pk",)
    readonly_fields = ("display_name", "user", "is_simulated", "created_at")
    inlines = (AccountTable,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Creator, form: forms.ModelForm, change: bool
    ) -> None:
        assert isinstance(request.user, User)
        set_creator_status(creator=obj, status=obj.status, actor=request.user, now=timezone.now())


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
