"""What the recommender has learned from behaviour, version by version."""

import hashlib

import pgtrigger
from django.db import models
from django.utils import timezone


class RecommenderState(models.Model):
    """One completed learning step: the newest row is what every process answers with.

    ``factors`` is an npz file: tables of features and identities, with the ids of the brands
    and creators the identities belong to; ``encoders`` says which column is which fact.
    In the database, so that web and workers share it and a restart loses nothing. Rows are
    never changed; a step that was killed left none.
    """

    class Step(models.TextChoices):
        REFIT = "refit", "Learned anew from everything"
        UPDATE = "update", "Learned on from new events"

    class Serves(models.TextChoices):
        LEARNED = "learned", "What was learned"
        POINTS = "points", "The points rating"

    step = models.CharField(max_length=8, choices=Step)
    serves = models.CharField(
        max_length=8,
        choices=Serves,
        help_text="Points, unless what was learned did no worse on events it had not seen.",
    )
    why = models.CharField(max_length=300, help_text="The figures behind it, in words.")
    base_version = models.CharField(max_length=60, help_text="The shipped model it started from.")
    learned_through = models.DateTimeField(help_text="Events up to here were read.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the events read.")
    events = models.BigIntegerField(help_text="Events read, impressions included.")
    choices = models.BigIntegerField(help_text="Pairs of brand and creator with a weight.")
    factors = models.BinaryField()
    sha256 = models.CharField(max_length=64, help_text="Of the factors.")
    encoders = models.JSONField(default=dict)
    comparison = models.JSONField(
        default=dict, help_text="Figures on the later events, by recommender, of the last refit."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        get_latest_by = "id"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(events__gte=0, choices__gte=0), name="recommender_state_counts"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="recommender_state_append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.events} events"

    @property
    def version(self) -> str:
        return f"{self.base_version}+{self.pk}"

    @property
    def is_intact(self) -> bool:
        return hashlib.sha256(bytes(self.factors)).hexdigest() == self.sha256
