"""What is sent to act on a collaboration. The services judge what is said; these bound it."""

from rest_framework import serializers

from accounts.models import Platform
from campaigns.delivering import DRAFT_CHARACTERS
from campaigns.moving import REASON_CHARACTERS
from campaigns.offer_terms import MAX_DELIVERABLES
from campaigns.starting import MESSAGE_CHARACTERS
from marketplace.api.strictness import StrictSerializer, WholeNumberField

LARGEST = 2**53 - 1
LINK_CHARACTERS = 500


class DeliverableTermsSerializer(StrictSerializer):
    kind = serializers.CharField(max_length=40)
    platform = serializers.ChoiceField(choices=Platform.choices)
    description = serializers.CharField(max_length=2_000)
    price_minor = WholeNumberField(min_value=1, max_value=LARGEST)
    draft_due_on = serializers.DateField()
    publish_by = serializers.DateField()


class TermsSerializer(StrictSerializer):
    """Money is in minor units of ``currency``; the platform's fee comes on top."""

    currency = serializers.CharField(max_length=3)
    deliverables = serializers.ListField(
        child=DeliverableTermsSerializer(), min_length=1, max_length=MAX_DELIVERABLES
    )
    revision_rounds = WholeNumberField(default=2, min_value=0, max_value=LARGEST)
    usage_rights_months = WholeNumberField(default=0, min_value=0, max_value=LARGEST)
    usage_rights = serializers.CharField(default="", allow_blank=True, max_length=2_000)
    exclusivity_days = WholeNumberField(default=0, min_value=0, max_value=LARGEST)
    disclosure = serializers.CharField(default="#ad", max_length=200)
    notes = serializers.CharField(default="", allow_blank=True, max_length=5_000)


class NothingSerializer(StrictSerializer):
    """An empty body, or ``{}``."""


class OfferingSerializer(StrictSerializer):
    terms = TermsSerializer()
    message = serializers.CharField(default="", allow_blank=True, max_length=MESSAGE_CHARACTERS)


class AcceptingSerializer(StrictSerializer):
    terms_hash = serializers.CharField(
        max_length=64, help_text="Of the newest offer, as you have read it."
    )


class LeavingReasonSerializer(StrictSerializer):
    reason = serializers.CharField(
        max_length=REASON_CHARACTERS, help_text="The other side reads it."
    )


class LimitSerializer(StrictSerializer):
    limit_minor = WholeNumberField(
        min_value=1,
        max_value=LARGEST,
        help_text="The most a brand pays, the least a creator takes, for everything. The other "
        "side never sees it, and it cannot be changed.",
    )
    currency = serializers.CharField(max_length=3)


class SigningSerializer(StrictSerializer):
    typed_name = serializers.CharField(max_length=120)
    text_hash = serializers.CharField(
        max_length=64, help_text="Of the contract's text, as you have read it."
    )


class DraftingSerializer(StrictSerializer):
    """At least one of the two."""

    text = serializers.CharField(default="", allow_blank=True, max_length=DRAFT_CHARACTERS)
    link = serializers.CharField(default="", allow_blank=True, max_length=LINK_CHARACTERS)


class RevisingSerializer(LeavingReasonSerializer):
    brief_items = serializers.ListField(
        child=serializers.CharField(max_length=300),
        min_length=1,
        max_length=50,
        help_text="What of the agreed terms the draft misses.",
    )


class PublishingSerializer(StrictSerializer):
    url = serializers.CharField(max_length=LINK_CHARACTERS)
    caption = serializers.CharField(
        max_length=DRAFT_CHARACTERS, help_text="As it stands there, with the disclosure."
    )
