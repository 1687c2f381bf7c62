"""Alerts: the rules of a brand, the readings they watch and what they fired on."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Brand, Creator, SocialAccount
from campaigns.models import Shortlist


class AlertSeries(models.Model):
    """One line of numbers that some rule watches: a metric, or its change over a window.

    ``key`` is the currency or niche of metrics that have one. Rules that watch the same share
    the row, so readings are kept once. ``synced_at`` is empty until its readings are complete.
    """

    class Mode(models.TextChoices):
        LEVEL = "level", "The value itself"
        ABSOLUTE = "absolute", "Change in the metric's unit"
        PERCENT = "percent", "Change in per cent"

    metric = models.CharField(max_length=20)
    key = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=8, choices=Mode)
    window_days = models.PositiveSmallIntegerField(default=0)
    synced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "alert series"
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "key", "mode", "window_days"], name="one_alert_series_of_each"
            ),
            models.CheckConstraint(
                condition=Q(mode="level", window_days=0)
                | Q(mode__in=["absolute", "percent"], window_days__gt=0),
                name="alert_series_window_fits_mode",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.key} {self.mode} {self.window_days}".strip()


class AlertReading(models.Model):
    """The newest reading of one series for one account, and the one of an earlier day.

    Narrow, and kept in step with facts and scores by whole statements (`alerting/syncing.py`).
    ``value`` is compared with thresholds; ``level`` is the metric itself, ``base`` what a change
    is counted from. ``source`` is the row the value was read from.
    """

    pk = models.CompositePrimaryKey("account_id", "series_id")
    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    series = models.ForeignKey(
        AlertSeries, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    value = models.FloatField()
    day = models.DateField()
    previous = models.FloatField(null=True)
    previous_day = models.DateField(null=True)
    level = models.FloatField()
    base = models.FloatField(null=True)
    base_day = models.DateField(null=True)
    source = models.BigIntegerField(null=True)
    model_version = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["series", "value"], name="alert_reading_by_value")]

    def __str__(self) -> str:
        return f"{self.series_id} of account {self.account_id}: {self.value}"


class AlertRule(models.Model):
    """What a brand wants to be told of; what exactly is in its versions, the newest of which
    holds. Name and channels belong to the rule and explain no firing, so they have no version."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="alert_rules")
    name = models.CharField(max_length=80)
    is_paused = models.BooleanField(default=False)
    by_email = models.BooleanField(default=True)
    by_webhook = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("brand", Lower("name"), name="one_alert_rule_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="alert_rule_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class AlertVersion(models.Model):
    """One wording of a rule. Editing adds one, so that what fired before stays explained.

    ``is_live`` is true of the newest version of a rule that is not paused: what checks read.
    ``active_since`` is when it last began to watch, ``first_checked_at`` when a check first
    saw it. Of everything else nothing ever changes.
    """

    class Kind(models.TextChoices):
        THRESHOLD = "threshold", "A value crosses a threshold"
        CHANGE = "change", "A value changes over some days"
        ENTRANT = "entrant", "Somebody is new in a niche"

    class Direction(models.TextChoices):
        UP = "up", "Upward: reaches or passes it"
        DOWN = "down", "Downward: falls to it or below"

    class Scope(models.TextChoices):
        FILTERS = "filters", "Everybody who passes the filters"
        SHORTLIST = "shortlist", "Creators on a shortlist"
        NAMED = "named", "Creators named one by one"

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    series = models.ForeignKey(
        AlertSeries, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    direction = models.CharField(max_length=4, choices=Direction)
    threshold = models.FloatField()
    include_matching = models.BooleanField(default=False)
    cooldown_days = models.PositiveSmallIntegerField()
    scope = models.CharField(max_length=10, choices=Scope)
    platforms = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    niches = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    countries = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    country_keys = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    min_followers = models.BigIntegerField(null=True)
    max_followers = models.BigIntegerField(null=True)
    shortlist = models.ForeignKey(Shortlist, on_delete=models.SET_NULL, null=True, related_name="+")
    creator_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    is_live = models.BooleanField(default=True)
    active_since = models.DateTimeField()
    first_checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_alert_version_a_number"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(is_live=True), name="one_live_alert_version"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=-1e15, threshold__lte=1e15),
                name="alert_threshold_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(cooldown_days__gte=1), name="alert_cooldown_of_a_day_or_more"
            ),
        ]
        indexes = [
            # A check looks up, for every reading that moved, the thresholds it moved across.
            models.Index(
                fields=["series", "direction", "threshold"],
                name="alert_version_live",
                condition=Q(is_live=True),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="alert_version_fixed",
                exclude=["is_live", "active_since", "first_checked_at", "created_by", "shortlist"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}, version {self.number}"


class AlertFiring(models.Model):
    """One finding: which reading met which version of a rule, on which day.

    ``day`` is the day the reading is about. At most one for a rule, creator and day, so a check
    that is run again adds nothing.
    """

    rule = models.ForeignKey(
        AlertRule, on_delete=models.CASCADE, related_name="firings", db_index=False
    )
    version = models.ForeignKey(
        AlertVersion, on_delete=models.CASCADE, related_name="firings", db_index=False
    )
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="alert_firings")
    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    value = models.FloatField()
    level = models.FloatField()
    previous = models.FloatField(null=True)
    previous_day = models.DateField(null=True)
    base = models.FloatField(null=True)
    base_day = models.DateField(null=True)
    source = models.BigIntegerField(null=True)
    model_version = models.CharField(max_length=60, blank=True)
    matched_already = models.BooleanField(default=False)
    fired_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-fired_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "creator", "day"], name="one_alert_a_creator_and_day"
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "-fired_at", "-id"], name="alert_firing_latest"),
            models.Index(fields=["brand", "-fired_at"], name="alert_firing_of_brand"),
            models.Index(fields=["version"], name="alert_firing_of_version"),
            models.Index(
                fields=["brand"], name="alert_firing_unseen", condition=Q(seen_at__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="alert_firing_fixed", exclude=["seen_at", "seen_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.creator}, {self.day}"


class AlertCheck(models.Model):
    """One run of all rules. ``seen_ids`` says up to which row of each source it had read."""

    at = models.DateTimeField(unique=True)
    seen_ids = models.JSONField(default=dict)
    rules = models.PositiveIntegerField(default=0)
    readings = models.PositiveIntegerField(default=0, help_text="Readings that were new.")
    fired = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(
        default=0, help_text="Findings beyond what one rule may fire on in one check."
    )
    seconds = models.FloatField(default=0.0)

    class Meta:
        ordering = ["-at"]
        get_latest_by = "at"

    def __str__(self) -> str:
        return f"{self.fired} alerts of {self.at:%Y-%m-%d %H:%M}"
