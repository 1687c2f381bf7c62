"""Drafts of posts that a creator tested and chose to keep, and what became of them."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Post, SocialAccount


class PostPlan(models.Model):
    """One kept test: what was asked, what was known then, and what was answered; never changed.

    ``inputs`` hold the draft and the facts of the account at the moment of asking, so that the
    answer can be computed again; ``input_hash`` is theirs and the model's. An image is kept as
    its figures, never as a picture. Only the creator sees kept tests, and may delete them.
    """

    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, related_name="post_plans", db_index=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    name = models.CharField(max_length=80, blank=True)
    inputs = models.JSONField()
    answer = models.JSONField()
    model_version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    is_simulated = models.BooleanField(help_text="The account's facts are simulated.")
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "input_hash"], name="one_post_plan_per_question"
            ),
        ]
        indexes = [models.Index(fields=["account", "-kept_at"], name="post_plan_latest")]
        triggers = [pgtrigger.ReadOnly(name="post_plan_read_only", exclude=["created_by"])]

    def __str__(self) -> str:
        return self.name or f"Test of {self.kept_at:%Y-%m-%d %H:%M}"

    @property
    def draft(self) -> dict[str, Any]:
        return dict(self.inputs["draft"])


class PublishedPlan(models.Model):
    """The post that a kept test became. Each post answers for one test."""

    plan = models.OneToOneField(PostPlan, on_delete=models.CASCADE, related_name="published")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="plan")
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [pgtrigger.ReadOnly(name="published_plan_read_only", exclude=["linked_by"])]

    def __str__(self) -> str:
        return f"{self.plan} as {self.post}"
