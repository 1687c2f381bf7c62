"""Scores about accounts and posts."""

import pgtrigger
from django.db import models
from django.utils import timezone

from accounts.models import Post, SocialAccount


class Score(models.Model):
    """One answer of one model about one account, with all that it takes to question it.

    ``inputs`` is the feature snapshot the model saw, ``snapshot_hash`` its SHA-256;
    the newest row of an account and task is the current one. Rows are never changed.
    """

    class Task(models.TextChoices):
        AUTHENTICITY = "authenticity", "Fake-follower risk"
        NICHE = "niche", "Niches"
        PRICE = "price", "Price"

    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="scores")
    task = models.CharField(max_length=12, choices=Task)
    model_version = models.CharField(max_length=60)
    feature_set = models.CharField(max_length=100)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.CharField(max_length=12, blank=True)
    confidence = models.FloatField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    abstained = models.BooleanField(default=False)
    abstain_reason = models.CharField(max_length=300, blank=True)
    reasons = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict)
    snapshot_hash = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["account", "task", "-created_at"], name="score_current")]
        triggers = [pgtrigger.Protect(name="score_append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_task_display()} of {self.account}: {self.value}"


class PostScore(models.Model):
    """Whether the engagement of one post looks fake, and in which hours.

    ``inputs`` holds the observations the model saw (`post_series.py`), ``windows``
    the hours that stand out, each with a sentence. The newest row of a post is the current
    one. Rows are never changed.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="scores")
    model_version = models.CharField(max_length=60)
    detector = models.CharField(max_length=40)
    value = models.FloatField(null=True)
    level = models.CharField(max_length=12, blank=True)
    probability = models.FloatField(null=True)
    confidence = models.FloatField(null=True)
    flagged = models.BooleanField(default=False)
    abstained = models.BooleanField(default=False)
    abstain_reason = models.CharField(max_length=300, blank=True)
    reasons = models.JSONField(default=list)
    windows = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    inputs = models.JSONField(default=dict)
    snapshot_hash = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["post", "-created_at"], name="post_score_current")]
        triggers = [pgtrigger.Protect(name="post_score_append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Engagement of {self.post}: {self.value}"
