"""Price justifications as JSON."""

from typing import Any

from rest_framework import serializers

from accounts.money import CURRENCIES, exact
from marketplace.api.strictness import StrictSerializer, WholeNumberField
from scoring.justifying.documents import Unit, read_document
from scoring.justifying.gathering import OPTIONAL
from scoring.justifying.links import verify_url
from scoring.justifying.making import LONGEST_DAYS, USUAL_DAYS
from scoring.justifying.reading import Standing, Verified
from scoring.models import PriceJustification
from scoring.models.price_justifications import LONGEST_NOTE

LARGEST = 10**18
CANONICAL = "The document as the text whose UTF-8 bytes have the hash."


class JustificationRequestSerializer(StrictSerializer):
    account_id = WholeNumberField(min_value=1, max_value=LARGEST)
    deliverable = serializers.CharField(max_length=60)
    asked_minor = WholeNumberField(
        min_value=1, max_value=LARGEST, help_text="Your price in minor units of the currency."
    )
    currency = serializers.ChoiceField(choices=CURRENCIES)
    note = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_NOTE
    )
    days = WholeNumberField(
        required=False,
        default=USUAL_DAYS,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text="For how long the link says that it is valid.",
    )
    left_out = serializers.ListField(
        required=False,
        default=list,
        max_length=len(OPTIONAL),
        child=serializers.ChoiceField(choices=list(OPTIONAL)),
        help_text="Sections not to be shown; the document says that you left them out.",
    )


class VerifyParameters(StrictSerializer):
    token = serializers.CharField(max_length=200, help_text="The part of the link after /verify/.")


class JustifiedFigureSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    value = serializers.FloatField(allow_null=True, help_text="Null where it is not known.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    currency = serializers.CharField(allow_blank=True, help_text="Of amounts, in minor units.")
    interval = serializers.CharField(allow_blank=True, help_text="What low and high bound.")
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    model_version = serializers.CharField(allow_blank=True)
    as_of = serializers.CharField(allow_blank=True)
    simulated = serializers.BooleanField()
    unknown = serializers.CharField(allow_blank=True, help_text="Why there is no value.")


class JustifiedComparableSerializer(serializers.Serializer):
    price = serializers.CharField()
    kind = serializers.CharField()
    when = serializers.CharField()
    followers = serializers.CharField()
    distance = serializers.FloatField(allow_null=True)


class JustifiedSectionSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    figures = JustifiedFigureSerializer(many=True)
    sentences = serializers.ListField(child=serializers.CharField())
    comparables = JustifiedComparableSerializer(many=True)
    unknown = serializers.CharField(allow_blank=True)
    is_left_out = serializers.BooleanField()


class JustifiedDocumentSerializer(serializers.Serializer):
    """The frozen document; its canonical text is what the hash is of."""

    format = serializers.CharField()
    made_at = serializers.CharField()
    expires_at = serializers.CharField()
    creator = serializers.CharField()
    platform = serializers.CharField()
    handle = serializers.CharField()
    is_simulated = serializers.BooleanField()
    is_flagged = serializers.BooleanField()
    deliverable = serializers.CharField()
    deliverable_label = serializers.CharField()
    asked_minor = serializers.IntegerField()
    currency = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    verdict = serializers.CharField(allow_blank=True)
    about = serializers.CharField(allow_blank=True)
    sections = JustifiedSectionSerializer(many=True)


class JustificationRowSerializer(serializers.Serializer):
    """One of a list, without its document."""

    id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    deliverable = serializers.CharField()
    asked_minor = serializers.IntegerField()
    currency = serializers.CharField()
    asked = serializers.SerializerMethodField(help_text="In words.")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    link = serializers.SerializerMethodField(help_text="Whoever has it reads the document.")
    document_hash = serializers.CharField(help_text="SHA-256 of the document’s canonical text.")
    views = serializers.IntegerField(help_text="How often others opened the link.")
    last_viewed_on = serializers.DateField(allow_null=True)

    def get_asked(self, one: PriceJustification) -> str:
        return exact(one.asked_minor, one.currency)

    def get_link(self, one: PriceJustification) -> str:
        return verify_url(one)


class JustificationSerializer(JustificationRowSerializer):
    document = JustifiedDocumentSerializer()
    canonical = serializers.CharField(help_text=CANONICAL)

    def to_representation(self, instance: PriceJustification) -> dict[str, Any]:
        row = JustificationRowSerializer(instance).data
        document = JustifiedDocumentSerializer(read_document(instance.document)).data
        return {**row, "document": document, "canonical": instance.document}


class VerifiedJustificationSerializer(serializers.Serializer):
    """What anybody learns who has the link."""

    standing = serializers.ChoiceField(choices=[standing.value for standing in Standing])
    made_at = serializers.DateTimeField(source="justification.made_at")
    expires_at = serializers.DateTimeField(source="justification.expires_at")
    withdrawn_at = serializers.DateTimeField(source="justification.withdrawn_at", allow_null=True)
    document_hash = serializers.CharField(source="justification.document_hash")
    document = JustifiedDocumentSerializer(
        allow_null=True, help_text="Null where the document is withdrawn or not shown."
    )
    canonical = serializers.SerializerMethodField(help_text=CANONICAL)

    def get_canonical(self, found: Verified) -> str | None:
        return None if found.document is None else found.justification.document
