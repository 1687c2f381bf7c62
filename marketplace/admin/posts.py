"""Scores of posts' engagement: to be read, never changed."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from marketplace.admin.reading import Desk, ReadOnly
from scoring.models import PostScore


@admin.register(PostScore)
class PostScoreAdmin(ReadOnly, Desk):
    list_display = (
        "page", "value", "level", "flagged", "confidence", "abstained", "model_version",
        "detector", "as_of",
    )  # fmt: skip
    list_filter = ("flagged", "level", "abstained", "model_version", "detector")
    list_select_related = ("post__account__creator",)
    search_fields = ("post__account__handle", "post__external_id", "snapshot_hash")
    ordering = ("-created_at", "-pk")
    readonly_fields = ("page",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PostScore]:
        """Without the observations, which would fill a list's memory for nothing."""
        scores: QuerySet[PostScore] = super().get_queryset(request)
        return scores.defer("inputs")

    @admin.display(description="post")
    def page(self, score: PostScore) -> str:
        """The post's own page, where its counts are drawn."""
        address = reverse("post", args=[score.post.account.creator_id, score.post_id])
        return format_html('<a href="{}">{}</a>', address, score.post)
