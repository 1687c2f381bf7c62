"""The nightly checks, what providers reported, and the ledger: to be read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.money import exact
from campaigns.models import BooksCheck, LedgerAccount, Operation, Posting, ProviderEvent
from marketplace.admin.reading import Desk, ReadOnly, ReadOnlyTable


@admin.register(BooksCheck)
class BooksCheckAdmin(ReadOnly, Desk):
    list_display = ("at", "is_right", "operations", "wrong", "late", "seconds")
    list_filter = ("is_right",)
    ordering = ("-pk",)


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnly, Desk):
    list_display = (
        "received_at", "provider", "event_id", "attempt_key", "status", "amount_minor", "currency",
        "outcome", "occurred_at",
    )  # fmt: skip
    list_filter = ("provider", "status", "outcome")
    search_fields = ("event_id", "attempt_key", "reference")
    ordering = ("-pk",)


class PostingTable(ReadOnlyTable):
    model = Posting
    fields = ("account", "amount_minor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        return super().get_queryset(request).select_related(
            "account__brand", "account__creator", "account__collaboration__creator",
            "account__collaboration__campaign",
        )  # fmt: skip


@admin.register(Operation)
class OperationAdmin(ReadOnly, Desk):
    """Every movement of money; a wrong one is made good by another, never changed."""

    list_display = ("at", "kind", "description", "operation_id", "actor")
    list_filter = ("kind",)
    list_select_related = ("actor",)
    search_fields = ("operation_id",)
    ordering = ("-pk",)
    inlines = (PostingTable,)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnly, Desk):
    list_display = ("number", "kind", "currency", "balance", "brand", "creator", "collaboration")
    list_filter = ("kind", "currency")
    list_select_related = (
        "brand", "creator", "collaboration__creator", "collaboration__campaign",
    )  # fmt: skip
    search_fields = ("brand__name", "creator__display_name")
    ordering = ("-pk",)

    @admin.display(description="account", ordering="pk")
    def number(self, account: LedgerAccount) -> str:
        return f"Account {account.pk}"

    @admin.display(ordering="balance_minor")
    def balance(self, account: LedgerAccount) -> str:
        return exact(account.balance_minor, account.currency)
