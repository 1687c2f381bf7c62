"""What is made under a contract, piece by piece."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Platform
from campaigns.models.collaborations import Collaboration
from campaigns.models.summaries import RENEW_SUMMARY
from campaigns.states import (
    DELIVERABLE_ALLOWED,
    DELIVERABLE_FINAL,
    Acting,
    DeliverableState,
)


class Deliverable(models.Model):
    """One piece of work with a price, paid when it is verified."""

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="deliverables"
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    platform = models.CharField(max_length=12, choices=Platform)
    description = models.TextField()
    price_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    draft_due_on = models.DateField()
    publish_by = models.DateField()
    state = models.CharField(
        max_length=20, choices=DeliverableState, default=DeliverableState.PENDING
    )
    acting_side = models.CharField(max_length=10, choices=Acting, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    rounds_used = models.PositiveSmallIntegerField(default=0)
    url = models.URLField(max_length=500, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["collaboration", "position"]
        indexes = [
            models.Index(
                fields=["deadline_at"],
                name="deliverable_due",
                condition=Q(deadline_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "position"], name="one_deliverable_per_position"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gt=0, fee_minor__gte=0), name="deliverable_has_a_price"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in DELIVERABLE_FINAL])
                | Q(acting_side="", deadline_at=None),
                name="nobody_acts_on_a_settled_deliverable",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="legal_deliverable_transition",
                field="state",
                transitions=list(DELIVERABLE_ALLOWED),
            ),
            pgtrigger.Protect(
                name="deliverable_starts_pending",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state <> 'pending'"),
            ),
            pgtrigger.ReadOnly(
                name="deliverable_terms_fixed",
                fields=[
                    "collaboration", "position", "kind", "platform", "description", "price_minor",
                    "fee_minor", "draft_due_on", "publish_by",
                ],
            ),
            pgtrigger.Protect(name="deliverable_no_delete", operation=pgtrigger.Delete),
            RENEW_SUMMARY,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of {self.collaboration}"


class Draft(models.Model):
    """What the creator showed before publishing; each round a new row."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="drafts")
    round = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["deliverable", "-round"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "round"], name="one_draft_per_round"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="draft_read_only", exclude=["actor"]),
            pgtrigger.Protect(name="draft_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Draft {self.round} of {self.deliverable}"
