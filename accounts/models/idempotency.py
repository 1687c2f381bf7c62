"""What was answered to a request that carried an idempotency key."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class KeptAnswer(models.Model):
    """One answer per user and key, written in the transaction of the request's effect.

    ``fingerprint`` is a hash of method, address and body, so that a key used again for another
    request is refused. ``body`` is the JSON that was answered, as text: its order is kept.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_answers"
    )
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="kept_answer_age")]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_kept_answer_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
