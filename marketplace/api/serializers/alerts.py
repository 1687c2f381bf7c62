"""Rules of alerts, what they found, and what they would have found."""

from dataclasses import asdict, replace
from typing import Any

from rest_framework import serializers

from accounts.models import Platform
from campaigns.terms import MAX_FOLLOWERS
from marketplace.alert_words import finding_sentence, rule_sentence, scope_sentence
from marketplace.api.serializers.briefs import BrandSerializer
from marketplace.api.strictness import NumberField, StrictSerializer, WholeNumberField
from scoring.alerting.backtesting import DAYS, MOST_DAYS, Backtest
from scoring.alerting.keeping import LONGEST_NAME
from scoring.alerting.metrics import METRICS, WINDOWS, Metric
from scoring.alerting.terms import MOST_CHOICES, MOST_COOLDOWN, MOST_NAMED, RuleTerms
from scoring.models import AlertFiring, AlertRule, AlertSeries, AlertVersion

LARGEST_ID = 10**18 - 1


def _texts(child: serializers.Field) -> serializers.ListField:
    return serializers.ListField(child=child, required=False, max_length=MOST_CHOICES)


def _id(**more: Any) -> WholeNumberField:
    return WholeNumberField(min_value=1, max_value=LARGEST_ID, **more)


class AlertTermsSerializer(StrictSerializer):
    """What fires a rule. What its kind does not read may be left out; null asks nothing."""

    kind = serializers.ChoiceField(choices=AlertVersion.Kind.choices)
    metric = serializers.ChoiceField(
        choices=[(one.name, one.label) for one in METRICS.values()], required=False,
        help_text="Not of the kind entrant. GET /alerts/metrics says unit and source of each.",
    )  # fmt: skip
    threshold = NumberField(
        required=False, allow_null=True, min_value=-1e15, max_value=1e15,
        help_text="In the metric's unit, money in minor units, or in per cent; of a change its "
        "size, above zero. For an entrant how sure of the niche, 50 if left out.",
    )  # fmt: skip
    direction = serializers.ChoiceField(choices=AlertVersion.Direction.choices, required=False)
    mode = serializers.ChoiceField(
        choices=[AlertSeries.Mode.PERCENT, AlertSeries.Mode.ABSOLUTE], required=False,
        help_text="Of the kind change.",
    )  # fmt: skip
    window_days = WholeNumberField(
        required=False, allow_null=True, min_value=1, max_value=max(WINDOWS),
        help_text=f"Of the kind change: one of {', '.join(map(str, WINDOWS))}.",
    )  # fmt: skip
    currency = serializers.CharField(required=False, allow_blank=True, max_length=11)
    niche = serializers.CharField(required=False, allow_blank=True, max_length=60)
    include_matching = serializers.BooleanField(
        required=False, help_text="Also tell, once, of the 200 farthest of those who match already."
    )
    cooldown_days = WholeNumberField(required=False, min_value=1, max_value=MOST_COOLDOWN)
    scope = serializers.ChoiceField(choices=AlertVersion.Scope.choices, required=False)
    platforms = _texts(serializers.ChoiceField(choices=Platform.choices))
    niches = _texts(serializers.CharField(max_length=60))
    countries = _texts(serializers.CharField(max_length=80))
    min_followers = WholeNumberField(
        required=False, allow_null=True, min_value=0, max_value=MAX_FOLLOWERS
    )
    max_followers = WholeNumberField(
        required=False, allow_null=True, min_value=0, max_value=MAX_FOLLOWERS
    )
    shortlist_id = _id(required=False, allow_null=True)
    creator_ids = serializers.ListField(
        child=_id(), required=False, max_length=MOST_NAMED, help_text="With the scope named."
    )


class AlertTermsPatchSerializer(AlertTermsSerializer):
    kind = serializers.ChoiceField(choices=AlertVersion.Kind.choices, required=False)


class AlertRequestSerializer(StrictSerializer):
    brand_id = _id(required=False, help_text="Needed by those who write for several brands.")
    name = serializers.CharField(max_length=LONGEST_NAME)
    terms = AlertTermsSerializer()
    by_email = serializers.BooleanField(required=False, default=True)
    by_webhook = serializers.BooleanField(required=False, default=False)


class AlertPatchSerializer(StrictSerializer):
    """What is left out stays, also within the terms; changed terms make a new version."""

    name = serializers.CharField(required=False, max_length=LONGEST_NAME)
    terms = AlertTermsPatchSerializer(required=False)
    by_email = serializers.BooleanField(required=False)
    by_webhook = serializers.BooleanField(required=False)
    is_paused = serializers.BooleanField(required=False)


class AlertBacktestRequestSerializer(StrictSerializer):
    brand_id = _id(required=False, help_text="Needed by those who write for several brands.")
    terms = AlertTermsSerializer()
    days = WholeNumberField(required=False, default=DAYS, min_value=1, max_value=MOST_DAYS)


class AlertListParameters(StrictSerializer):
    brand_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    cursor = serializers.CharField(required=False)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=100)


class AlertSeenRequestSerializer(StrictSerializer):
    firing_ids = serializers.ListField(
        child=_id(), required=False, max_length=1_000, help_text="All of the rule if left out."
    )


class AlertSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    brand = BrandSerializer()
    name = serializers.CharField()
    is_paused = serializers.BooleanField()
    by_email = serializers.BooleanField()
    by_webhook = serializers.BooleanField()
    version = serializers.IntegerField(help_text="Of the terms; each change adds one.")
    terms = AlertTermsSerializer()
    what = serializers.CharField(help_text="The terms in words.")
    whom = serializers.CharField()
    fired = serializers.IntegerField()
    recent = serializers.IntegerField(help_text="Findings of the last 30 days.")
    unseen = serializers.IntegerField()
    last_fired_at = serializers.DateTimeField(allow_null=True)
    created_by = serializers.CharField(allow_null=True, help_text="Null once they have gone.")
    created_at = serializers.DateTimeField()


class AlertFiringSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="The version of the rule that fired.")
    creator_id = serializers.IntegerField()
    name = serializers.CharField()
    is_simulated = serializers.BooleanField()
    account_id = serializers.IntegerField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    handle = serializers.CharField()
    day = serializers.DateField(help_text="The day the reading is about.")
    value = serializers.FloatField(help_text="What met the threshold; of a change the change.")
    threshold = serializers.FloatField(help_text="Of a fall over a window it is below zero.")
    level = serializers.FloatField(help_text="The metric itself on that day.")
    previous = serializers.FloatField(allow_null=True)
    previous_day = serializers.DateField(allow_null=True)
    base = serializers.FloatField(allow_null=True, help_text="What a change is counted from.")
    base_day = serializers.DateField(allow_null=True)
    model_version = serializers.CharField(allow_blank=True, help_text="Empty for counts.")
    matched_already = serializers.BooleanField()
    why = serializers.CharField(help_text="All of it in words.")
    fired_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class AlertMetricSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    key = serializers.ChoiceField(choices=["", "currency", "niche"], allow_blank=True)
    lowest = serializers.FloatField()
    highest = serializers.FloatField()
    has_changes = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]
    changes = serializers.CharField()
    stale_days = serializers.IntegerField()


class AlertMetricsSerializer(serializers.Serializer):
    metrics = AlertMetricSerializer(many=True)
    windows = serializers.ListField(child=serializers.IntegerField())


class AlertWeekSerializer(serializers.Serializer):
    first_day = serializers.DateField()
    fired = serializers.IntegerField()


class AlertExampleSerializer(serializers.Serializer):
    creator_id = serializers.IntegerField()
    name = serializers.CharField()
    is_simulated = serializers.BooleanField()
    handle = serializers.CharField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    day = serializers.DateField()
    value = serializers.FloatField()
    level = serializers.FloatField()
    previous = serializers.FloatField(allow_null=True)
    base = serializers.FloatField(allow_null=True)


class AlertBacktestSerializer(serializers.Serializer):
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    days = serializers.IntegerField()
    fired = serializers.IntegerField()
    creators = serializers.IntegerField()
    most_on_a_day = serializers.IntegerField()
    weeks = AlertWeekSerializer(many=True)
    examples = AlertExampleSerializer(many=True)
    known_days = serializers.IntegerField(help_text="Days with any reading in the scope.")
    first_known = serializers.DateField(allow_null=True)
    accounts_in_scope = serializers.IntegerField(help_text="Judged by today's facts.")
    accounts_known = serializers.IntegerField()
    readings = serializers.IntegerField()
    late = serializers.IntegerField(help_text="Readings recorded well after their day.")
    matching_now = serializers.IntegerField()
    warnings = serializers.ListField(child=serializers.CharField())


def terms_given(data: dict[str, Any], present: RuleTerms | None = None) -> RuleTerms:
    """Validated entries as terms; over those that hold, where there are any."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
    }
    return RuleTerms(**given) if present is None else replace(present, **given)


def alert_as_json(rule: AlertRule, version: AlertVersion) -> dict[str, Any]:
    """``rule`` as `reading.with_counts` annotates it."""
    counted: Any = rule
    return {
        "id": rule.pk,
        "brand": {"id": rule.brand_id, "name": rule.brand.name},
        "name": rule.name,
        "is_paused": rule.is_paused,
        "by_email": rule.by_email,
        "by_webhook": rule.by_webhook,
        "version": version.number,
        "terms": RuleTerms.of_version(version).to_json(),
        "what": rule_sentence(version),
        "whom": scope_sentence(version),
        "fired": counted.fired,
        "recent": counted.recent,
        "unseen": counted.unseen,
        "last_fired_at": counted.fired_at,
        "created_by": None if rule.created_by is None else str(rule.created_by),
        "created_at": rule.created_at,
    }


def firing_as_json(firing: AlertFiring) -> dict[str, Any]:
    copied = (
        "id", "creator_id", "account_id", "day", "value", "level", "previous", "previous_day",
        "base", "base_day", "model_version", "matched_already", "fired_at", "seen_at",
    )  # fmt: skip
    return {
        **{name: getattr(firing, name) for name in copied},
        "version": firing.version.number,
        "threshold": firing.version.threshold,
        "name": firing.creator.display_name,
        "is_simulated": firing.creator.is_simulated,
        "platform": firing.account.platform,
        "handle": firing.account.handle,
        "why": finding_sentence(firing),
    }


def metric_as_json(metric: Metric) -> dict[str, Any]:
    return asdict(metric)


def backtest_as_json(tried: Backtest) -> dict[str, Any]:
    return {
        **asdict(tried),
        "days": tried.days,
        "weeks": [{"first_day": day, "fired": count} for day, count in tried.weeks],
        "warnings": tried.warnings,
    }
