"""Niche groups found without labels: what each run found, and who is in which group now."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from pgvector.django import VectorField

from scoring.models.search import EMBEDDING_DIMENSIONS, SearchEntry

FEWEST_GROUPS, MOST_GROUPS = 2, 400


class NicheClustering(models.Model):
    """One run over the catalogue. The newest row is the one that is shown.

    ``input_hash`` stands for the texts, vectors and settings that went in: a run on the same
    ones would find the same and is not made. ``figures`` say how good it is, see
    docs/niches.md.
    """

    k = models.IntegerField(help_text="How many groups.")
    k_was_chosen = models.BooleanField(help_text="By the silhouette, rather than by a person.")
    seed = models.BigIntegerField()
    encoder_version = models.CharField(max_length=80)
    input_hash = models.CharField(max_length=64)
    accounts = models.IntegerField(help_text="Accounts with a text vector, which were grouped.")
    without_text = models.IntegerField(help_text="Accounts with nothing to read.")
    figures = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(k__range=(FEWEST_GROUPS, MOST_GROUPS)), name="niche_clustering_k"
            )
        ]

    def __str__(self) -> str:
        return f"{self.k} niche groups of {self.created_at:%Y-%m-%d}"


class NicheGroup(models.Model):
    """A group that goes on from run to run, with the name it was first given."""

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class NicheCentre(models.Model):
    """What one run found of a group: where it lies, its keywords, and its members' facts.

    The facts are counted after a run and after every refresh of the catalogue, over
    creators that are visible then; unknown is null.
    """

    clustering = models.ForeignKey(
        NicheClustering, on_delete=models.CASCADE, related_name="centres"
    )
    group = models.ForeignKey(NicheGroup, on_delete=models.CASCADE, related_name="centres")
    vector = VectorField(dimensions=EMBEDDING_DIMENSIONS)
    keywords = ArrayField(models.CharField(max_length=60), default=list)
    creators = models.IntegerField(default=0)
    accounts = models.IntegerField(default=0)
    accounts_by_platform = models.JSONField(default=dict)
    median_followers = models.FloatField(null=True)
    median_engagement_rate = models.FloatField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clustering", "group"], name="one_centre_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.group} in run {self.clustering_id}"


class NicheMembership(models.Model):
    """The group whose centre is nearest to an account's text now.

    Apart from `SearchEntry`, whose every update adds to all its indexes. An account without
    text has no row. ``text_hash`` is that of the vector that was compared.
    """

    entry = models.OneToOneField(
        SearchEntry, on_delete=models.CASCADE, primary_key=True, related_name="niche_membership"
    )
    clustering = models.ForeignKey(
        NicheClustering, on_delete=models.CASCADE, related_name="memberships"
    )
    group = models.ForeignKey(NicheGroup, on_delete=models.CASCADE, related_name="memberships")
    distance = models.FloatField(help_text="From the centre, in the space of unit vectors.")
    text_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["group", "distance"], name="niche_membership_nearest")]

    def __str__(self) -> str:
        return f"Entry {self.entry_id} in {self.group_id}"
