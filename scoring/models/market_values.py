"""What accounts are worth on the market, run by run."""

import pgtrigger
from django.db import models
from django.utils import timezone

from accounts.models import Platform, SocialAccount


class ValuationRun(models.Model):
    """One valuation of everybody, from facts dated and recorded up to ``as_of``.

    Until ``completed_at`` is set nobody is shown anything of it. ``rates`` are the going rates
    it used with their data and dates, ``leagues`` how many were ranked in each league.
    A completed run is never changed; docs/market-value.md says which are kept.
    """

    as_of = models.DateTimeField()
    formula_version = models.CharField(max_length=20)
    model_version = models.CharField(max_length=60)
    rates = models.JSONField(default=dict, blank=True)
    leagues = models.JSONField(default=dict, blank=True)
    accounts = models.BigIntegerField(default=0)
    valued = models.BigIntegerField(default=0)
    abstained = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "model_version"], name="one_valuation_per_moment_and_model"
            ),
        ]
        indexes = [models.Index(fields=["-as_of"], name="valuation_run_newest")]
        triggers = [
            pgtrigger.Protect(
                name="valuation_run_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__completed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Market values as of {self.as_of:%Y-%m-%d}"


class MarketValue(models.Model):
    """The value of one ordinary post of an account, in one run, with its rank.

    Money is in minor units of ``currency``; with no currency the value counts engagements
    (there is no market to tell a going rate). Ranks compare within ``league``, which names
    provenance, and currency or platform: "real:CNY", "simulated:tiktok". ``parts`` holds the
    figures of the formula, ``log_sd`` the standard deviation of the log value that is the
    account's own, without what it shares with its market. Abstained rows have no value.
    """

    # The constraint and the index below begin with them.
    run = models.ForeignKey(
        ValuationRun, on_delete=models.CASCADE, related_name="values", db_index=False
    )
    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, related_name="market_values", db_index=False
    )
    platform = models.CharField(max_length=12, choices=Platform)
    simulated = models.BooleanField()
    league = models.CharField(max_length=30)
    currency = models.CharField(max_length=3, blank=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    rank = models.BigIntegerField(null=True)
    rank_low = models.BigIntegerField(null=True)
    rank_high = models.BigIntegerField(null=True)
    band = models.BigIntegerField(null=True)
    log_sd = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    abstained = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account"], name="one_market_value_a_run"),
            models.CheckConstraint(
                condition=models.Q(abstained=True, value=None, rank=None)
                | models.Q(abstained=False, value__isnull=False, rank__isnull=False),
                name="market_value_or_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "league", "rank", "account"], name="market_value_ranking"),
            models.Index(fields=["account", "-run"], name="market_value_history"),
        ]
        triggers = [pgtrigger.Protect(name="market_value_append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.account}: {self.value} {self.currency or 'engagements'}"


class ValuationDraft(models.Model):
    """One account of a run that is not finished: the table that a run ranks from.

    Unlogged, because a lost one is only worked out again. ``draws`` are the bootstrapped log
    values as little-endian uint16 bins (`scoring.ml.value.ranking`); empty for abstentions.
    """

    run = models.ForeignKey(
        ValuationRun, on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    account_id = models.BigIntegerField()
    platform = models.CharField(max_length=12)
    simulated = models.BooleanField()
    league = models.CharField(max_length=30)
    currency = models.CharField(max_length=3, blank=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    log_sd = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    draws = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "account_id"], name="one_valuation_draft_an_account"
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of account {self.account_id} in run {self.run_id}"
