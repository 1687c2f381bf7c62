"""What only the match score reads of an account: derived, and rebuilt at any time."""

from django.db import models
from django.utils import timezone
from pgvector.django import VectorField

from scoring.models.search import EMBEDDING_DIMENSIONS, SearchEntry


class MatchFacts(models.Model):
    """The facts behind the factors of a match that `SearchEntry` does not hold; null is unknown.

    Apart from it, because filters and lists never read them. The audience is as last observed and
    is judged when a campaign asks for it. ``captions_hash`` says of which captions the vector,
    tone and repetition are. What collaborations tell (``completed`` of ``accepted``, and
    ``worked_in``: category → how many of the ``collaborations``) is the creator's and stands in
    the row of each account.
    """

    entry = models.OneToOneField(
        SearchEntry, on_delete=models.CASCADE, primary_key=True, related_name="match_facts"
    )
    ages = models.JSONField(default=dict)
    genders = models.JSONField(default=dict)
    interests = models.JSONField(default=dict)
    captions_hash = models.CharField(max_length=64, blank=True)
    captions_vector = VectorField(dimensions=EMBEDDING_DIMENSIONS, null=True)
    tone = models.JSONField(null=True)
    repeated_captions = models.FloatField(null=True)
    repeated_pictures = models.FloatField(null=True)
    accepted = models.PositiveIntegerField(null=True)
    completed = models.PositiveIntegerField(null=True)
    collaborations = models.PositiveIntegerField(null=True)
    worked_in = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "match facts"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted=None, completed=None)
                | models.Q(completed__lte=models.F("accepted")),
                name="match_completed_of_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"Match facts of entry {self.entry_id}"
