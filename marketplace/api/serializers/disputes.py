"""Disputes and reviews, as the two sides read and write them."""

from rest_framework import serializers

from campaigns.dispute_states import DecisionKind, DisputeCategory, DisputeState, StatementKind
from campaigns.disputes import TEXT_CHARACTERS
from campaigns.models import Review
from campaigns.moving import REASON_CHARACTERS
from campaigns.review_terms import ASPECTS, REVIEW_CHARACTERS
from campaigns.states import Side
from campaigns.wording import LINK_CHARACTERS, MAX_LINKS
from marketplace.api.strictness import StrictSerializer, WholeNumberField

# Text, since many things have a state, a side and a kind, each with other values.
_SIDE = f"One of {Side.BRAND.value}, {Side.CREATOR.value}."
# What the desk proposes is not told before it is confirmed.
_STATES = ", ".join(state for state in DisputeState.values if state != DisputeState.PROPOSED)


class LinksField(serializers.ListField):
    child = serializers.CharField(max_length=LINK_CHARACTERS)


class DisputeStatementSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=f"One of {', '.join(StatementKind.values)}.")
    side = serializers.CharField(help_text=_SIDE)
    text = serializers.CharField()
    links = LinksField()
    at = serializers.DateTimeField()


class DecisionSerializer(serializers.Serializer):
    """Confirmed by a second person. Amounts are in minor units of the contract's currency."""

    kind = serializers.CharField(help_text=f"One of {', '.join(DecisionKind.values)}.")
    reasons = serializers.CharField()
    creator_minor = serializers.IntegerField()
    fee_minor = serializers.IntegerField()
    brand_minor = serializers.IntegerField()
    clawbacks = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="By the number of the piece, what of its price was taken back.",
    )
    decided_at = serializers.DateTimeField(source="reviewed_at")


class DisputeSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="dispute.pk")
    state = serializers.CharField(
        source="sides_state.value",
        help_text=f"One of {_STATES}.",
    )
    opened_side = serializers.CharField(source="dispute.opened_side", help_text=_SIDE)
    category = serializers.CharField(
        source="dispute.category", help_text=f"One of {', '.join(DisputeCategory.values)}."
    )
    text = serializers.CharField(source="dispute.text")
    links = LinksField(source="dispute.links")
    positions = serializers.ListField(
        child=serializers.IntegerField(),
        source="dispute.positions",
        help_text="Of the pieces it is about.",
    )
    opened_at = serializers.DateTimeField(source="dispute.opened_at")
    evidence_until = serializers.DateTimeField(source="dispute.evidence_until")
    decide_by = serializers.DateTimeField(source="dispute.decide_by")
    ended_at = serializers.DateTimeField(source="dispute.ended_at", allow_null=True)
    statements = DisputeStatementSerializer(many=True)
    decision = DecisionSerializer(allow_null=True)


class DisputesSerializer(serializers.Serializer):
    """What you can do now, and all disputes, the newest first."""

    may_open = serializers.BooleanField()
    may_state = serializers.BooleanField()
    may_withdraw = serializers.BooleanField()
    until = serializers.DateTimeField(
        allow_null=True, help_text="When completed work can no longer be disputed."
    )
    disputes = DisputeSerializer(many=True)


class StatingSerializer(StrictSerializer):
    text = serializers.CharField(max_length=TEXT_CHARACTERS)
    links = serializers.ListField(
        child=serializers.CharField(max_length=LINK_CHARACTERS),
        max_length=MAX_LINKS,
        required=False,
        default=list,
        help_text="Addresses that begin with https://.",
    )


class DisputingSerializer(StatingSerializer):
    category = serializers.CharField(
        max_length=20, help_text=f"One of {', '.join(DisputeCategory.values)}."
    )
    positions = serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=2**15 - 1), min_length=1, max_length=100
    )


class WithdrawingDisputeSerializer(StrictSerializer):
    reason = serializers.CharField(
        max_length=REASON_CHARACTERS, help_text="The other side reads it."
    )


class ReviewSerializer(serializers.ModelSerializer):
    """The other side's is there once it is published; a hidden one has no words then."""

    side = serializers.CharField(help_text=f"Who wrote it. {_SIDE}")
    aspects = serializers.DictField(child=serializers.IntegerField())
    text = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = (
            "id", "side", "rating", "aspects", "text", "written_at", "published_at",
            "hidden_reason",
        )  # fmt: skip
        extra_kwargs = {
            name: {"required": True} for name in ("written_at", "published_at", "hidden_reason")
        }

    def get_text(self, review: Review) -> str:
        return "" if review.hidden_at else review.text


class ReviewsSerializer(serializers.Serializer):
    may_write = serializers.BooleanField()
    reviews = ReviewSerializer(many=True)


class ReviewingSerializer(StrictSerializer):
    rating = WholeNumberField(min_value=1, max_value=5)
    text = serializers.CharField(max_length=REVIEW_CHARACTERS)
    aspects = serializers.DictField(
        child=WholeNumberField(min_value=1, max_value=5),
        required=False,
        default=dict,
        help_text="; ".join(
            f"{side.value} rates {', '.join(names)}" for side, names in ASPECTS.items()
        ),
    )
