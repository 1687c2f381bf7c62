"""Requests and responses of document 000, with versions and abstention added."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.identifiers import AnyIdField, CampaignIdField, InfluencerIdField
from marketplace.api.serializers.scores import ExplanationSerializer
from marketplace.api.strictness import StrictSerializer
from scoring.stat_lists import (
    EVENT_ENTRIES,
    EVENT_KINDS,
    LARGEST_STAT,
    MAX_BIO,
    MAX_COMMENT_LENGTH,
    MAX_COMMENTS_SENT,
    MAX_COUNTS,
    MAX_EVENTS,
)
from scoring.stats import KNOWN_STATS, SIGNED_STATS

FLAGS = {"has_picture", "has_link", "is_private", "is_verified", "is_business"}
FRACTIONS = {
    "username_digit_ratio": "a share",
    "caption_similarity": "a share",
}
LIST_SCHEMAS: dict[str, dict[str, Any]] = {
    "follower_counts": {
        "type": "array",
        "description": "Daily counts, oldest first, the last of today; null where not known.",
        "maxItems": MAX_COUNTS,
        "items": {"type": "number", "minimum": 0, "maximum": LARGEST_STAT, "nullable": True},
        "nullable": True,
    },
    "comments": {
        "type": "array",
        "description": "Texts of comments under the account's posts.",
        "maxItems": MAX_COMMENTS_SENT,
        "items": {"type": "string", "maxLength": MAX_COMMENT_LENGTH},
        "nullable": True,
    },
    "declared_events": {
        "type": "array",
        "description": "Causes of growth, as declared; they count only with follower_counts.",
        "maxItems": MAX_EVENTS,
        "items": {
            "type": "object",
            "required": list(EVENT_ENTRIES),
            "properties": {
                "kind": {"type": "string", "enum": list(EVENT_KINDS)},
                "starts_on": {"type": "string", "format": "date"},
                "ends_on": {"type": "string", "format": "date"},
            },
            "additionalProperties": False,
        },
        "nullable": True,
    },
    "bio": {"type": "string", "maxLength": MAX_BIO, "nullable": True},
}
DESCRIPTIONS = {
    "follower_growth_rate": "Per cent a month; follower_counts outrank it.",
    "account_age": "Days.",
    "posting_frequency": "Posts a week.",
    "engagement_rate": "Per cent of followers.",
}


def _stat_schema(name: str) -> dict[str, Any]:
    if name in LIST_SCHEMAS:
        return LIST_SCHEMAS[name]
    if name in FLAGS:
        return {"type": "boolean", "nullable": True}
    largest = 1.0 if name in FRACTIONS else LARGEST_STAT
    smallest = -LARGEST_STAT if name in SIGNED_STATS else 0
    schema = {"type": "number", "minimum": smallest, "maximum": largest, "nullable": True}
    if name in DESCRIPTIONS:
        schema["description"] = DESCRIPTIONS[name]
    return schema


@extend_schema_field(
    {
        "type": "object",
        "properties": {name: _stat_schema(name) for name in sorted(KNOWN_STATS)},
        "additionalProperties": False,
    }
)
class StatsField(serializers.DictField):
    """Facts about an account; what is missing or null is unknown.

    Names and ranges are judged by the prediction service; here only what would otherwise
    pass as unknown without a word: flags that are neither true nor false, and percentages
    where a fraction belongs.
    """

    default_error_messages = {
        "flag": "stats.{name} is true or false.",
        "fraction": "stats.{name} lies between 0 and 1 ({meaning}).",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        stats: dict[str, Any] = super().to_internal_value(data)
        for name, value in stats.items():
            if value is None or not isinstance(value, bool | int | float):
                continue
            if name in FLAGS and value not in (0, 1):
                self._refuse("flag", name=name)
            if name in FRACTIONS and value > 1:
                self._refuse("fraction", name=name, meaning=FRACTIONS[name])
        return stats

    def _refuse(self, code: str, *, name: str, **words: str) -> None:
        message = self.error_messages[code].format(name=name, **words)
        raise serializers.ValidationError({name: [message]}, code="out_of_range")


class RiskRequestSerializer(StrictSerializer):
    user_id = AnyIdField(
        required=False,
        allow_null=True,
        help_text='A creator (34, "infl_34") or account ("acct_12") known here. With stats it '
        "is only sent back and may be any id of yours.",
    )
    platform = serializers.ChoiceField(choices=Platform.choices)
    stats = StatsField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("stats"):
            return attrs
        if attrs.get("user_id") is None:
            raise serializers.ValidationError(
                {"stats": ["Send stats, or the user_id of a creator known here."]},
                code="required",
            )
        field = InfluencerIdField()
        try:
            attrs["named"] = field.run_validation(attrs["user_id"])
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"user_id": error.detail}) from error
        return attrs


class SignalSerializer(serializers.Serializer):
    text = serializers.CharField()
    feature = serializers.CharField()
    effect = serializers.FloatField()


class ComponentSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(
        choices=["judged", "context", "unknown"], help_text="context: shown, weighs nothing."
    )
    text = serializers.CharField(help_text="What was looked at and what it said.")
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="With high, an interval of the value.")
    high = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    effect = serializers.FloatField(help_text="Log-odds added; above 0 raises the risk.")


class SecondOpinionSerializer(serializers.Serializer):
    name = serializers.CharField()
    score = serializers.IntegerField(help_text="0-100, the points of document 001.")
    level = serializers.CharField(help_text="low, medium or high.")
    spike_points = serializers.FloatField()
    engagement_points = serializers.FloatField()
    growth_points = serializers.FloatField()
    text = serializers.CharField()


class RiskSerializer(serializers.Serializer):
    risk_score = serializers.FloatField(allow_null=True, help_text="0-100; null: not enough known.")
    risk_level = serializers.ChoiceField(choices=["low", "medium", "high"], allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    top_signals = serializers.ListField(child=serializers.CharField())
    signals = SignalSerializer(many=True)
    abstained = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True, help_text="Why there is no score.")
    components = ComponentSerializer(many=True)
    second_opinion = SecondOpinionSerializer(
        allow_null=True, help_text="null where its facts are not known."
    )
    disagreement = serializers.CharField(
        allow_blank=True, help_text="Why score and second opinion are levels apart, if they are."
    )
    unused = serializers.ListField(
        child=serializers.CharField(), help_text="Facts you sent that nothing reads."
    )
    model_version = serializers.CharField()
    user_id = AnyIdField(allow_null=True)
    account_id = serializers.IntegerField(allow_null=True)


class MatchRequestSerializer(StrictSerializer):
    campaign_id = CampaignIdField()
    influencer_id = InfluencerIdField()


class MatchSerializer(serializers.Serializer):
    match_score = serializers.FloatField(help_text="0-1.")
    percentile = serializers.IntegerField(help_text="Share of the brief's creators below, 0-100.")
    explanation = ExplanationSerializer()
    account_id = serializers.IntegerField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    brief_version = serializers.IntegerField()
    match_version = serializers.CharField()
