"""Briefs as they are written and read, and the creators that match them."""

from dataclasses import fields as dataclass_fields
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Platform
from campaigns.brief_audience import MAX_LANGUAGES
from campaigns.models import Campaign
from campaigns.terms import MAX_BRIEF_CHARACTERS, MAX_FOLLOWERS, BriefTerms
from marketplace.api.serializers.scores import CurrentScoreSerializer, ExplanationSerializer
from marketplace.api.strictness import NumberField, StrictSerializer, WholeNumberField
from scoring.matching.wishes import check_country, read_wish

MAX_LIST = 20
MAX_SHARES = 250
DEEPEST = 1_000


class NamesField(serializers.ListField):
    child = serializers.CharField(max_length=80)
    max_length = MAX_SHARES


class SharesField(serializers.DictField):
    """Group → share, such as {"18-24": 0.4}."""

    child = NumberField(min_value=0, max_value=1)

    def to_internal_value(self, data: Any) -> dict[str, float]:
        if isinstance(data, dict):
            if len(data) > MAX_SHARES:
                raise serializers.ValidationError(
                    f"At most {MAX_SHARES} groups.", code="max_length"
                )
            if any(not 0 < len(name) <= 80 or "\x00" in name for name in data):
                raise serializers.ValidationError(
                    "Each group has a name of 1 to 80 characters.", code="invalid"
                )
        shares: dict[str, float] = super().to_internal_value(data)
        return shares


@extend_schema_field(
    {
        "oneOf": [
            {
                "type": "object",
                "maxProperties": MAX_SHARES,
                "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
            },
            {
                "type": "array",
                "maxItems": MAX_SHARES,
                "items": {"type": "string", "minLength": 1, "maxLength": 80},
            },
        ]
    }
)
class WishField(serializers.Field):
    """Shares by name, such as {"18-24": 0.6, "25-34": 0.4}, or names that count alike."""

    def to_internal_value(self, data: Any) -> Any:
        reader = NamesField() if isinstance(data, list) else SharesField()
        return reader.run_validation(data)

    def to_representation(self, value: Any) -> Any:
        return value


class AudienceSerializer(StrictSerializer):
    """The audience wanted; what is left out is open."""

    age = WishField(required=False)
    gender = WishField(required=False)
    countries = WishField(required=False)
    interests = WishField(required=False)


class TermsSerializer(StrictSerializer):
    """What the brief says. What is left out, "" or null means "no limit"."""

    text = serializers.CharField(
        allow_blank=True,  # judged by BriefTerms, which says what to write instead
        help_text=f"The product and the creators wanted; at most {MAX_BRIEF_CHARACTERS:,} "
        "characters, with words in it.",
    )
    platform = serializers.ChoiceField(
        choices=Platform.choices, required=False, allow_blank=True, allow_null=True
    )
    country = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=80
    )
    languages = serializers.ListField(
        child=serializers.CharField(max_length=2),
        required=False,
        max_length=MAX_LANGUAGES,
        help_text="ISO 639-1 codes of languages creators write in, any of them.",
    )
    niches = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=MAX_LIST
    )
    category = serializers.CharField(
        required=False,
        allow_blank=True,
        allow_null=True,
        max_length=60,
        help_text="The trade in which past work counts; empty for the first niche.",
    )
    min_followers = WholeNumberField(
        required=False, allow_null=True, min_value=0, max_value=MAX_FOLLOWERS
    )
    max_followers = WholeNumberField(
        required=False, allow_null=True, min_value=0, max_value=MAX_FOLLOWERS
    )
    max_risk = WholeNumberField(required=False, allow_null=True, min_value=0, max_value=100)
    needs_availability = serializers.BooleanField(
        required=False,
        help_text="Only creators known to be free in the days of publication.",
    )
    budget_minor = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=2**53 - 1,
        help_text="Per creator, in minor units: 120000 is 1,200.00 EUR.",
    )
    total_budget_minor = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**53 - 1,
        help_text="For all creators together; offers cannot exceed it.",
    )
    budget_currency = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=3
    )
    values = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=MAX_LIST
    )
    audience = AudienceSerializer(required=False)


_LIMITS = {item.name: item for item in dataclass_fields(BriefTerms)}
_TEXTS = ("platform", "country", "category", "budget_currency")


