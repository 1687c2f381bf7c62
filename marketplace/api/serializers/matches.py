"""A campaign's matches page by page, and the place of one creator."""

from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.identifiers import InfluencerIdField
from marketplace.api.serializers.briefs import RankingSerializer
from marketplace.api.serializers.scores import ExplanationSerializer, FactorSerializer
from marketplace.api.strictness import StrictSerializer


class MatchListRequestSerializer(StrictSerializer):
    page_size = serializers.IntegerField(default=20, min_value=1, max_value=100)
    cursor = serializers.CharField(
        required=False, max_length=40, help_text="From `next` of the page before."
    )


class EmptyingSerializer(serializers.Serializer):
    limit = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    alone = serializers.IntegerField(help_text="Accounts that only this limit leaves out.")
    refused = serializers.IntegerField(help_text="Accounts it leaves out at all.")
    unknown = serializers.IntegerField(help_text="Of these, those whose fact is unknown.")


class CampaignMatchPageSerializer(RankingSerializer):
    """One page of a list whose order is kept for an hour."""

    list_id = serializers.UUIDField(
        allow_null=True, help_text="Names this list in /events; null where nothing was recorded."
    )
    next = serializers.URLField(allow_null=True)
    emptying = EmptyingSerializer(
        many=True, help_text="When nobody passes: the limits, the one most in the way first."
    )


class WhyNotRequestSerializer(StrictSerializer):
    creator = InfluencerIdField(help_text="A creator (34, infl_34) or an account (acct_12).")


class RefusalOfLimitSerializer(serializers.Serializer):
    limit = serializers.CharField()
    text = serializers.CharField()
    by = serializers.FloatField(
        allow_null=True, help_text="How far off, as a share of the limit; null for yes or no."
    )
    unknown = serializers.BooleanField(help_text="Refused because the fact is unknown.")


class PlacingSerializer(serializers.Serializer):
    account_id = serializers.IntegerField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    handle = serializers.CharField()
    eligible = serializers.BooleanField()
    refusals = RefusalOfLimitSerializer(many=True)
    rank = serializers.IntegerField(allow_null=True, help_text="Place in the list, from 1.")
    instead_account_id = serializers.IntegerField(
        allow_null=True, help_text="The account of the same creator that is shown."
    )
    nearer = serializers.IntegerField(
        allow_null=True,
        help_text="Where it was not compared: eligible accounts whose text is nearer.",
    )
    match_score = serializers.FloatField(allow_null=True, help_text="0-1; null if not scored yet.")
    percentile = serializers.IntegerField(allow_null=True)
    explanation = ExplanationSerializer(allow_null=True)
    weakest = FactorSerializer(many=True, help_text="What costs the most points, first.")


class WhyNotSerializer(serializers.Serializer):
    brief_version = serializers.IntegerField()
    creator_id = serializers.IntegerField()
    name = serializers.CharField()
    is_simulated = serializers.BooleanField()
    ranked = serializers.IntegerField(help_text="Creators in the list.")
    eligible = serializers.IntegerField(help_text="Accounts that pass the limits.")
    accounts = PlacingSerializer(many=True)
