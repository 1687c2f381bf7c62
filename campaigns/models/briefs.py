"""A brand's campaign and the versions of its brief."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models import Brand
from campaigns.states import CAMPAIGN_ALLOWED, CampaignStatus


class Objective(models.TextChoices):
    LAUNCH = "launch", "Launch a product"
    AWARENESS = "awareness", "Become better known"
    SALES = "sales", "Sell"
    CONTENT = "content", "Content for our own channels"
    COMMUNITY = "community", "Grow or care for a community"
    EVENT = "event", "Bring people to an event"


class Campaign(models.Model):
    """What a brand wants to do. Its present terms are the latest `Brief`."""

    Status = CampaignStatus

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="campaigns")
    title = models.CharField(max_length=140)
    status = models.CharField(max_length=13, choices=Status, default=Status.DRAFT)
    is_simulated = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        triggers = [
            pgtrigger.FSM(
                name="legal_campaign_transition",
                field="status",
                transitions=list(CAMPAIGN_ALLOWED),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Brief(models.Model):
    """One version of a campaign's brief; never changed, only followed by the next.

    The filters are hard limits on who is shown. Money is integer minor units: ``budget`` is
    for one creator, ``total_budget`` for all of them together. What may be written is
    `campaigns.terms.BriefTerms`; ``deliverables`` holds `specifications.DeliverableSpec`s.
    """

    Objective = Objective

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="briefs")
    version = models.PositiveIntegerField()
    text = models.TextField()
    platform = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=80, blank=True)
    languages = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text="ISO 639-1 codes of the languages creators write in, any of them.",
    )
    niches = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    category = models.CharField(
        max_length=60,
        blank=True,
        help_text="The trade in which past work counts; empty for the first niche.",
    )
    min_followers = models.BigIntegerField(null=True, blank=True)
    max_followers = models.BigIntegerField(null=True, blank=True)
    max_risk = models.PositiveSmallIntegerField(null=True, blank=True)
    needs_availability = models.BooleanField(
        default=False,
        help_text="Only creators known to be free in the days of publication are shown.",
    )
    budget_minor = models.BigIntegerField(null=True, blank=True)
    total_budget_minor = models.BigIntegerField(null=True, blank=True)
    budget_currency = models.CharField(max_length=3, blank=True)
    values = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    audience = models.JSONField(default=dict, blank=True)
    objective = models.CharField(max_length=12, choices=Objective, blank=True)
    deliverables = models.JSONField(default=list, blank=True)
    places = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many creators are wanted; empty for no limit."
    )
    shows_budget = models.BooleanField(
        default=False, help_text="Whether creators see the range the budget for one lies in."
    )
    product = models.TextField(blank=True)
    links = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    dos = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    donts = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    usage_rights_months = models.PositiveSmallIntegerField(default=0)
    usage_rights = models.TextField(blank=True)
    exclusivity_days = models.PositiveSmallIntegerField(default=0)
    disclosure = models.CharField(max_length=200, default="#ad")
    revision_rounds = models.PositiveSmallIntegerField(default=2)
    approval = models.TextField(blank=True)
    apply_by = models.DateField(null=True, blank=True)
    publish_from = models.DateField(null=True, blank=True)
    publish_by = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["campaign", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="one_brief_per_version"),
            models.CheckConstraint(
                condition=models.Q(budget_minor=None)
                | (models.Q(budget_minor__gte=0) & ~models.Q(budget_currency="")),
                name="brief_budget_has_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(total_budget_minor=None)
                | (models.Q(total_budget_minor__gt=0) & ~models.Q(budget_currency="")),
                name="brief_total_budget_has_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(places=None) | models.Q(places__gte=1),
                name="brief_places_above_zero",
            ),
            models.CheckConstraint(condition=~models.Q(disclosure=""), name="brief_discloses"),
            models.CheckConstraint(
                condition=models.Q(publish_from=None)
                | models.Q(publish_by=None)
                | models.Q(publish_from__lte=models.F("publish_by")),
                name="brief_dates_in_order",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="brief_read_only", exclude=["created_by"])]

    def __str__(self) -> str:
        return f"{self.campaign}, version {self.version}"
