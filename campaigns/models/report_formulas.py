"""What a brand counts a view, a like, a comment as worth, version by version."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Brand


class ReportFormula(models.Model):
    """One version of a brand's rates of earned media value; never changed, only followed.

    ``rates`` maps a platform to its interactions and what one of each is worth, in minor units
    of ``currency``, as decimal text; ``sources`` maps the platform to where its rates are from.
    What is not in it has no rate: there are no defaults. The newest version is the one in use,
    ``is_on`` says whether reports show the value at all.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="report_formulas")
    version = models.PositiveIntegerField()
    is_on = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, blank=True)
    rates = models.JSONField(default=dict, blank=True)
    sources = models.JSONField(default=dict, blank=True)
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["brand", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "version"], name="one_report_formula_per_version"
            ),
            models.CheckConstraint(
                condition=Q(rates={}) | ~Q(currency=""), name="report_rates_have_currency"
            ),
            models.CheckConstraint(
                condition=Q(is_on=False) | ~Q(rates={}), name="report_formula_on_has_rates"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="report_formula_read_only", exclude=["created_by"]),
            pgtrigger.Protect(name="report_formula_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Formula of {self.brand}, version {self.version}"
