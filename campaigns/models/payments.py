"""Money that comes in or goes out: what was asked for, each attempt, and what was reported."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.payment_states import (
    ATTEMPT_ALLOWED,
    DEPOSIT_STATES,
    OUTGOING_STATES,
    PAYMENT_ALLOWED,
    AttemptStatus,
    PaymentKind,
    PaymentState,
)


class Payment(models.Model):
    """A deposit or withdrawal of a brand, or a payout to a creator.

    ``idempotency_key`` is the asker's: the same key again is the same payment. ``review_reasons``
    say why a payout is held; ``shortfall_minor`` is what a brand still owes after money came
    back that it had already spent.
    """

    Kind = PaymentKind
    State = PaymentState

    kind = models.CharField(max_length=10, choices=PaymentKind)
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    creator = models.ForeignKey(
        Creator, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    provider = models.CharField(max_length=20)
    bank_account = models.CharField(
        max_length=200,
        blank=True,
        help_text="Where the money comes from or goes to, as its owner wrote it.",
    )
    idempotency_key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=PaymentState)
    review_reasons = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    refusal = models.TextField(blank=True, help_text="Why it was refused, failed or came back.")
    shortfall_minor = models.BigIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "updated_at"], name="payment_queue"),
            models.Index(fields=["brand", "-id"], name="payment_of_brand"),
            models.Index(fields=["creator", "-id"], name="payment_of_creator"),
            models.Index(
                fields=["brand"], name="payment_shortfall", condition=Q(shortfall_minor__gt=0)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "brand", "creator", "idempotency_key"],
                name="one_payment_per_key",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["deposit", "withdrawal"], brand__isnull=False, creator=None)
                | Q(kind="payout", creator__isnull=False, brand=None),
                name="payment_has_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(kind="deposit", state__in=[state.value for state in DEPOSIT_STATES])
                | (~Q(kind="deposit") & Q(state__in=[state.value for state in OUTGOING_STATES])),
                name="payment_state_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, shortfall_minor__gte=0),
                name="payment_is_above_zero",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal=""), name="refusal_has_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_payment_transition", field="state", transitions=list(PAYMENT_ALLOWED)
            ),
            pgtrigger.Protect(
                name="payment_starts_asked_for",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state NOT IN ('requested', 'in_review')"),
            ),
            pgtrigger.ReadOnly(
                name="payment_terms_fixed",
                fields=[
                    "kind", "brand", "creator", "amount_minor", "currency", "provider",
                    "bank_account", "idempotency_key", "created_at",
                ],
            ),
            pgtrigger.Protect(name="payment_no_delete", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class PaymentAttempt(models.Model):
    """One time a provider is told; written before it is told, so that a crash loses nothing.

    ``key`` goes to the provider and is the id of the ledger operation. ``send_after`` is when it
    is to be told (again); empty once it has answered.
    """

    Status = AttemptStatus

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, unique=True)
    status = models.CharField(max_length=10, choices=AttemptStatus, default=AttemptStatus.INTENDED)
    reference = models.CharField(max_length=120, blank=True)
    message = models.CharField(max_length=300, blank=True)
    tries = models.PositiveIntegerField(default=0)
    send_after = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["payment", "number"]
        indexes = [
            models.Index(
                fields=["send_after"], name="attempt_due", condition=Q(send_after__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["payment", "number"], name="one_attempt_per_number"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_attempt_transition", field="status", transitions=list(ATTEMPT_ALLOWED)
            ),
            pgtrigger.Protect(
                name="attempt_starts_intended",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'intended'"),
            ),
            pgtrigger.ReadOnly(
                name="attempt_fixed", fields=["payment", "number", "key", "created_at"]
            ),
            pgtrigger.Protect(name="attempt_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.payment}, attempt {self.number}"


class ProviderEvent(models.Model):
    """What a provider reported, stored once under its own id; only the outcome is added."""

    class Outcome(models.TextChoices):
        NEW = "new", "To be looked at"
        APPLIED = "applied", "Applied"
        NO_CHANGE = "no_change", "Told nothing new"
        UNMATCHED = "unmatched", "About no payment of ours"
        MISMATCHED = "mismatched", "Another amount or currency"

    OPEN = (Outcome.NEW, Outcome.UNMATCHED)

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120)
    attempt_key = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=AttemptStatus)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=120, blank=True)
    message = models.CharField(max_length=300, blank=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.NEW)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["attempt_key"], name="event_of_attempt"),
            models.Index(
                fields=["received_at"],
                name="event_to_look_at",
                condition=Q(outcome__in=["new", "unmatched"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="one_row_per_event"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="provider_event_read_only",
                exclude=["outcome", "processed_at", "reported_by"],
            ),
            pgtrigger.Protect(name="provider_event_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.status} {self.attempt_key}"


class FakeTransfer(models.Model):
    """The fake provider's own memory: what it did under a key, and what it has yet to report.

    No part of the books. ``unreported`` holds ``[event id, status, due time]``.
    """

    key = models.CharField(max_length=60, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    scenario = models.CharField(max_length=30)
    asked = models.PositiveIntegerField(default=0)
    effects = models.PositiveIntegerField(default=0, help_text="How often money moved: 0 or 1.")
    unreported = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="fake_to_report", condition=~Q(unreported=[])),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.scenario}"
