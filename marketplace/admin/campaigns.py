"""Campaigns and the versions of their briefs."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns.models import Brief, Campaign
from marketplace.admin.reading import Desk, ReadOnly, ReadOnlyStack


class BriefStack(ReadOnlyStack):
    model = Brief
    fields = (
        "version", "created_by", "created_at", "text", "platform", "country", "niches",
        "min_followers", "max_followers", "max_risk", "budget_minor", "budget_currency",
        "values", "audience",
    )  # fmt: skip

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