def terms_given(data: dict[str, Any]) -> dict[str, Any]:
    """The entries that are fields of `BriefTerms`; a null text limit is no limit.

    :raises BriefRejected: on an audience that cannot be, or a country nobody knows.
    """
    given = {name: value for name, value in data.items() if name in _LIMITS}
    read_wish(given.get("audience") or {})
    check_country(given.get("country") or "")
    return {
        name: "" if value is None and name in _TEXTS else value for name, value in given.items()
    }


class BriefPatchSerializer(TermsSerializer):
    pass


class BriefRequestSerializer(TermsSerializer):
    brand_id = WholeNumberField(
        required=False,
        min_value=1,
        max_value=10**18,
        help_text="Needed only by those who write for several brands.",
    )
    title = serializers.CharField(max_length=140)


class BrandSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class BriefSerializer(serializers.Serializer):
    """A campaign and the latest version of its brief; ``id`` is the campaign's."""

    id = serializers.IntegerField()
    brand = BrandSerializer()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=Campaign.Status.choices)
    is_simulated = serializers.BooleanField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    text = serializers.CharField()
    platform = serializers.ChoiceField(choices=Platform.choices, allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField())
    niches = serializers.ListField(child=serializers.CharField())
    category = serializers.CharField(allow_blank=True)
    min_followers = serializers.IntegerField(allow_null=True)
    max_followers = serializers.IntegerField(allow_null=True)
    max_risk = serializers.IntegerField(allow_null=True)
    needs_availability = serializers.BooleanField()
    budget_minor = serializers.IntegerField(allow_null=True)
    total_budget_minor = serializers.IntegerField(allow_null=True)
    budget_currency = serializers.CharField(allow_blank=True)
    values = serializers.ListField(child=serializers.CharField())
    audience = AudienceSerializer()

    def to_representation(self, campaign: Campaign) -> dict[str, Any]:
        """:param campaign: with ``brand`` loaded and the latest brief in ``latest_briefs``."""
        return dict(super().to_representation(self.row_of(campaign)))

    def row_of(self, campaign: Campaign) -> dict[str, Any]:
        [brief] = campaign.latest_briefs  # type: ignore[attr-defined]
        row = {name: getattr(brief, name) for name in _LIMITS}
        of_campaign = ("id", "brand", "title", "status", "is_simulated", "created_at", "updated_at")
        row |= {name: getattr(campaign, name) for name in of_campaign}
        return {**row, "version": brief.version}


class PageRequestSerializer(StrictSerializer):
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
    offset = serializers.IntegerField(default=0, min_value=0, max_value=DEEPEST - 1)


class RankedCreatorSerializer(serializers.Serializer):
    rank = serializers.IntegerField()
    creator_id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    name = serializers.CharField()
    is_simulated = serializers.BooleanField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    handle = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    bio = serializers.CharField(allow_blank=True)
    match_score = serializers.FloatField(help_text="0-1.")
    percentile = serializers.IntegerField()
    explanation = ExplanationSerializer()
    fake_follower_risk = CurrentScoreSerializer(allow_null=True)
    niches = CurrentScoreSerializer(allow_null=True)
    price = CurrentScoreSerializer(allow_null=True)


class ExposureSerializer(serializers.Serializer):
    """How much of the first 20 places creators of one size get, a place at n worth 1/log2(1+n)."""

    tier = serializers.CharField()
    eligible = serializers.FloatField(help_text="Share of the eligible accounts.")
    exposure = serializers.FloatField(help_text="Share of what is seen.")
    ratio = serializers.FloatField(allow_null=True, help_text="1 is a fair share.")


class RankingSerializer(serializers.Serializer):
    brief_version = serializers.IntegerField()
    eligible = serializers.IntegerField(help_text="Accounts that pass the brief's limits.")
    ranked = serializers.IntegerField(help_text="Creators among the nearest that were ordered.")
    exact = serializers.BooleanField(help_text="Whether every eligible account was compared.")
    niches = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    match_version = serializers.CharField()
    encoder_version = serializers.CharField()
    exposure = ExposureSerializer(many=True)
    timings_ms = serializers.DictField(child=serializers.FloatField())
    results = RankedCreatorSerializer(many=True)


class MatchPageSerializer(RankingSerializer):
    """One page of an order that is worked out anew for each request."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
