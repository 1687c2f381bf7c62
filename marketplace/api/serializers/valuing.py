"""Market values and their ranking, from `scoring.valuing`."""

from typing import Any

from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.strictness import StrictSerializer
from scoring.valuing.listing import LONGEST_NAME, MOST, PAGE_SIZE, RISK_LEVELS, SIZES, RankedRow
from scoring.valuing.reading import Valuation


class RankingQuerySerializer(StrictSerializer):
    """What the ranking can be asked for. A filter changes nobody's rank."""

    league = serializers.CharField(
        required=False,
        max_length=LONGEST_NAME,
        help_text="One of `leagues` of the answer; default: its first. Real and simulated "
        "creators are ranked apart.",
    )
    platform = serializers.ChoiceField(choices=Platform.choices, required=False)
    niche = serializers.CharField(required=False, max_length=LONGEST_NAME)
    country = serializers.CharField(required=False, max_length=LONGEST_NAME)
    size = serializers.ChoiceField(choices=SIZES, required=False)
    risk_level = serializers.ChoiceField(choices=RISK_LEVELS, required=False)
    name = serializers.CharField(
        required=False, max_length=LONGEST_NAME, help_text="Part of a name or @handle."
    )
    cursor = serializers.CharField(required=False, max_length=LONGEST_NAME)
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST, default=PAGE_SIZE
    )


class ValuationSerializer(serializers.Serializer):
    """``parts`` multiply to ``value``; an abstained valuation has a ``reason`` instead."""

    account = serializers.IntegerField(source="account_id")
    platform = serializers.CharField()
    as_of = serializers.DateTimeField()
    formula_version = serializers.CharField()
    model_version = serializers.CharField()
    simulated = serializers.BooleanField()
    unit = serializers.CharField(help_text="money or engagements.")
    currency = serializers.CharField(
        help_text="Empty where no market tells a going rate; the value then counts engagements."
    )
    value = serializers.FloatField(
        allow_null=True, help_text="Of one ordinary post; money in minor units."
    )
    low = serializers.FloatField(allow_null=True, help_text="5 % of the draws are below.")
    high = serializers.FloatField(allow_null=True, help_text="5 % of the draws are above.")
    league = serializers.CharField(help_text="Who is ranked together.")
    rank = serializers.IntegerField(allow_null=True)
    rank_low = serializers.IntegerField(allow_null=True)
    rank_high = serializers.IntegerField(allow_null=True)
    ranked = serializers.IntegerField(help_text="How many are ranked in the league.")
    band = serializers.IntegerField(
        allow_null=True, help_text="Accounts of one band cannot be told from its first."
    )
    abstained = serializers.BooleanField()
    reason = serializers.CharField()
    parts = serializers.DictField(
        help_text="engagement, rate, authenticity and consistency with value, low and high, and "
        "what each was read from."
    )
    rate = serializers.DictField(
        allow_null=True, help_text="The market's going rate: coefficients, data and dates."
    )


class CreatorValueSerializer(serializers.Serializer):
    """Every account of a creator that is valued, and the same over time."""

    creator = serializers.IntegerField()
    is_simulated = serializers.BooleanField()
    values = ValuationSerializer(many=True)
    history = ValuationSerializer(many=True, help_text="The kept runs, the oldest first.")


class RankedSerializer(serializers.Serializer):
    creator = serializers.IntegerField()
    name = serializers.CharField()
    followers = serializers.IntegerField(allow_null=True)
    country = serializers.CharField()
    risk_level = serializers.CharField(help_text="Empty where unknown.")
    change = serializers.FloatField(
        allow_null=True, help_text="Against the run before, as a fraction; null where unknown."
    )
    ranges_apart = serializers.BooleanField(
        help_text="Whether the ranges of both runs do not even touch."
    )
    value = ValuationSerializer()


class RankingSerializer(serializers.Serializer):
    as_of = serializers.DateTimeField(allow_null=True, help_text="Null before the first run.")
    before = serializers.DateTimeField(allow_null=True)
    league = serializers.CharField()
    leagues = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many are ranked in each."
    )
    next = serializers.URLField(allow_null=True)
    results = RankedSerializer(many=True)


def ranked_as_json(row: RankedRow) -> dict[str, Any]:
    value: Valuation = row.valuation
    return {
        "creator": row.entry.creator_id,
        "name": row.entry.creator.display_name,
        "followers": row.entry.followers,
        "country": row.entry.country,
        "risk_level": row.entry.risk_level,
        "change": row.change,
        "ranges_apart": row.is_real_change,
        "value": value,
    }
