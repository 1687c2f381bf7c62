"""What is asked about prices, and what is answered."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.identifiers import InfluencerIdField
from marketplace.api.strictness import StrictSerializer

KINDS = ["asked", "agreed"]


class PriceRequestSerializer(StrictSerializer):
    influencer_id = InfluencerIdField()
    deliverable_type = serializers.CharField(
        max_length=40, help_text="Such as static_post; a 422 names the markets there are."
    )
    platform = serializers.ChoiceField(choices=Platform.choices)
    currency = serializers.RegexField(
        r"^[A-Z]{3}\Z",
        required=False,
        help_text="Another than the market's is converted to, where a dated rate is known.",
    )
    campaign_type = serializers.CharField(
        max_length=40, required=False, help_text="Such as launch or awareness."
    )
    month = serializers.IntegerField(
        min_value=1, max_value=12, required=False, help_text="When the work is to appear."
    )


class PriceFactorsSerializer(serializers.Serializer):
    """Premiums: 1.3 is thirty per cent more than the typical priced piece; null: cannot say."""

    follower_count_premium = serializers.FloatField(allow_null=True)
    engagement_premium = serializers.FloatField(allow_null=True)
    authenticity_premium = serializers.FloatField(allow_null=True)
    market_trend = serializers.FloatField(allow_null=True)
    seasonality = serializers.FloatField(allow_null=True)
    campaign_type = serializers.FloatField(allow_null=True)
    geography = serializers.FloatField(allow_null=True)
    deliverable_type = serializers.FloatField(allow_null=True)
    niche = serializers.FloatField(allow_null=True)


class CoverageSerializer(serializers.Serializer):
    nominal = serializers.FloatField(help_text="The share of prices such a range is to hold.")
    held_out = serializers.FloatField(help_text="What it held of creators not learned from.")
    held_out_low = serializers.FloatField(help_text="With held_out_high a 95 % interval.")
    held_out_high = serializers.FloatField()
    held_out_prices = serializers.IntegerField()
    part = serializers.CharField(help_text="The size of creators it was measured on, or all.")
    observed = serializers.FloatField(
        allow_null=True, help_text="What it held of prices agreed later; null: none yet."
    )
    observed_prices = serializers.IntegerField()


class ComparablePriceSerializer(serializers.Serializer):
    """Somebody's price, blurred: counts only as far as five creators share them, else null."""

    deliverable_type = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    price = serializers.FloatField()
    currency = serializers.CharField()
    followers = serializers.IntegerField(allow_null=True)
    engagement_rate = serializers.FloatField(allow_null=True)
    niche = serializers.CharField(allow_blank=True)
    month = serializers.CharField(allow_null=True)
    distance = serializers.FloatField(help_text="1 is as far as twice the followers.")


class RecentMarketSerializer(serializers.Serializer):
    """Prices near the account over the last year; null where they are of too few creators."""

    currency = serializers.CharField()
    typical_price = serializers.FloatField(allow_null=True)
    average_price = serializers.FloatField(allow_null=True)
    prices = serializers.IntegerField()
    creators = serializers.IntegerField()
    trend = serializers.FloatField(allow_null=True, help_text="Later over earlier half year.")
    trend_low = serializers.FloatField(allow_null=True)
    trend_high = serializers.FloatField(allow_null=True)
    reasons = serializers.DictField(child=serializers.CharField())


@extend_schema_field(
    {
        "type": "object",
        "nullable": True,
        "properties": {
            "from": {"type": "string"},
            "to": {"type": "string"},
            "rate": {"type": "string", "description": "A decimal number."},
            "day": {"type": "string", "format": "date"},
            "source": {"type": "string"},
            "inverted": {"type": "boolean"},
        },
    }
)
class ConversionField(serializers.Field):
    """The rate amounts were converted at; null where they are in the market's currency."""

    def to_representation(self, value: Any) -> Any:
        return value


class PriceSerializer(serializers.Serializer):
    currency = serializers.CharField()
    min_price = serializers.FloatField(help_text="Whole units of the currency.")
    suggested_price = serializers.FloatField()
    max_price = serializers.FloatField()
    confidence = serializers.FloatField()
    factors = PriceFactorsSerializer()
    unsupported = serializers.DictField(
        child=serializers.CharField(), help_text="Why a factor is null."
    )
    coverage = CoverageSerializer()
    comparables = ComparablePriceSerializer(many=True)
    comparables_note = serializers.CharField(
        allow_blank=True, help_text="Why there are none, if so."
    )
    recent_market = RecentMarketSerializer()
    comparable_creators = serializers.IntegerField()
    conversion = ConversionField(allow_null=True)
    basis = serializers.CharField()
    model_version = serializers.CharField()
    simulated = serializers.BooleanField(help_text="Learned from simulated prices.")
    as_of = serializers.DateTimeField()
    account_id = serializers.IntegerField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    deliverable_type = serializers.CharField()


class CardPriceSerializer(serializers.Serializer):
    deliverable_type = serializers.CharField()
    price = serializers.FloatField(help_text="Whole units of the currency.")
    currency = serializers.CharField()
    priced_on = serializers.DateField()


class AccountCardSerializer(serializers.Serializer):
    account_id = serializers.IntegerField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    deliverable_types = serializers.ListField(
        child=serializers.CharField(), help_text="What can be priced there."
    )
    prices = CardPriceSerializer(many=True)


class RateCardSerializer(serializers.Serializer):
    creator_id = serializers.IntegerField()
    accounts = AccountCardSerializer(many=True)


class AskSerializer(StrictSerializer):
    deliverable_type = serializers.CharField(max_length=40)
    price = serializers.DecimalField(max_digits=14, decimal_places=3)
    currency = serializers.RegexField(r"^[A-Z]{3}\Z")


class RateCardRequestSerializer(StrictSerializer):
    """The whole card of one account: prices it does not name are taken back."""

    account_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    prices = serializers.ListField(child=AskSerializer(), max_length=40)


class ComparablePricesSerializer(serializers.Serializer):
    account_id = serializers.IntegerField()
    deliverable_type = serializers.CharField()
    comparables = ComparablePriceSerializer(many=True)
    comparables_note = serializers.CharField(allow_blank=True)
    recent_market = RecentMarketSerializer()
    simulated = serializers.BooleanField()


class ComparablesQuerySerializer(StrictSerializer):
    platform = serializers.ChoiceField(choices=Platform.choices)
    deliverable_type = serializers.CharField(max_length=40)
