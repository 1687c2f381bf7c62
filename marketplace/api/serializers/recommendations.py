"""Creators recommended to a brand."""

from rest_framework import serializers

from marketplace.api.serializers.scores import CurrentScoreSerializer
from marketplace.api.strictness import StrictSerializer


class RecommendationRequestSerializer(StrictSerializer):
    cursor = serializers.CharField(
        required=False, max_length=60, help_text="Where a page before said that the next begins."
    )
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)


class ReasonsSerializer(serializers.Serializer):
    positive_factors = serializers.ListField(child=serializers.CharField())
    concerns = serializers.ListField(child=serializers.CharField())


class RecommendationSerializer(serializers.Serializer):
    rank = serializers.IntegerField()
    creator_id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    name = serializers.CharField()
    is_simulated = serializers.BooleanField()
    platform = serializers.CharField()
    handle = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    followers = serializers.IntegerField(allow_null=True)
    engagement_rate = serializers.FloatField(allow_null=True, help_text="A fraction.")
    propensity = serializers.FloatField(help_text="The chance of standing at this place.")
    by_lot = serializers.BooleanField(help_text="Whether the place was drawn, to try new ones.")
    explanation = ReasonsSerializer()
    fake_follower_risk = CurrentScoreSerializer(allow_null=True)
    niches = CurrentScoreSerializer(allow_null=True)
    price = CurrentScoreSerializer(allow_null=True)


class ConfidenceSerializer(serializers.Serializer):
    sentences = serializers.ListField(child=serializers.CharField())
    is_cold_start = serializers.BooleanField(help_text="Nothing your brand did is in the order.")
    own_events = serializers.IntegerField()
    all_events = serializers.IntegerField()


class RecommendationPageSerializer(serializers.Serializer):
    """One page of an order that holds for a day and a state of what was learned."""

    list_id = serializers.UUIDField(
        allow_null=True,
        help_text="For events that follow from this page; null if your looking is not counted.",
    )
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")
    model_version = serializers.CharField()
    confidence = ConfidenceSerializer()
    hidden = serializers.IntegerField(help_text="Creators your brand has hidden.")
    working = serializers.IntegerField(help_text="Creators it is in talks or at work with.")
    catalogue = serializers.IntegerField(help_text="Accounts that were compared.")
    results = RecommendationSerializer(many=True)
