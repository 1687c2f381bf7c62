"""One line of a list of collaborations."""

from rest_framework import serializers

from campaigns.collaboration_list import CURSOR_CHARACTERS, MAX_PAGE_SIZE, PAGE_SIZE
from campaigns.states import Stage
from marketplace.api.serializers.collaborations import (
    CampaignNameSerializer,
    CreatorNameSerializer,
    WhoActsSerializer,
)
from marketplace.api.strictness import StrictSerializer

LARGEST_ID = 10**18 - 1


class CollaborationQuerySerializer(StrictSerializer):
    """What a list can be asked for."""

    needs_me = serializers.BooleanField(
        required=False, help_text="Only what your side must act on now."
    )
    stage = serializers.ChoiceField(
        choices=[stage.value for stage in Stage],
        required=False,
        help_text="talks, money (waits for funding, or frozen by a dispute), running or done.",
    )
    overdue = serializers.BooleanField(
        required=False, help_text="Only what somebody should have done by now."
    )
    campaign = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    brand = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    cursor = serializers.CharField(required=False, max_length=CURSOR_CHARACTERS)
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE
    )


class RowMoneySerializer(serializers.Serializer):
    """Minor units; ``set_aside`` includes the platform's fee, ``credited`` is the creator's."""

    currency = serializers.CharField()
    offered_minor = serializers.IntegerField(
        help_text="What the brand last offered, taken of its budget; 0 once there is a contract."
    )
    agreed_minor = serializers.IntegerField(allow_null=True)
    set_aside_minor = serializers.IntegerField()
    credited_minor = serializers.IntegerField(source="paid_minor")


class CollaborationRowSerializer(serializers.Serializer):
    """From `campaigns.collaboration_rows.CollaborationRow`."""

    id = serializers.IntegerField(source="collaboration.pk")
    side = serializers.CharField(help_text="Yours: brand or creator.")
    state = serializers.CharField(source="collaboration.state")
    stage = serializers.CharField(source="collaboration.stage")
    campaign = CampaignNameSerializer(source="collaboration.campaign")
    creator = CreatorNameSerializer(source="collaboration.creator")
    needs_me = serializers.BooleanField()
    is_overdue = serializers.BooleanField()
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="When the next step is due; past where the work is late."
    )
    next_step = WhoActsSerializer(help_text="Of the deliverable named beside it, else of all.")
    deliverable = serializers.IntegerField(
        source="piece.position", allow_null=True, default=None, help_text="Its position."
    )
    money = RowMoneySerializer()
    unread = serializers.IntegerField(help_text="Messages you have not read, at most 100.")
    is_simulated = serializers.BooleanField(source="collaboration.campaign.is_simulated")
    created_at = serializers.DateTimeField(source="collaboration.created_at")
    updated_at = serializers.DateTimeField(source="collaboration.updated_at")


class CollaborationPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CollaborationRowSerializer(many=True)
