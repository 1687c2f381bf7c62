"""Niches month by month: what a computation found, kept as it was found."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Platform
from accounts.models.facts import append_only

FEWEST_CREATORS = 10
"""Of fewer creators nothing is kept: a figure of few is a figure of somebody."""


class NicheReport(models.Model):
    """One computation of a month, over real or over simulated creators, never both.

    The newest version of a month counts. ``content_hash`` stands for the figures, so that
    computing a month again adds nothing unless a fact about it has changed. ``until`` is the
    last day read: the month's own last, or the day of the computation while the month runs.
    """

    month = models.DateField(help_text="The month's first day.")
    is_simulated = models.BooleanField()
    version = models.PositiveIntegerField()
    until = models.DateField()
    as_of = models.DateTimeField(help_text="Facts recorded later were not read.")
    accounts = models.IntegerField(help_text="Accounts known by the last day, in any niche.")
    niches = models.IntegerField(help_text="Niches with enough creators to be shown.")
    too_small = models.IntegerField(help_text="Niches with fewer, of which nothing is kept.")
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-month", "is_simulated", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "is_simulated", "version"], name="one_niche_report_per_version"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1) & Q(until__gte=models.F("month")),
                name="niche_report_begins_a_month",
            ),
        ]
        triggers = [append_only("niche_report_append_only")]

    def __str__(self) -> str:
        return f"Niches in {self.month:%B %Y}, version {self.version}"

    @property
    def is_partial(self) -> bool:
        """Whether the month was still running."""
        return (self.until + timedelta(days=1)).day != 1


class NicheMonth(models.Model):
    """One niche on one platform, or on all of them (""), in one report. Unknown is null.

    Estimates are objects {value, low, high, n, p, trend}: a median, its 95 % interval, how many
    accounts it is of, the sign test's p and what the change may be called. Shares and changes
    are fractions; growth is per 30 days. docs/niche-reports.md has every definition.
    """

    report = models.ForeignKey(NicheReport, on_delete=models.CASCADE, related_name="rows")
    niche = models.CharField(max_length=60)
    platform = models.CharField(max_length=12, choices=Platform, blank=True)
    creators = models.IntegerField()
    accounts = models.IntegerField()
    entrants = models.IntegerField(help_text="Creators first known in this month.")
    active = models.IntegerField(null=True, help_text="Creators seen posting in this month.")
    sized = models.IntegerField(help_text="Accounts whose followers are known.")
    followers = models.BigIntegerField(null=True)
    tiers = models.JSONField(default=dict, help_text="Size tier → accounts.")
    herfindahl = models.FloatField(null=True, help_text="Sum of squared shares of followers.")
    top_share = models.FloatField(null=True, help_text="Followers of the largest tenth.")
    growth = models.JSONField(null=True)
    growth_change = models.JSONField(null=True)
    engagement = models.JSONField(null=True, help_text="With the quartiles q1 and q3.")
    engagement_change = models.JSONField(null=True)
    posts_per_week = models.JSONField(null=True)
    prices = models.JSONField(default=list)
    campaigns = models.IntegerField(null=True, help_text="Null where too few brands are behind.")
    hires = models.IntegerField(null=True, help_text="Null where too few brands are behind.")
    opportunity = models.JSONField(null=True)
    hashtags = models.JSONField(default=list)

    class Meta:
        ordering = ["report", "niche", "platform"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "niche", "platform"], name="one_niche_month_per_platform"
            ),
            models.CheckConstraint(
                condition=Q(creators__gte=FEWEST_CREATORS), name="niche_month_is_of_enough"
            ),
        ]
        indexes = [models.Index(fields=["niche", "platform"], name="niche_month_series")]
        triggers = [append_only("niche_month_append_only")]

    def __str__(self) -> str:
        return f"{self.niche} on {self.platform or 'all platforms'}, {self.report.month:%Y-%m}"
