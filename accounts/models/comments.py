"""What people wrote under an account's posts; authors are pseudonyms."""

from django.db import models
from django.utils import timezone

from accounts.models.facts import Post, Provenance, append_only
from accounts.models.social import SocialAccount


class Comment(models.Model):
    """One comment as it was when first seen: a later edit of it changes nothing here."""

    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="comments")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="texts")
    external_id = models.CharField(max_length=100)
    author = models.CharField(
        max_length=64, blank=True, help_text="A keyed hash; empty when not known."
    )
    text = models.TextField()
    written_at = models.DateTimeField(null=True)
    provenance = models.CharField(max_length=10, choices=Provenance)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"], name="one_comment_per_account_and_id"
            ),
        ]
        triggers = [append_only("comment_append_only")]

    def __str__(self) -> str:
        return f"{self.account}: {self.text[:40]}"
