"""The nightly checks, and payments with their attempts and reports: to be read."""

from django.contrib import admin

from campaigns.models import BooksCheck, Payment, PaymentAttempt, ProviderEvent
from marketplace.admin.reading import Desk, ReadOnly, ReadOnlyTable


@admin.register(BooksCheck)
class BooksCheckAdmin(ReadOnly, Desk):
    list_display = ("at", "is_right", "operations", "wrong", "late", "seconds")
    list_filter = ("is_right",)
    ordering = ("-pk",)


class AttemptTable(ReadOnlyTable):
    model = PaymentAttempt
    fields = ("number", "key", "status", "reference", "message", "tries", "send_after")


@admin.register(Payment)
class PaymentAdmin(ReadOnly, Desk):
    list_display = (
        "pk", "kind", "brand", "creator", "amount_minor", "currency", "state", "provider",
        "updated_at",
    )  # fmt: skip
    list_filter = ("kind", "state", "provider")
    list_select_related = ("brand", "creator")
    search_fields = ("brand__name", "creator__display_name", "attempts__reference")
    ordering = ("-pk",)
    inlines = (AttemptTable,)


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnly, Desk):
    list_display = (
        "received_at", "provider", "event_id", "attempt_key", "status", "amount_minor", "currency",
        "outcome", "occurred_at",
    )  # fmt: skip
    list_filter = ("provider", "status", "outcome")
    search_fields = ("event_id", "attempt_key", "reference")
    ordering = ("-pk",)
