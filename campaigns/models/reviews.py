"""What each side says of the other when the work is done."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.collaborations import Collaboration
from campaigns.review_terms import ASPECTS
from campaigns.states import Side


class Review(models.Model):
    """Written once and never changed; unseen by the other side until ``published_at``.

    ``side`` is who wrote it. ``aspects`` are {key of `review_terms.ASPECTS`: 1 to 5}.
    """

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="reviews"
    )
    side = models.CharField(max_length=10, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    rating = models.PositiveSmallIntegerField()
    aspects = models.JSONField(default=dict, blank=True)
    text = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hidden_reason = models.TextField(blank=True, help_text="Both sides read it.")

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("hide_review", "Can hide reviews")]
        indexes = [
            models.Index(
                fields=["collaboration", "side"],
                name="review_shown",
                condition=Q(published_at__isnull=False, hidden_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "side"], name="one_review_per_side"),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="review_rates_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(side__in=[Side.BRAND.value, Side.CREATOR.value]),
                name="review_is_of_a_side",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="hidden_review_has_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="review_read_only",
                exclude=["author", "published_at", "hidden_at", "hidden_by", "hidden_reason"],
            ),
            pgtrigger.Protect(
                name="review_published_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.published_at IS NOT NULL"
                    " AND NEW.published_at IS DISTINCT FROM OLD.published_at"
                ),
            ),
            pgtrigger.Protect(name="review_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Review by {self.get_side_display().lower()}, {self.collaboration}"

    @property
    def is_shown(self) -> bool:
        return self.published_at is not None and self.hidden_at is None

    @property
    def rated_aspects(self) -> list[tuple[str, int]]:
        """(label, 1 to 5), in the order of the form."""
        labels = ASPECTS[Side(self.side)]
        return [(label, self.aspects[key]) for key, label in labels.items() if key in self.aspects]
