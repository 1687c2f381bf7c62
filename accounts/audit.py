"""Record who did what. Called inside the transaction of the act."""

from typing import Any

from django.db import models

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
