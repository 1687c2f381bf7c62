"""Searches a brand keeps to ask again."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Brand


class SavedSearch(models.Model):
    """A search of one brand; ``terms`` is `scoring.discovery.terms.SearchTerms.to_json`.

    ``last_seen_at`` is when somebody of the brand last opened it: who joined the catalogue
    since then counts as new.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    terms = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "saved searches"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("brand", Lower("name"), name="one_saved_search_per_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_search_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
