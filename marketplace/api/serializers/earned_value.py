"""Earned media value, and the versions of the formula it is computed by."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.results.earned_value import RATED, EarnedPart, EarnedValue
from campaigns.results.formula_terms import LONGEST_SOURCE, FormulaTerms, plain, read_rate
from marketplace.api.strictness import StrictSerializer, WholeNumberField

LAST_VERSION = 2**31 - 1
RATE_HELP = 'Minor units for one, as decimal text: "0.5" is half a cent.'
OF_TEXT = {"type": "object", "additionalProperties": {"type": "string"}}
OF_RATES = {"type": "object", "additionalProperties": OF_TEXT}


def amount(minor: Decimal | None) -> str | None:
    return None if minor is None else plain(minor)


class ReportParameters(StrictSerializer):
    formula = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LAST_VERSION,
        help_text="Compute earned media value under this version of the brand's formula.",
    )


class EarnedPartSerializer(serializers.Serializer):
    platform = serializers.CharField()
    interaction = serializers.CharField()
    rate_minor = serializers.SerializerMethodField(help_text=RATE_HELP)
    count = serializers.IntegerField(allow_null=True, help_text="The sum of what is known.")
    known = serializers.IntegerField()
    of = serializers.IntegerField()

    def get_rate_minor(self, part: EarnedPart) -> str:
        return plain(part.rate_minor)


class EarnedValueSerializer(serializers.Serializer):
    """An estimate from counts of one provenance, in the formula's currency. It is no money."""

    provenance = serializers.CharField(help_text="Never added up with another.")
    minor = serializers.SerializerMethodField(
        help_text="Decimal text; null unless every rated count of every piece is known."
    )
    at_least_minor = serializers.SerializerMethodField(
        help_text="What the known counts come to: a lower bound. Null where none is known."
    )
    pieces = serializers.IntegerField(source="of")
    pieces_without_rates = serializers.IntegerField(source="without_rates")
    parts = EarnedPartSerializer(many=True)

    def get_minor(self, value: EarnedValue) -> str | None:
        return amount(value.minor)

    def get_at_least_minor(self, value: EarnedValue) -> str | None:
        return amount(value.at_least_minor)


class RatesSerializer(serializers.Serializer):
    """Platform → interaction → rate, and platform → where its rates are from."""

    rates = serializers.SerializerMethodField(help_text=RATE_HELP)
    sources = serializers.SerializerMethodField()

    @extend_schema_field(OF_RATES)
    def get_rates(self, formula: Any) -> dict[str, Any]:
        return {
            platform: {name: plain(Decimal(rate)) for name, rate in own.items()}
            for platform, own in formula.rates.items()
        }

    @extend_schema_field(OF_TEXT)
    def get_sources(self, formula: Any) -> dict[str, str]:
        return dict(formula.sources)


class UsedFormulaSerializer(RatesSerializer):
    version = serializers.IntegerField()
    currency = serializers.CharField()
    is_present = serializers.BooleanField(help_text="False for an earlier version asked for.")
    created_at = serializers.DateTimeField()


class FormulaSerializer(RatesSerializer):
    """One version; never changed, only followed."""

    version = serializers.IntegerField()
    is_on = serializers.BooleanField()
    currency = serializers.CharField()
    restored_from = serializers.IntegerField(allow_null=True)
    created_by = serializers.SerializerMethodField(help_text="Null once they have gone.")
    created_at = serializers.DateTimeField()

    def get_created_by(self, formula: Any) -> str | None:
        return str(formula.created_by) if formula.created_by else None


class FormulaRequestSerializer(StrictSerializer):
    """The next version, whole: what is left out is empty. There are no default rates."""

    is_on = serializers.BooleanField()
    currency = serializers.CharField(required=False, default="", max_length=3, allow_blank=True)
    rates = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=40)),
        required=False,
        default=dict,
        help_text=f"Platform ({', '.join(RATED)}) → interaction → rate. {RATE_HELP}",
    )
    sources = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_SOURCE),
        required=False,
        default=dict,
        help_text="Platform → where its rates are from; one for each platform with rates.",
    )
    based_on = WholeNumberField(
        required=False,
        min_value=0,
        max_value=LAST_VERSION,
        help_text="The version you changed; another one meanwhile is then a conflict. 0 for none.",
    )

    def terms(self) -> FormulaTerms:
        """:raises FormulaRefused: if a rate is no number."""
        given = self.validated_data
        return FormulaTerms(
            is_on=given["is_on"],
            currency=given["currency"],
            rates={
                platform: {
                    name: read_rate(f"rates.{platform[:40]}.{name[:40]}", text)
                    for name, text in own.items()
                }
                for platform, own in given["rates"].items()
            },
            sources=given["sources"],
        )
