"""Scores about accounts and posts, and the rows that search reads."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from pgvector.django import HnswIndex, VectorField

from accounts.models import Creator, Platform, Post, SocialAccount
from scoring.evaluation_labels import EvaluationLabel

__all__ = [
    "EMBEDDING_DIMENSIONS",
    "EntryEmbedding",
    "EvaluationLabel",
    "PostScore",
    "Score",
    "SearchEntry",
]

EMBEDDING_DIMENSIONS = 384


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


class SearchEntry(models.Model):
    """What a brief's filters and factors need about one account, in one narrow row.

    Derived from facts and current scores, so it can be rebuilt at any time.
    ``sample_key`` is a fixed pseudo-random number that makes a cheap, repeatable sample
    of any filtered set, from which percentiles are estimated.
    """

    account = models.OneToOneField(
        SocialAccount, on_delete=models.CASCADE, related_name="search_entry"
    )
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="search_entries")
    platform = models.CharField(max_length=12, choices=Platform)
    country = models.CharField(max_length=80, blank=True)
    followers = models.BigIntegerField(null=True)
    engagement_rate = models.FloatField(null=True)
    engagement_percentile = models.FloatField(null=True)
    audience_countries = models.JSONField(default=dict)
    is_verified = models.BooleanField(null=True)
    is_visible = models.BooleanField(default=True)
    niches = ArrayField(models.CharField(max_length=60), default=list)
    niche_weights = models.JSONField(null=True)
    risk = models.FloatField(null=True)
    risk_level = models.CharField(max_length=12, blank=True)
    risk_confidence = models.FloatField(null=True)
    price_low_minor = models.BigIntegerField(null=True)
    price_minor = models.BigIntegerField(null=True)
    price_currency = models.CharField(max_length=3, blank=True)
    sample_key = models.FloatField(default=0.0)
    scored_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            GinIndex(fields=["niches"], name="search_entry_niches"),
            models.Index(fields=["platform", "country", "followers"], name="search_entry_filter"),
            models.Index(fields=["sample_key"], name="search_entry_sample"),
        ]

    def __str__(self) -> str:
        return f"Search entry of {self.account}"


class EntryEmbedding(models.Model):
    """The text of one account as a vector, with the encoder and the text it came from.

    Apart from `SearchEntry`, because every update of an indexed row adds to all its
    indexes, and a rescoring of the catalogue must not rewrite the HNSW graph.
    """

    entry = models.OneToOneField(
        SearchEntry, on_delete=models.CASCADE, primary_key=True, related_name="embedding"
    )
    vector = VectorField(dimensions=EMBEDDING_DIMENSIONS)
    encoder_version = models.CharField(max_length=80)
    text_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            HnswIndex(
                name="entry_embedding_hnsw",
                fields=["vector"],
                m=16,
                ef_construction=128,
                opclasses=["vector_cosine_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"Embedding of entry {self.entry_id}"
