"""What a creator shows a brand to justify a price, frozen at the moment it was made."""

import hashlib
import json
from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import SocialAccount

LONGEST_NOTE = 500


class PriceJustification(models.Model):
    """A price and the figures behind it, as they stood at ``made_at``.

    ``document`` is canonical JSON (`scoring.justifying.documents`), kept as text because a hash
    is taken of its bytes; ``document_hash`` is its SHA-256. Neither ever changes: only the
    withdrawal is written, once, and the count of views, which says how often the public page was
    opened and not by whom.
    """

    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, related_name="price_justifications"
    )
    deliverable = models.CharField(max_length=60)
    asked_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    document = models.TextField()
    document_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    views = models.PositiveIntegerField(default=0)
    last_viewed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["account", "-made_at"], name="justification_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked_minor__gt=0), name="justification_asks_something"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="justification_is_good_for_a_while",
            ),
            models.CheckConstraint(
                condition=models.Q(document_hash__regex=r"^[0-9a-f]{64}$"),
                name="justification_has_a_hash",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="justification_read_only",
                exclude=["made_by", "withdrawn_at", "views", "last_viewed_on"],
            ),
            pgtrigger.Protect(
                name="justification_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.withdrawn_at IS NOT NULL "
                    "AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Price justification {self.pk} of {self.account}"

    @property
    def content(self) -> Any:
        return json.loads(self.document)

    @property
    def is_whole(self) -> bool:
        """Whether the document still has the hash it was made with."""
        return hashlib.sha256(self.document.encode()).hexdigest() == self.document_hash

    def is_live(self, *, now: datetime) -> bool:
        return self.withdrawn_at is None and now < self.expires_at
