"""Measured facts: append-only, each with the moment it was recorded.

A correction is a newer row for the same day, never an update, so that a score
computed `as_of` an earlier moment can be computed again from the same rows.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models.social import SocialAccount


class Provenance(models.TextChoices):
    MEASURED = "measured", "Measured"
    CREATOR = "creator", "Given by the creator"
    IMPORTED = "imported", "Imported"
    ESTIMATED = "estimated", "Estimated"
    SIMULATED = "simulated", "Simulated"


def append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update)


class AccountMetric(models.Model):
    """One account's counts on one day, as recorded at one moment.

    ``engagement_rate`` is a fraction of followers, ``(likes + comments) / followers``;
    ``comments_to_likes`` is a ratio. Both may come without the counts behind them.
    ``MEASURED`` names the columns that hold measurements.
    """

    MEASURED = (
        "followers",
        "following",
        "posts",
        "avg_likes",
        "avg_comments",
        "engagement_rate",
        "comments_to_likes",
    )

    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="metrics")
    day = models.DateField()
    followers = models.BigIntegerField(null=True)
    following = models.BigIntegerField(null=True)
    posts = models.BigIntegerField(null=True)
    avg_likes = models.FloatField(null=True)
    avg_comments = models.FloatField(null=True)
    engagement_rate = models.FloatField(null=True)
    comments_to_likes = models.FloatField(null=True)
    extra = models.JSONField(
        default=dict, blank=True, help_text="Facts a file had that no column here holds."
    )
    provenance = models.CharField(max_length=10, choices=Provenance)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day", "recorded_at"], name="one_metric_per_day_and_recording"
            ),
            models.CheckConstraint(
                condition=models.Q(followers__gte=0) | models.Q(followers=None),
                name="metric_followers_not_negative",
            ),
        ]
        triggers = [append_only("metric_append_only")]

    def __str__(self) -> str:
        return f"{self.account}, {self.day}"


class AudienceSnapshot(models.Model):
    """Who follows an account: shares that sum to about 1 in each group."""

    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="audiences")
    day = models.DateField()
    age = models.JSONField(default=dict, blank=True)
    gender = models.JSONField(default=dict, blank=True)
    countries = models.JSONField(default=dict, blank=True)
    interests = models.JSONField(default=dict, blank=True)
    provenance = models.CharField(max_length=10, choices=Provenance)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [append_only("audience_append_only")]
        indexes = [models.Index(fields=["account", "-day"], name="audience_latest")]

    def __str__(self) -> str:
        return f"Audience of {self.account}, {self.day}"


class Post(models.Model):
    """Something an account published."""

    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="posts")
    external_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, blank=True)
    caption = models.TextField(blank=True)
    hashtags = ArrayField(models.CharField(max_length=150), default=list, blank=True)
    published_at = models.DateTimeField(null=True)
    duration_s = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_post_per_id"),
        ]
        indexes = [models.Index(fields=["account", "-published_at"], name="post_latest")]

    def __str__(self) -> str:
        return f"{self.account}: {self.caption[:40] or self.external_id}"


class PostMetric(models.Model):
    """A post's counts as they stood at one moment."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="metrics")
    observed_at = models.DateTimeField()
    views = models.BigIntegerField(null=True)
    likes = models.BigIntegerField(null=True)
    comments = models.BigIntegerField(null=True)
    shares = models.BigIntegerField(null=True)
    saves = models.BigIntegerField(null=True)
    engagement_rate = models.FloatField(null=True)
    extra = models.JSONField(
        default=dict, blank=True, help_text="Facts a file had that no column here holds."
    )
    provenance = models.CharField(max_length=10, choices=Provenance)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "observed_at", "recorded_at"],
                name="one_post_metric_per_moment_and_recording",
            ),
        ]
        triggers = [append_only("post_metric_append_only")]

    def __str__(self) -> str:
        return f"{self.post}, {self.observed_at:%Y-%m-%d %H:%M}"
