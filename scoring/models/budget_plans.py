"""Budget plans that were kept: what was asked, what was picked, and from which versions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Brief, Campaign


class BudgetPlan(models.Model):
    """One plan of a campaign; never changed. Another plan is another row.

    ``inputs`` is what was asked (`scoring.budgeting.terms.PlanTerms.to_json`), ``answer`` the
    picks with their figures, ``versions`` the method and models behind them. ``fingerprint`` is
    the SHA-256 of all three with the candidates the choice was made from.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="budget_plans")
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="+")
    goal = models.CharField(max_length=12)
    budget_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    inputs = models.JSONField()
    answer = models.JSONField()
    versions = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    is_simulated = models.BooleanField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(budget_minor__gt=0), name="plan_budget_above_zero"),
            models.CheckConstraint(condition=~Q(currency=""), name="plan_budget_has_currency"),
        ]
        indexes = [models.Index(fields=["campaign", "-id"], name="budget_plan_newest")]
        triggers = [
            pgtrigger.ReadOnly(name="budget_plan_read_only", exclude=["created_by"]),
            pgtrigger.Protect(name="budget_plan_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Budget plan {self.pk} of {self.campaign}"
