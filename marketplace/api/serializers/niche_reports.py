"""Niche reports, from `scoring.niche_reports`."""

from typing import Any

from rest_framework import serializers

from accounts.models import Platform
from marketplace.api.strictness import StrictSerializer
from scoring.models import NicheReport
from scoring.niche_reports.reading import KINDS, SORTS, NicheReading
from scoring.niche_reports.wording import describe

PLATFORM = "Only accounts there; all platforms together where it is left out."
CREATORS = "Which creators; real ones where there are any, where it is left out."


class NicheSeriesRequestSerializer(StrictSerializer):
    platform = serializers.ChoiceField(
        choices=Platform.choices, required=False, allow_blank=True, help_text=PLATFORM
    )
    creators = serializers.ChoiceField(choices=tuple(KINDS), required=False, help_text=CREATORS)


class NicheReportsRequestSerializer(NicheSeriesRequestSerializer):
    month = serializers.CharField(
        required=False, max_length=7, help_text="Such as 2026-03; the newest where it is left out."
    )
    niche = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="What the name must contain."
    )
    sort = serializers.ChoiceField(choices=SORTS, default=SORTS[0])
    page = serializers.IntegerField(default=1, min_value=1, max_value=10_000)
    page_size = serializers.IntegerField(default=50, min_value=1, max_value=200)


class NicheEstimateSerializer(serializers.Serializer):
    """A median and its 95 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    n = serializers.IntegerField(help_text="Accounts it is of; for an opportunity campaigns.")
    p = serializers.FloatField(required=False, help_text="Of the two-sided sign test.")
    trend = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="rise or fall where that is sure among all niches tested together, else empty.",
    )
    q1 = serializers.FloatField(required=False)
    q3 = serializers.FloatField(required=False)


class NichePriceSerializer(serializers.Serializer):
    """In minor units of the currency; ``change`` is of creators who asked the month before too."""

    deliverable = serializers.CharField()
    currency = serializers.CharField()
    basis = serializers.CharField(help_text="suggested (by the model here), asked or agreed.")
    creators = serializers.IntegerField()
    median_minor = serializers.IntegerField()
    low_minor = serializers.IntegerField()
    high_minor = serializers.IntegerField()
    change = NicheEstimateSerializer(allow_null=True)


class NicheHashtagSerializer(serializers.Serializer):
    tag = serializers.CharField()
    creators = serializers.IntegerField()


class NicheSentenceSerializer(serializers.Serializer):
    topic = serializers.CharField()
    state = serializers.CharField()
    text = serializers.CharField()


class NicheMonthSerializer(serializers.Serializer):
    """Shares and changes are fractions, growth is per 30 days; null is unknown or not shown."""

    niche = serializers.CharField()
    platform = serializers.CharField(allow_blank=True)
    creators = serializers.IntegerField()
    accounts = serializers.IntegerField()
    competition = serializers.CharField(
        allow_blank=True, help_text="crowded, ordinary or thin beside the other niches."
    )
    entrants = serializers.IntegerField(help_text="Creators first known here in this month.")
    active = serializers.IntegerField(allow_null=True)
    sized = serializers.IntegerField(help_text="Accounts whose followers are known.")
    followers = serializers.IntegerField(allow_null=True)
    tiers = serializers.DictField(child=serializers.IntegerField())
    herfindahl = serializers.FloatField(allow_null=True)
    top_tenth_share = serializers.FloatField(allow_null=True)
    growth = NicheEstimateSerializer(allow_null=True)
    growth_change = NicheEstimateSerializer(allow_null=True)
    engagement = NicheEstimateSerializer(allow_null=True)
    engagement_change = NicheEstimateSerializer(allow_null=True)
    posts_per_week = NicheEstimateSerializer(allow_null=True)
    prices = NichePriceSerializer(many=True)
    campaigns = serializers.IntegerField(allow_null=True)
    hires = serializers.IntegerField(allow_null=True)
    opportunity = NicheEstimateSerializer(allow_null=True)
    hashtags = NicheHashtagSerializer(many=True)
    in_words = NicheSentenceSerializer(many=True)


class NicheReportSerializer(serializers.ModelSerializer):
    month = serializers.SerializerMethodField(help_text="Such as 2026-03.")

    class Meta:
        model = NicheReport
        fields = (
            "month", "is_simulated", "version", "until", "as_of", "accounts", "niches",
            "too_small",
        )  # fmt: skip
        extra_kwargs = {name: {"required": True} for name in fields if name != "month"}

    def get_month(self, report: NicheReport) -> str:
        return f"{report.month:%Y-%m}"


class NicheReportsSerializer(serializers.Serializer):
    """``report`` is null before the first one."""

    report = NicheReportSerializer(allow_null=True)
    months = serializers.ListField(child=serializers.CharField(), help_text="That have reports.")
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    niches = NicheMonthSerializer(many=True)


class NicheOfMonthSerializer(serializers.Serializer):
    report = NicheReportSerializer()
    niche = NicheMonthSerializer(
        allow_null=True, help_text="Null where fewer than ten creators were known."
    )


class NicheSeriesSerializer(serializers.Serializer):
    niche = serializers.CharField()
    platform = serializers.CharField(allow_blank=True)
    months = NicheOfMonthSerializer(many=True, help_text="The oldest first.")


def reading_as_json(reading: NicheReading) -> dict[str, Any]:
    """A row and what it means, by the names of `NicheMonthSerializer`."""
    row = reading.row
    same = (
        "niche", "platform", "creators", "accounts", "entrants", "active", "sized", "followers",
        "tiers", "herfindahl", "growth", "growth_change", "engagement", "engagement_change",
        "posts_per_week", "prices", "campaigns", "hires", "opportunity", "hashtags",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "competition": reading.level,
        "top_tenth_share": row.top_share,
        "in_words": [vars(sentence) for sentence in describe(reading)],
    }
