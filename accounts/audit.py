"""Record who did what. Called inside the transaction of the act."""

from typing import Any

from django.db import models
from django.db.models import QuerySet

from accounts.models import AuditEntry, User


def record(
    *, actor: User | None, verb: str, subject: models.Model, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Write one audit row; ``actor`` None means the system itself."""
    return AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_text=str(subject)[:200],
        data=data or {},
    )


def list_entries(subject: models.Model) -> QuerySet[AuditEntry]:
    """What was recorded about one thing, the oldest first. One query."""
    entries = AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    )
    return entries.select_related("actor").order_by("at", "pk")
