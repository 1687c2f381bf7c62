"""What is to be told to whom: events written with their cause, and one delivery per receiver."""

import secrets
import time
import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import Brand, User
from accounts.models.social import Creator
from accounts.models.webhooks import WebhookEndpoint


def time_ordered_id() -> uuid.UUID:
    """A version 7 UUID, RFC 9562 section 6.2, method 3: ids made later sort later.

    Of events written in one transaction at the same ``created_at`` it keeps the order.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    number = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | fraction << 64
    return uuid.UUID(int=number | 2 << 62 | secrets.randbits(62))


class NotificationCategory(models.TextChoices):
    """What a person chooses e-mail by."""

    WORK = "work", "What the other side does"
    MONEY = "money", "Money"
    DEADLINES = "deadlines", "Deadlines"
    MESSAGES = "messages", "Messages"
    RESULTS = "results", "Reviews and results"
    DISPUTES = "disputes", "Disputes"
    ALERTS = "alerts", "Alerts"
    MODERATION = "moderation", "Decisions of moderators"
    TECHNICAL = "technical", "Webhooks"


class OutboxEvent(models.Model):
    """Something that happened and has to be told; `accounts.outbox.write` is what writes it.

    ``brand`` and ``creator`` are whom it concerns: their webhooks get ``payload``. Who gets
    e-mail is ``brand_roles``, ``to_creator`` and ``to_users``, never ``actor``. ``spread_at`` is
    when its deliveries were made; nothing else of a row ever changes.
    """

    id = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    key = models.CharField(
        max_length=120, null=True, unique=True, help_text="At most one event under each key."
    )
    kind = models.CharField(max_length=80)
    category = models.CharField(max_length=12, choices=NotificationCategory)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    letter = models.JSONField(null=True, help_text="The e-mail's words, where no template has any.")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="+")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, null=True, related_name="+")
    brand_roles = ArrayField(models.CharField(max_length=10), default=list)
    to_creator = models.BooleanField(default=False)
    to_users = ArrayField(models.BigIntegerField(), default=list)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    spread_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["created_at"], name="event_to_spread", condition=Q(spread_at__isnull=True)
            ),
            models.Index(fields=["subject_type", "subject_id"], name="event_subject"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="outbox_event_read_only", exclude=["actor", "spread_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.created_at:%Y-%m-%d %H:%M}"


class OutboxDelivery(models.Model):
    """One event on its way to one receiver: a user by e-mail, or an endpoint by HTTP.

    While ``pending`` it is due at ``next_attempt_at``, until ``give_up_at``. A row of a daily
    digest waits for its hour; the rows that go out in one mail share a ``batch``.
    """

    class State(models.TextChoices):
        PENDING = "pending", "On its way"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"
        DROPPED = "dropped", "Not wanted any more"

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, null=True, related_name="deliveries"
    )
    is_digest = models.BooleanField(default=False)
    batch = models.UUIDField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    give_up_at = models.DateTimeField()
    last_error = models.CharField(max_length=700, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "outbox deliveries"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="delivery_due", condition=Q(state="pending")
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_of_endpoint"),
            models.Index(fields=["-id"], name="delivery_failed", condition=Q(state="failed")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="one_mail_per_event"),
            models.UniqueConstraint(fields=["event", "endpoint"], name="one_post_per_event"),
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(endpoint__isnull=True),
                name="delivery_has_one_receiver",
            ),
            models.CheckConstraint(
                condition=Q(state="pending") ^ Q(next_attempt_at__isnull=True),
                name="pending_falls_due",
            ),
            models.CheckConstraint(
                condition=Q(state="delivered") ^ Q(delivered_at__isnull=True),
                name="delivered_has_its_time",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="delivery_transitions",
                field="state",
                transitions=[
                    ("pending", "delivered"),
                    ("pending", "failed"),
                    ("pending", "dropped"),
                    ("failed", "pending"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="delivery_fixed", fields=["event", "user", "endpoint", "created_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.user_id or self.endpoint_id}"


class NotificationPreference(models.Model):
    """How one user wants e-mail of one category; absent, `accounts.notifying.preferences`
    has the default."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day"
        NEVER = "never", "Never"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="preferences")
    category = models.CharField(max_length=12, choices=NotificationCategory)
    pace = models.CharField(max_length=8, choices=Pace)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="one_pace_per_category"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.get_pace_display().lower()}"
