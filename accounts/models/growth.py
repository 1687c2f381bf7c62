"""Declared causes of follower growth."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.people import User
from accounts.models.social import SocialAccount


class GrowthEvent(models.Model):
    """What a creator says made an account grow, with evidence.

    ``ends_on`` is the last day of the cause itself; growth may follow a few days later. Rows
    are never changed but for the one decision or withdrawal, each with its moment, so that
    what was known at an earlier moment can be told (`state_at`).
    """

    class Kind(models.TextChoices):
        GIVEAWAY = "giveaway", "Giveaway"
        TV = "tv", "Television"
        VIRAL_POST = "viral_post", "Post that went viral"
        COLLABORATION = "collaboration", "Collaboration"
        PRESS = "press", "Press"
        ADVERTISING = "advertising", "Advertising"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        DECLARED = "declared", "Not yet looked at"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, related_name="growth_events"
    )
    kind = models.CharField(max_length=14, choices=Kind)
    starts_on = models.DateField()
    ends_on = models.DateField()
    evidence_url = models.URLField("link to evidence", max_length=500, blank=True)
    description = models.TextField(blank=True, max_length=2000)
    state = models.CharField(max_length=10, choices=State, default=State.DECLARED)
    declared_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    declared_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(
        "decided or withdrawn at", null=True, blank=True, help_text="Empty while it is open."
    )
    reasons = models.TextField("reasons of the decision", blank=True, max_length=2000)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["account", "starts_on"], name="growth_event_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="growth_event_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(evidence_url="") | ~Q(description=""),
                name="growth_event_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(state="declared", closed_at=None)
                | (~Q(state="declared") & Q(closed_at__isnull=False)),
                name="growth_event_open_or_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "rejected"]) | ~Q(reasons=""),
                name="growth_event_decided_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on} to {self.ends_on}, {self.account}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.DECLARED

    def state_at(self, moment: datetime) -> str | None:
        """The state it had then; None before it was declared."""
        if self.declared_at > moment:
            return None
        if self.closed_at is None or self.closed_at > moment:
            return self.State.DECLARED.value
        return self.state
