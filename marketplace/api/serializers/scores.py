"""Scores with what it takes to question them."""

from typing import Any

from rest_framework import serializers

from scoring.models import Score


class ReasonSerializer(serializers.Serializer):
    text = serializers.CharField()
    feature = serializers.CharField()
    effect = serializers.FloatField(help_text="Signed: above zero raises the score.")


class CurrentScoreSerializer(serializers.ModelSerializer):
    """A score as it stands beside a ranked creator."""

    reasons = ReasonSerializer(many=True)
    details = serializers.DictField(help_text="Depends on the task: niches, prices by deliverable.")
    value = serializers.FloatField(
        allow_null=True,
        help_text="Risk 0-100, probability of the first niche, or a price in minor units.",
    )

    class Meta:
        model = Score
        fields: tuple[str, ...] = (
            "id", "value", "low", "high", "level", "confidence", "currency", "abstained",
            "abstain_reason", "reasons", "details", "model_version", "as_of",
        )  # fmt: skip
        # Answers are never null where the model's columns are not.
        extra_kwargs = {
            name: {"required": True}
            for name in ("low", "high", "level", "confidence", "currency", "abstained")
        } | {"abstain_reason": {"required": True}}


class ScoreSerializer(CurrentScoreSerializer):
    """A score with its inputs, so that it can be computed again."""

    inputs = serializers.DictField(help_text="Exactly what the model saw.")

    class Meta(CurrentScoreSerializer.Meta):
        fields = (
            *CurrentScoreSerializer.Meta.fields,
            "task", "feature_set", "inputs", "snapshot_hash", "created_at",
        )  # fmt: skip


class FactorSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True, help_text="0-1; null is unknown.")
    weight = serializers.FloatField(help_text="The stated one.")
    contribution = serializers.FloatField(help_text="What it, or its being unknown, adds.")
    text = serializers.CharField()


class ExplanationSerializer(serializers.Serializer):
    base = serializers.FloatField(
        help_text="What the contributions add to; the sum, cut at 0 and 1, is the score."
    )
    positive_factors = serializers.ListField(child=serializers.CharField())
    concerns = serializers.ListField(child=serializers.CharField())
    factors = FactorSerializer(many=True)


def scores_as_json(scores: dict[str, Score]) -> list[dict[str, Any]]:
    """By task name, so that the order is the same each time."""
    return [dict(ScoreSerializer(scores[task]).data) for task in sorted(scores)]
