"""An account's growth and the causes declared for it."""

from typing import Any

from rest_framework import serializers

from accounts.growth_events import LONGEST_DESCRIPTION, LONGEST_URL
from accounts.models import GrowthEvent
from marketplace.api.serializers.scores import ReasonSerializer
from marketplace.api.strictness import StrictSerializer
from scoring.ml.growth_model import GrowthAssessment

KINDS = ", ".join(GrowthEvent.Kind.values)


class GrowthEventSerializer(serializers.ModelSerializer):
    kind = serializers.CharField(help_text=f"One of {KINDS}.")
    state = serializers.CharField(help_text="declared, accepted or rejected.")

    class Meta:
        model = GrowthEvent
        fields = (
            "id", "kind", "starts_on", "ends_on", "evidence_url", "description", "state",
            "declared_at", "closed_at", "reasons",
        )  # fmt: skip
        extra_kwargs = {
            name: {"required": True}
            for name in ("evidence_url", "description", "declared_at", "closed_at", "reasons")
        }  # fmt: skip


class GrowthEventRequestSerializer(StrictSerializer):
    """A cause with its days and evidence: a link, or a description of 40 characters."""

    # Judged by the service, which names the kinds there are.
    kind = serializers.CharField(max_length=20, help_text=f"One of {KINDS}.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day of the cause, at most 60 days later.")
    evidence_url = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_URL, help_text="https or http."
    )
    description = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_DESCRIPTION
    )


class SpikeSerializer(serializers.Serializer):
    day = serializers.DateField(help_text="The day of the largest gain.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    gained = serializers.FloatField(help_text="Followers above what was to be expected.")
    share = serializers.FloatField(help_text="That over the followers before.")
    explained_by = serializers.IntegerField(allow_null=True, help_text="Id of a growth event.")
    by_document_rule = serializers.BooleanField(help_text="Mean plus two standard deviations.")
    by_robust_rule = serializers.BooleanField(help_text="Six robust sigmas and worth it.")
    sentence = serializers.CharField()


class PurgeSerializer(serializers.Serializer):
    day = serializers.DateField()
    lost = serializers.FloatField()


class GrowthSerializer(serializers.Serializer):
    account_id = serializers.IntegerField()
    model_version = serializers.CharField()
    probability = serializers.FloatField(
        allow_null=True, help_text="Of bought growth, where half of all accounts buy."
    )
    level = serializers.CharField(allow_null=True, help_text="low, medium or high.")
    abstained = serializers.BooleanField()
    abstain_reason = serializers.CharField(allow_null=True)
    monthly_growth_pct = serializers.FloatField(allow_null=True)
    consistency = serializers.FloatField(
        allow_null=True, help_text="Standard deviation of daily relative changes."
    )
    counts = serializers.IntegerField()
    days = serializers.IntegerField()
    reasons = ReasonSerializer(many=True)
    spikes = SpikeSerializer(many=True)
    purges = PurgeSerializer(many=True)


def growth_as_json(
    account_id: int, answer: GrowthAssessment, *, model_version: str
) -> dict[str, Any]:
    known = {
        name: value if value == value else None  # NaN is no JSON
        for name, value in (
            ("monthly_growth_pct", answer.monthly_growth_pct),
            ("consistency", answer.consistency),
        )
    }
    plain = {
        "account_id": account_id,
        "model_version": model_version,
        "probability": answer.probability,
        "level": answer.level,
        "abstained": answer.abstained,
        "abstain_reason": answer.abstain_reason,
        "counts": answer.counts,
        "days": answer.days,
        "reasons": [reason.to_json() for reason in answer.reasons],
        "spikes": answer.spikes,
        "purges": answer.purges,
        **known,
    }
    return dict(GrowthSerializer(plain).data)
