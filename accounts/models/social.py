"""Creators and their accounts on social platforms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models.people import User


class Platform(models.TextChoices):
    INSTAGRAM = "instagram", "Instagram"
    TIKTOK = "tiktok", "TikTok"
    YOUTUBE = "youtube", "YouTube"
    TWITTER = "twitter", "Twitter"
    DOUYIN = "douyin", "Douyin"


class Creator(models.Model):
    """Someone brands hire. Without a user the profile is unclaimed.

    Availability is what the creator says of it (`accounts/availability.py`): whether they take
    on work, and one absence whose days both count and whose end may be open. Unknown is None.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        FLAGGED = "flagged", "Flagged"
        SUSPENDED = "suspended", "Suspended"
        CLOSED = "closed", "Closed"

    user = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="creator"
    )
    display_name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    is_simulated = models.BooleanField(default=False)
    accepts_work = models.BooleanField(null=True, blank=True)
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(
        null=True, blank=True, help_text="The last day away; empty for an open end."
    )
    availability_said_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(away_until=None)
                | (
                    models.Q(away_from__isnull=False)
                    & models.Q(away_from__lte=models.F("away_until"))
                ),
                name="creator_absence_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(availability_said_at__isnull=False)
                | models.Q(accepts_work=None, away_from=None),
                name="creator_availability_is_dated",
            ),
        ]
        # As ``iexact`` compares: search finds people by their exact name.
        indexes = [models.Index(Upper("display_name"), name="creator_name_upper")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_claimed(self) -> bool:
        return self.user_id is not None

    @property
    def can_be_hired(self) -> bool:
        """Whether anybody may invite or accept them: flagged ones may, marked as such."""
        return self.status in {self.Status.ACTIVE, self.Status.FLAGGED}


class SocialAccount(models.Model):
    """One account of a creator. Unknown facts are null, never zero or False.

    ``handle`` is what the platform, or the file the account was imported from, calls it.
    """

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="accounts")
    platform = models.CharField(max_length=12, choices=Platform)
    handle = models.CharField(max_length=100)
    full_name = models.CharField(max_length=200, blank=True)
    bio = models.TextField(blank=True)
    hashtags = ArrayField(models.CharField(max_length=150), default=list, blank=True)
    declared_niches = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    country = models.CharField(max_length=80, blank=True)
    is_verified = models.BooleanField(null=True)
    is_private = models.BooleanField(null=True)
    is_business = models.BooleanField(null=True)
    has_picture = models.BooleanField(null=True)
    has_link = models.BooleanField(null=True)
    opened_on = models.DateField("account opened on", null=True, blank=True)
    handle_is_hash = models.BooleanField(
        default=False, help_text="The handle stands for a masked name, so it says nothing itself."
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "handle"], name="one_account_per_handle"),
        ]
        indexes = [
            models.Index(Upper("handle"), name="account_handle_upper"),
            models.Index(Upper("full_name"), name="account_full_name_upper"),
        ]

    def __str__(self) -> str:
        return f"{self.handle} on {self.get_platform_display()}"

    def text(self) -> str:
        """What the account says of itself: the input of embeddings and niches."""
        return " ".join(filter(None, [self.bio.strip(), " ".join(self.hashtags)]))
