"""Briefs a brand keeps to start from."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Brand


class BriefTemplate(models.Model):
    """A brief without a campaign; ``terms`` is `BriefTerms.to_json`."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="brief_templates")
    name = models.CharField(max_length=140)
    terms = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "name"], name="one_template_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
