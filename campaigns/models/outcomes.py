"""What a campaign was to bring, and what each piece of it came to."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import SocialAccount
from campaigns.models.briefs import Brief, Campaign
from campaigns.models.collaborations import Collaboration
from campaigns.models.deliverables import Deliverable


class CampaignPlan(models.Model):
    """What the brand expects of a campaign as a whole; each figure may be left open."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="plan")
    reach = models.BigIntegerField(null=True, blank=True)
    views = models.BigIntegerField(null=True, blank=True)
    engagements = models.BigIntegerField(null=True, blank=True)
    spend_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(spend_minor=None) | (Q(spend_minor__gt=0) & ~Q(currency="")),
                name="planned_spend_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan of {self.campaign}"


class Outcome(models.Model):
    """What one piece was agreed at and came to; a later row of the same piece replaces it.

    ``account_facts`` is what was known of the account when the terms were agreed, and nothing
    later. ``results`` maps a horizon to its counts and their provenance. ``fingerprint`` is a
    hash of the content, so that recording the same again adds nothing.
    """

    class Stage(models.TextChoices):
        ENDED = "ended", "The collaboration ended"
        MONTH = "month", "30 days after publication"

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="outcomes")
    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="outcomes"
    )
    brief = models.ForeignKey(Brief, on_delete=models.SET_NULL, null=True, related_name="+")
    account = models.ForeignKey(
        SocialAccount, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    stage = models.CharField(max_length=5, choices=Stage)
    platform = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    price_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    agreed_at = models.DateTimeField()
    account_facts = models.JSONField(default=dict)
    state = models.CharField(max_length=20)
    published_at = models.DateTimeField(null=True)
    days_late = models.IntegerField(null=True)
    results = models.JSONField(default=dict)
    rating = models.FloatField(null=True)
    is_simulated = models.BooleanField()
    fingerprint = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["deliverable", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "fingerprint"], name="one_outcome_per_content"
            ),
        ]
        indexes = [models.Index(fields=["deliverable", "-id"], name="outcome_newest")]
        triggers = [
            pgtrigger.ReadOnly(name="outcome_read_only", exclude=["account", "brief"]),
            pgtrigger.Protect(name="outcome_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Outcome of {self.deliverable}"

    @property
    def on_time(self) -> bool | None:
        return None if self.days_late is None else self.days_late <= 0
