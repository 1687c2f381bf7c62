"""What people decided about accounts: labels to judge models by, never to train them."""

import pgtrigger
from django.db import models
from django.utils import timezone

from accounts.case_states import Verdict
from accounts.models import ModerationCase, SocialAccount


class EvaluationLabel(models.Model):
    """A human verdict about the facts that a model saw of one account.

    ``inputs``, ``snapshot_hash``, ``risk`` and ``model_version`` are those of the score that
    was current at the decision. The newest row of an account stands for it; of one snapshot
    the newest row is its label. Rows are never changed: who decides anew adds one.
    """

    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, related_name="evaluation_labels"
    )
    task = models.CharField(max_length=12)
    case = models.ForeignKey(ModerationCase, on_delete=models.CASCADE, related_name="labels")
    label = models.CharField(max_length=8, choices=Verdict)
    score_number = models.BigIntegerField()
    model_version = models.CharField(max_length=60)
    feature_set = models.CharField(max_length=100)
    inputs = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    risk = models.FloatField(null=True, help_text="What the model said; empty if it abstained.")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["account", "task", "-decided_at", "-id"], name="label_current")
        ]
        triggers = [
            pgtrigger.Protect(name="evaluation_label_append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.label}"
