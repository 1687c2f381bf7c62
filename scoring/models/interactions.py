"""What brands did with creators they were shown."""

from typing import Final

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.models import Campaign

# Impressions are by far the most rows, and after four half-lives they teach nothing more.
IMPRESSIONS_KEPT_DAYS: Final = 365


class InteractionEvent(models.Model):
    """One thing a brand's member saw or did about one creator; never changed.

    ``list_id`` names one list as it was shown once: its impressions share it, and what follows
    from them carries it on, with the ``position`` (from 1) where the creator stood. On an
    impression ``propensity`` is the chance with which the list put the creator there; empty where
    nobody knows it. ``key`` is the client's, so that an event that is sent again is one row.

    Shortlisting, inviting and working together are not here: their own tables tell of them, and
    `scoring.interactions.log` reads both.
    """

    class Kind(models.TextChoices):
        IMPRESSION = "impression", "Shown in a list"
        CLICK = "click", "Opened from a list"
        PROFILE_VIEW = "profile_view", "Profile looked at"
        IDEAL = "ideal", "Named as an ideal creator"
        HIDE = "hide", "Hidden"
        UNHIDE = "unhide", "Shown again"

    class Surface(models.TextChoices):
        """Which kind of page or answer the creator was met on."""

        CATALOGUE = "catalogue", "Catalogue"
        MATCHES = "matches", "Matches of a campaign"
        RECOMMENDED = "recommended", "Recommendations"
        SEARCH = "search", "Search"
        SIMILAR = "similar", "Similar creators"
        SHORTLIST = "shortlist", "Shortlist"
        PROFILE = "profile", "Profile"
        CAMPAIGN = "campaign", "Campaign"
        OTHER = "other", "Elsewhere"

    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="interactions", db_index=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="interactions")
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interactions",
        db_index=False,
    )
    kind = models.CharField(max_length=12, choices=Kind)
    surface = models.CharField(max_length=12, choices=Surface)
    list_id = models.UUIDField(null=True, blank=True)
    position = models.PositiveIntegerField(null=True, blank=True)
    propensity = models.FloatField(null=True, blank=True)
    key = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["brand", "-id"], name="interaction_of_brand"),
            models.Index(
                fields=["campaign"],
                name="interaction_of_campaign",
                condition=Q(campaign__isnull=False),
            ),
            models.Index(
                fields=["brand", "creator", "-at", "-id"],
                name="interaction_hiding",
                condition=Q(kind__in=["hide", "unhide"]),
            ),
            # Rows arrive nearly in the order of their time, so a few pages of it are enough.
            BrinIndex(fields=["at"], name="interaction_at", autosummarize=True),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "key"],
                name="one_interaction_per_key",
                condition=Q(key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["list_id", "creator"],
                name="shown_once_in_a_list",
                condition=Q(kind="impression"),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["impression", "click", "profile_view", "ideal", "hide", "unhide"]
                ),
                name="interaction_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(position=None) | Q(position__gte=1, list_id__isnull=False),
                name="interaction_position_in_a_list",
            ),
            models.CheckConstraint(
                condition=~Q(kind="impression") | Q(list_id__isnull=False, position__isnull=False),
                name="impression_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(propensity=None)
                | Q(kind="impression", propensity__gt=0, propensity__lte=1),
                name="propensity_is_a_chance",
            ),
        ]
        triggers = [
            # A person who leaves, or a campaign that is deleted, leaves the row without a name.
            pgtrigger.ReadOnly(name="interaction_read_only", exclude=["actor", "campaign"]),
            pgtrigger.Protect(
                name="interaction_keep",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(
                    "NOT (OLD.kind = 'impression' AND OLD.at < "
                    f"now() - interval '{IMPRESSIONS_KEPT_DAYS} days')"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand}: {self.get_kind_display().lower()}, {self.creator}"
