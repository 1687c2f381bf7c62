"""The rows that search reads: derived from facts and scores, and rebuilt at any time."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone
from pgvector.django import HalfVectorField, HnswIndex, VectorField

from accounts.models import Creator, Platform, SocialAccount

EMBEDDING_DIMENSIONS = 384
# The index holds vectors in half precision: it is little more than half as large and quicker
# built, and what it finds is ordered again by the full vectors (docs/benchmarks.md).
HALF_VECTOR = Cast("vector", HalfVectorField(dimensions=EMBEDDING_DIMENSIONS))


class SearchEntry(models.Model):
    """What a brief's filters and factors need about one account, in one narrow row.

    Derived from facts and current scores, so it can be rebuilt at any time.
    ``sample_key`` is a fixed pseudo-random number that makes a cheap, repeatable sample
    of any filtered set, from which percentiles are estimated.
    ``country_key`` is what countries are compared by, however an account writes its own.
    ``language`` is read from the texts (`scoring.account_languages`), "" where that is not sure;
    ``language_basis`` is the digest of the texts it was read from.
    """

    account = models.OneToOneField(
        SocialAccount, on_delete=models.CASCADE, related_name="search_entry"
    )
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="search_entries")
    platform = models.CharField(max_length=12, choices=Platform)
    country = models.CharField(max_length=80, blank=True)
    country_key = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=3, blank=True)
    language_basis = models.CharField(max_length=32, blank=True)
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
            models.Index(
                fields=["country_key", "platform", "followers"], name="search_entry_country"
            ),
            models.Index(fields=["language", "followers"], name="search_entry_language"),
            models.Index(fields=["followers"], name="search_entry_followers"),
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
                OpClass(HALF_VECTOR, name="halfvec_cosine_ops"),
                name="entry_embedding_half",
                m=16,
                ef_construction=128,
            ),
        ]

    def __str__(self) -> str:
        return f"Embedding of entry {self.entry_id}"
