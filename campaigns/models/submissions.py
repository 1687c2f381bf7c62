"""Campaigns as they were handed to the moderators, and what those decided."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.briefs import Brief, Campaign


class CampaignSubmission(models.Model):
    """One version of a brief before the moderators; ``flags`` are `content_flags.Flag`s.

    ``reason`` is what the brand reads when its campaign is sent back.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        SENT_BACK = "sent_back", "Sent back"
        TAKEN_BACK = "taken_back", "Taken back by the brand"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="submissions")
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="submissions")
    flags = models.JSONField(default=list, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(outcome=""), name="one_open_submission"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="submission_decided_with_time",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="submission_facts_fixed",
                fields=["campaign", "brief", "flags", "submitted_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brief}, submitted {self.submitted_at:%Y-%m-%d}"
