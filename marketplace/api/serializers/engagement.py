"""Series of counts as programs send them, and what is answered about each."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.serializers.refusals import OneRefusalSerializer
from marketplace.api.strictness import NumberField, StrictSerializer, WholeNumberField
from scoring.ml.engagement.series import LARGEST_COUNT, METRICS
from scoring.post_series import Observations

MOST_SERIES = 200
MOST_OBSERVATIONS_TOGETHER = 20_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "date-time", "description": "with its offset, or Z"},
            {"type": "string", "format": "date", "description": "00:00 UTC of that day"},
        ]
    }
)
class MomentField(serializers.Field):
    """ISO 8601. A time without an offset is passed on as it is: the model's check refuses it."""

    default_error_messages = {
        "invalid": "{value} is no time. Send one such as 2026-01-31T14:00:00Z, or a day.",
    }

    def to_internal_value(self, data: Any) -> datetime:
        try:
            if isinstance(data, str) and _DAY.fullmatch(data):
                return datetime.combine(date.fromisoformat(data), time(), tzinfo=UTC)
            if isinstance(data, str) and len(data) >= len("2026-01-31T14:00"):
                found = datetime.fromisoformat(data)
                # Near the ends of the calendar an offset leads out of it.
                return found if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.fail("invalid", value=repr(data)[:60])
        raise AssertionError  # fail() always raises

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(
    {"type": "integer", "minimum": 0, "maximum": int(LARGEST_COUNT), "nullable": True}
)
class CountField(NumberField):
    """A whole number, or null for unknown. Its sign and size are the model's to check."""

    default_error_messages = {"whole": "A count is a whole number."}

    def to_internal_value(self, data: Any) -> float:
        number = super().to_internal_value(data)
        if abs(number) <= LARGEST_COUNT and not number.is_integer():
            self.fail("whole")
        return number


class ObservationSerializer(StrictSerializer):
    observed_at = MomentField()
    views = CountField(required=False, allow_null=True)
    likes = CountField(required=False, allow_null=True)
    comments = CountField(required=False, allow_null=True)
    shares = CountField(required=False, allow_null=True)


class SeriesSerializer(StrictSerializer):
    """Observations in any order, or the ``post_id`` of a post known here."""

    video_id = serializers.CharField(
        required=False, max_length=100, help_text="Your own id; sent back as it came."
    )
    post_id = WholeNumberField(
        required=False, min_value=0, max_value=2**63 - 1, help_text="A post known here."
    )
    platform = serializers.ChoiceField(choices=Platform.choices, required=False)
    observations = ObservationSerializer(many=True, required=False, help_text="Cumulative counts.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("post_id" in attrs) == ("observations" in attrs):
            raise serializers.ValidationError(
                {"observations": ["Send either observations or the post_id of a known post."]},
                code="required",
            )
        return attrs


class EngagementRequestSerializer(SeriesSerializer):
    detector = serializers.CharField(
        required=False, max_length=40, help_text="Default: the ensemble. A 400 names the others."
    )
    include_steps = serializers.BooleanField(
        required=False, default=False, help_text="Also answer with the score of every step."
    )


@extend_schema_field(SeriesSerializer(many=True))
class ManySeriesField(serializers.ListField):
    """Series that are judged one by one, so that a bad one does not sink the others."""

    default_error_messages = {
        "together": "The series have {count:,} observations together; at most {most:,} are read "
        "in one call.",
    }

    def to_internal_value(self, data: Any) -> list[Any]:
        series: list[Any] = super().to_internal_value(data)
        count = sum(_observations_in(one) for one in series)
        if count > MOST_OBSERVATIONS_TOGETHER:
            self.fail("together", count=count, most=MOST_OBSERVATIONS_TOGETHER)
        return series


class BatchRequestSerializer(StrictSerializer):
    series = ManySeriesField(
        child=serializers.JSONField(allow_null=True), min_length=1, max_length=MOST_SERIES
    )
    detector = serializers.CharField(required=False, max_length=40)
    include_steps = serializers.BooleanField(required=False, default=False)


def observations_sent(rows: list[dict[str, Any]]) -> Observations:
    """Checked rows as columns; a metric that no row names stays out."""
    named = [metric for metric in METRICS if any(metric in row for row in rows)]
    return Observations(
        times=[row["observed_at"] for row in rows],
        counts={metric: [row.get(metric) for row in rows] for metric in named},
    )


def _observations_in(series: Any) -> int:
    observations = series.get("observations") if isinstance(series, dict) else None
    return len(observations) if isinstance(observations, list) else 0


class SignedReasonSerializer(serializers.Serializer):
    text = serializers.CharField()
    feature = serializers.CharField()
    effect = serializers.FloatField(help_text="Log-odds; above zero raises suspicion.")


class WindowSerializer(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    metrics = serializers.ListField(child=serializers.CharField())
    pattern = serializers.CharField()
    score = serializers.FloatField(help_text="0-1.")
    sentence = serializers.CharField()


class EngagementAnswerSerializer(serializers.Serializer):
    score = serializers.FloatField(allow_null=True, help_text="0-100; null: cannot be judged.")
    level = serializers.CharField(allow_null=True, help_text="low, medium or high.")
    confidence = serializers.FloatField(allow_null=True)
    flagged = serializers.BooleanField()
    abstained = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True, help_text="Why there is no score.")
    reasons = SignedReasonSerializer(many=True)
    windows = WindowSerializer(many=True)
    step_scores = serializers.ListField(
        child=serializers.FloatField(allow_null=True),
        allow_null=True,
        help_text="Between each two observations 0-1, null where it cannot be told; "
        "null as a whole unless include_steps is sent.",
    )
    observations = serializers.IntegerField()
    notes = serializers.ListField(child=serializers.CharField(), help_text="What was tidied up.")


class EngagementSerializer(EngagementAnswerSerializer):
    video_id = serializers.CharField(allow_null=True)
    post_id = serializers.IntegerField(allow_null=True)
    platform = serializers.ChoiceField(choices=Platform.choices, allow_null=True)
    model_version = serializers.CharField()
    detector = serializers.CharField()


class SeriesAnswerSerializer(serializers.Serializer):
    """Either an answer or what is wrong with the series."""

    video_id = serializers.CharField(allow_null=True)
    post_id = serializers.IntegerField(allow_null=True)
    answer = EngagementAnswerSerializer(allow_null=True)
    errors = OneRefusalSerializer(many=True)  # type: ignore[assignment]


class BatchSerializer(serializers.Serializer):
    results = SeriesAnswerSerializer(many=True, help_text="In the order of the series sent.")
    refused = serializers.IntegerField()
    model_version = serializers.CharField()
    detector = serializers.CharField()
