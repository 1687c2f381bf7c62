"""Where a brand's or creator's own program is told what happens."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import Brand, User
from accounts.models.social import Creator


class WebhookEndpoint(models.Model):
    """An address that gets signed events by POST, as standardwebhooks.com has it.

    ``secret`` signs each of them, so it is kept as it is; it is shown once, when it is made.
    ``kinds`` are the kinds it wants, whole ("collaboration.sign") or their first part
    ("collaboration"); empty for all. ``failures`` counts the failed attempts since the last that
    succeeded, the first of them at ``failing_since``.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="webhooks")
    creator = models.ForeignKey(
        Creator, on_delete=models.CASCADE, null=True, related_name="webhooks"
    )
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=80)
    kinds = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(brand__isnull=True) ^ Q(creator__isnull=True),
                name="endpoint_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["brand", "creator", "url"],
                name="one_endpoint_per_address",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def wants(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds or kind.partition(".")[0] in self.kinds
