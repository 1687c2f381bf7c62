"""Jobs and the audit trail: to be read, never changed."""

from django.contrib import admin

from accounts.models import AuditEntry, Job
from marketplace.admin.reading import Desk, ReadOnly


@admin.register(Job)
class JobAdmin(ReadOnly, Desk):
    list_display = (
        "title", "kind", "state", "stage", "done", "total", "attempt", "owner", "created_at",
        "heartbeat_at",
    )  # fmt: skip
    list_filter = ("state", "kind")
    list_select_related = ("owner",)
    search_fields = ("title", "owner__email", "error")
    ordering = ("-created_at", "-pk")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, Desk):
    list_display = ("at", "verb", "subject_text", "subject_type", "actor")
    list_filter = ("verb", "subject_type")
    list_select_related = ("actor",)
    search_fields = ("subject_text", "subject_id", "actor__email")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
