"""A collaboration as both sides read it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Platform
from campaigns.states import DeliverableState, Side, State
from marketplace.api.serializers.briefs import BrandSerializer
from marketplace.api.serializers.collaboration_acts import TermsSerializer

GONE = "a former member"
# Text, since many things have a state, a side and a kind, each with other values.
_SIDE = f"One of {', '.join(Side.values)}."
_STATE = f"One of {', '.join(State.values)}."
_PIECE_STATE = f"One of {', '.join(DeliverableState.values)}."


@extend_schema_field(str)
class NameField(serializers.Field):
    """A person's name for the other side: never the address."""

    def get_attribute(self, instance: Any) -> Any:
        # A serializer leaves out the representation of None, but somebody who is gone has one.
        return super().get_attribute(instance) or GONE

    def to_representation(self, value: Any) -> str:
        return value if value is GONE else value.name or "no name given"


class WhoActsSerializer(serializers.Serializer):
    """Who must act by when, and what happens else; all empty where nobody must."""

    state = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    acting = serializers.CharField(help_text="brand, creator, both or empty.")
    acting_label = serializers.CharField()
    deadline_at = serializers.DateTimeField(allow_null=True)
    silence = serializers.CharField(help_text="What happens when the deadline passes.")


class MoveSerializer(serializers.Serializer):
    name = serializers.CharField()
    address = serializers.CharField(help_text="Where to POST it.")


class YouSerializer(serializers.Serializer):
    side = serializers.CharField(help_text=_SIDE)
    role = serializers.CharField(help_text="In the brand's team; empty for others.")


class CampaignNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    brand = BrandSerializer()


class CreatorNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(source="display_name")


class AccountNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    handle = serializers.CharField()


class BandSerializer(serializers.Serializer):
    """The blind band: who entered a limit and whether the two meet, never a limit."""

    entered = serializers.ListField(child=serializers.CharField(help_text=_SIDE))
    overlaps = serializers.BooleanField(allow_null=True, help_text="Null until both entered.")
    suggested_minor = serializers.IntegerField(
        allow_null=True, help_text="A round amount near the middle of the overlap."
    )
    currency = serializers.CharField()


class OfferedSerializer(serializers.Serializer):
    """One version of the terms; ``terms_hash`` covers them and ``previous_hash``."""

    version = serializers.IntegerField()
    side = serializers.CharField(help_text=_SIDE)
    by = NameField(source="actor")
    terms = TermsSerializer()
    terms_hash = serializers.CharField()
    previous_hash = serializers.CharField()
    total_minor = serializers.IntegerField()
    currency = serializers.CharField()
    message = serializers.CharField()
    created_at = serializers.DateTimeField()


class SignatureSerializer(serializers.Serializer):
    side = serializers.CharField(help_text=_SIDE)
    by = NameField(source="user")
    typed_name = serializers.CharField()
    text_hash = serializers.CharField()
    signed_at = serializers.DateTimeField()


class ContractSerializer(serializers.Serializer):
    """``text_hash`` is the SHA-256 of ``text``; it is what is signed."""

    offer_version = serializers.IntegerField(source="offer.version")
    text = serializers.CharField()
    text_hash = serializers.CharField()
    total_minor = serializers.IntegerField(help_text="For the creator.")
    fee_minor = serializers.IntegerField(help_text="The platform's, on top.")
    to_fund_minor = serializers.IntegerField(help_text="What the brand sets aside.")
    currency = serializers.CharField()
    created_at = serializers.DateTimeField()
    signatures = SignatureSerializer(many=True)


class DraftSerializer(serializers.Serializer):
    round = serializers.IntegerField()
    text = serializers.CharField()
    link = serializers.CharField()
    by = NameField(source="actor")
    submitted_at = serializers.DateTimeField()


class PieceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.CharField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    description = serializers.CharField()
    price_minor = serializers.IntegerField()
    fee_minor = serializers.IntegerField()
    draft_due_on = serializers.DateField()
    publish_by = serializers.DateField()
    state = serializers.CharField(help_text=_PIECE_STATE)
    rounds_used = serializers.IntegerField()
    url = serializers.CharField()
    standing = WhoActsSerializer()
    moves = MoveSerializer(many=True)
    drafts = DraftSerializer(many=True)


class MoneySerializer(serializers.Serializer):
    """Where its money is, from the ledger, in minor units of ``currency``.

    Credited to the creator is what is owed and what was paid out of it; a payout covers what has
    been owed longest.
    """

    currency = serializers.CharField(help_text="Empty before the first offer.")
    earmarked_minor = serializers.IntegerField(
        help_text="Of the campaign's budget, before the contract is funded."
    )
    set_aside_minor = serializers.IntegerField()
    credited_minor = serializers.IntegerField()
    owed_minor = serializers.IntegerField()
    paid_out_minor = serializers.IntegerField()
    fee_minor = serializers.IntegerField()
    given_back_minor = serializers.IntegerField()


class CollaborationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    campaign = CampaignNameSerializer()
    creator = CreatorNameSerializer()
    account = AccountNameSerializer(allow_null=True)
    started_by = serializers.CharField(help_text=_SIDE)
    state = serializers.CharField(help_text=_STATE)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    standing = WhoActsSerializer()
    you = YouSerializer()
    moves = MoveSerializer(many=True, help_text="What you can do now.")
    offers = OfferedSerializer(many=True, help_text="The newest first.")
    limit = BandSerializer()
    contract = ContractSerializer(allow_null=True)
    deliverables = PieceSerializer(many=True)
    money = MoneySerializer()
    links = serializers.DictField(child=serializers.CharField())


class TimelineSerializer(serializers.Serializer):
    """One line of the timeline."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    side = serializers.CharField(help_text=_SIDE)
    by = NameField(source="actor")
    from_state = serializers.CharField()
    to_state = serializers.CharField(help_text=_STATE)
    reason = serializers.CharField()
    data = serializers.JSONField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
