"""Creators side by side."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.serializers.shortlists import LARGEST_ID
from marketplace.api.strictness import StrictSerializer
from marketplace.comparisons import Comparison

LONGEST_IDS = 400


class ComparisonParameters(StrictSerializer):
    ids = serializers.CharField(
        max_length=LONGEST_IDS, help_text="One to five ids of creators, with commas between them."
    )
    campaign_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    platform = serializers.ChoiceField(
        choices=Platform.choices, required=False, help_text="Compare their accounts there."
    )


class ComparedCreatorSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.CharField()
    is_simulated = serializers.BooleanField()


class CellSerializer(serializers.Serializer):
    text = serializers.CharField()
    basis = serializers.CharField(allow_blank=True, help_text="How sure it is, or who says so.")
    value = serializers.FloatField(
        allow_null=True, help_text="Null where it is unknown or no number."
    )
    place = serializers.ChoiceField(choices=["highest", "lowest", ""])
    word = serializers.CharField(allow_blank=True, help_text="The place in words.")


class FactSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    better = serializers.ChoiceField(
        choices=["higher", "lower", ""], help_text="Empty where neither end is better."
    )
    cells = CellSerializer(many=True, help_text="In the order of the creators.")


class ComparisonSerializer(serializers.Serializer):
    creators = ComparedCreatorSerializer(many=True)
    facts = FactSerializer(many=True)
    as_of = serializers.DateTimeField()


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "creators": [
            {
                "id": creator.pk,
                "name": creator.display_name,
                "status": creator.status,
                "is_simulated": creator.is_simulated,
            }
            for creator in comparison.creators
        ],
        "facts": [asdict(fact) for fact in comparison.facts],
        "as_of": comparison.as_of,
    }
