"""What is on its way and what was given up, to be read and tried again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import OutboxDelivery, OutboxEvent, User, WebhookEndpoint
from accounts.notifying.trying_again import try_again
from marketplace.admin.reading import Desk, ReadOnly


@admin.register(OutboxDelivery)
class OutboxDeliveryAdmin(ReadOnly, Desk):
    """Delivered ones are left out unless a state is chosen: there are many, and all is well."""

    list_display = (
        "event", "receiver", "state", "attempts", "next_attempt_at", "last_error", "created_at",
    )  # fmt: skip
    list_filter = ("state", "is_digest", "event__category")
    list_select_related = ("event", "user", "endpoint")
    search_fields = ("event__kind", "user__email", "endpoint__url")
    ordering = ("-pk",)
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxDelivery]:
        deliveries = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and str(match.url_name).endswith("_changelist")
        if not is_list or any(name.startswith("state") for name in request.GET):
            return deliveries
        return deliveries.filter(
            state__in=[OutboxDelivery.State.PENDING, OutboxDelivery.State.FAILED]
        )

    @admin.display(description="receiver")
    def receiver(self, delivery: OutboxDelivery) -> str:
        return str(delivery.endpoint or (delivery.user.email if delivery.user else "–"))

    @admin.action(description="Try again now", permissions=["retry"])
    def try_again(self, request: HttpRequest, deliveries: QuerySet[OutboxDelivery]) -> None:
        assert isinstance(request.user, User)
        ids = list(deliveries.values_list("pk", flat=True))
        count = try_again(delivery_ids=ids, actor=request.user, now=timezone.now())
        messages.success(request, f"{count} of {len(ids)} are tried again now.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        # Not the permission to change: nothing here is edited.
        return request.user.has_perm("accounts.change_outboxdelivery")


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnly, Desk):
    list_display = ("kind", "category", "subject_type", "subject_id", "created_at", "spread_at")
    list_filter = ("category",)
    search_fields = ("kind", "subject_id")
    ordering = ("-created_at", "-pk")
    exclude = ("letter",)


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnly, Desk):
    """Without the secret: it is its owner's alone."""

    list_display = ("url", "brand", "creator", "is_active", "failures", "disabled_reason")
    list_filter = ("is_active",)
    list_select_related = ("brand", "creator")
    search_fields = ("url", "brand__name", "creator__display_name")
    ordering = ("-pk",)
    exclude = ("secret",)
