"""Offers: an unbroken chain of versions, each with the hash of its exact terms."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.collaborations import Collaboration
from campaigns.states import Side


class Offer(models.Model):
    """What one side proposed; the latest version is the one that can be accepted.

    ``terms_hash`` covers the terms and the hash of the offer before, so that neither can be
    exchanged without being noticed.
    """

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="offers"
    )
    version = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    terms = models.JSONField()
    terms_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    message = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["collaboration", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "version"], name="one_offer_per_version"
            ),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="offer_is_above_zero"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="offer_read_only", exclude=["actor"]),
            pgtrigger.Protect(name="offer_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Offer {self.version} for {self.collaboration}"


class BlindLimit(models.Model):
    """The furthest one side would go, seen by nobody: only whether the two overlap is told."""

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="blind_limits"
    )
    side = models.CharField(max_length=10, choices=Side)
    limit_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "side"], name="one_limit_per_side"),
            models.CheckConstraint(condition=Q(limit_minor__gt=0), name="limit_is_above_zero"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="limit_entered_once", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Limit of {self.side} for {self.collaboration}"
