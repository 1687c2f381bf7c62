"""Files that go with messages."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.collaborations import Collaboration
from campaigns.models.messages import Message


class Attachment(models.Model):
    """A checked and rewritten file; without a message it waits a day to be sent with one.

    ``path`` lies below MEDIA_ROOT under a random name; no address serves that folder.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", "Image"
        PDF = "pdf", "PDF"

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="attachments"
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=5, choices=Kind)
    content_type = models.CharField(max_length=40)
    name = models.CharField(max_length=120, help_text="As shown and offered when it is saved.")
    size = models.PositiveIntegerField(help_text="Bytes, of the rewritten file.")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    path = models.CharField(max_length=120, unique=True)
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["uploaded_at"], name="attachment_unused", condition=Q(message=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="image", width__isnull=False, height__isnull=False, pages=None)
                | Q(kind="pdf", width=None, height=None, pages__isnull=False),
                name="attachment_has_its_measures",
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="attachment_fixed", exclude=["message", "uploader"]),
            pgtrigger.Protect(
                name="attachment_used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.message_id IS NOT NULL AND NEW.message_id IS DISTINCT FROM OLD.message_id"
                ),
            ),
            pgtrigger.Protect(
                name="sent_attachment_no_delete",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.message_id IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE
