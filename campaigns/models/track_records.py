"""How each side has kept its word, as last computed from the events."""

from django.db import models
from django.db.models import Q

from accounts.models import Brand, Creator


class TrackRecord(models.Model):
    """A stored answer of `campaigns/transparency.py`: it can be computed again at any time.

    ``figures`` maps a figure's name to its value, count and interval; ``last_event_id`` is the
    latest event there was, whoever's.
    """

    brand = models.OneToOneField(
        Brand, on_delete=models.CASCADE, null=True, related_name="track_record"
    )
    creator = models.OneToOneField(
        Creator, on_delete=models.CASCADE, null=True, related_name="track_record"
    )
    figures = models.JSONField()
    as_of = models.DateTimeField()
    last_event_id = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["as_of"], name="track_record_age"),
            models.Index(fields=["last_event_id"], name="track_record_last_event"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(brand=None, creator__isnull=False)
                | Q(brand__isnull=False, creator=None),
                name="track_record_has_its_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"Track record of {self.brand or self.creator}"
