"""Interaction events: what apps report, and what a brand's log holds."""

from typing import Any

from rest_framework import serializers

from marketplace.api.serializers.campaigns import BrandSerializer
from marketplace.api.strictness import StrictSerializer, WholeNumberField
from scoring.interactions.errors import OLDEST
from scoring.interactions.kept import NewEvent
from scoring.interactions.kinds import RECORDED_ELSEWHERE, SENT_BY_CLIENTS, why_not_sent
from scoring.models import InteractionEvent

LARGEST_ID = 10**18 - 1
EVENTS_PER_REQUEST = 100
LONGEST_LIST = 100
FARTHEST_PLACE = 10_000
_KINDS = ", ".join(SENT_BY_CLIENTS)
_ELSEWHERE = ", ".join(RECORDED_ELSEWHERE)
_WHEN = f"Now if left out; not in the future, at most {OLDEST.total_seconds() // 3600:.0f} h ago."


def _id(**more: Any) -> WholeNumberField:
    return WholeNumberField(min_value=1, max_value=LARGEST_ID, **more)


class NewEventSerializer(StrictSerializer):
    """One thing done about one creator."""

    kind = serializers.CharField(
        max_length=20,
        help_text=f"One of {_KINDS}. Refused, because recorded elsewhere: {_ELSEWHERE}.",
    )
    creator_id = _id()
    campaign_id = _id(required=False, allow_null=True)
    list_id = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The list the creator was shown in; its place is added. Without it the event "
        "has no position.",
    )
    key = serializers.UUIDField(
        help_text="Your own, new for each event: sent again under it, there is one event."
    )
    occurred_at = serializers.DateTimeField(required=False, allow_null=True, help_text=_WHEN)

    def validate_kind(self, kind: str) -> str:
        if why := why_not_sent(kind):
            raise serializers.ValidationError(why, code="kind_not_sent")
        return kind


class EventsRequestSerializer(StrictSerializer):
    brand_id = _id(required=False, help_text="Needed if you write for several brands.")
    events = serializers.ListField(
        child=NewEventSerializer(), allow_empty=False, max_length=EVENTS_PER_REQUEST
    )

    def to_events(self) -> list[NewEvent]:
        return [
            NewEvent(
                kind=one["kind"],
                creator_id=one["creator_id"],
                campaign_id=one.get("campaign_id"),
                list_id=one.get("list_id"),
                key=one["key"],
                at=one.get("occurred_at"),
            )
            for one in self.validated_data["events"]
        ]


class ShownSerializer(StrictSerializer):
    creator_id = _id()
    position = WholeNumberField(
        min_value=1, max_value=FARTHEST_PLACE, help_text="In the whole list, from 1."
    )


class ListRequestSerializer(StrictSerializer):
    """A list that somebody looked at."""

    brand_id = _id(required=False, help_text="Needed if you write for several brands.")
    key = serializers.UUIDField(
        help_text="Your own, new for each list: sent again under it, there is one list."
    )
    surface = serializers.ChoiceField(choices=InteractionEvent.Surface.values)
    campaign_id = _id(required=False, allow_null=True)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True, help_text=_WHEN)
    shown = serializers.ListField(
        child=ShownSerializer(), allow_empty=False, max_length=LONGEST_LIST
    )


class ListSerializer(serializers.Serializer):
    list_id = serializers.UUIDField(help_text="To be named by what follows from the list.")
    shown = serializers.IntegerField(help_text="Creators of the list.")


class EventSerializer(serializers.ModelSerializer):
    kind = serializers.CharField(help_text="impression, ideal or one of those apps send.")
    surface = serializers.CharField(help_text="The kind of page or answer it happened on.")
    brand = BrandSerializer()
    actor = serializers.SerializerMethodField(help_text="Null once that person has left.")
    creator_id = serializers.IntegerField()
    campaign_id = serializers.IntegerField(allow_null=True)
    list_id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField(allow_null=True, help_text="From 1, if a list is known.")
    propensity = serializers.FloatField(
        allow_null=True, help_text="The chance with which a list put the creator there, if known."
    )
    key = serializers.UUIDField(allow_null=True, help_text="As it was sent; else ours.")
    at = serializers.DateTimeField()

    class Meta:
        model = InteractionEvent
        fields = (
            "id", "kind", "surface", "brand", "actor", "creator_id", "campaign_id", "list_id",
            "position", "propensity", "key", "at",
        )  # fmt: skip

    def get_actor(self, event: InteractionEvent) -> str | None:
        return str(event.actor) if event.actor else None


class EventsSerializer(serializers.Serializer):
    events = EventSerializer(many=True)


class EventQuerySerializer(StrictSerializer):
    brand = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    kind = serializers.ChoiceField(choices=InteractionEvent.Kind.values, required=False)
    creator = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    cursor = serializers.CharField(required=False)
    page_size = serializers.CharField(required=False)


class IdealCreatorRequestSerializer(StrictSerializer):
    creator_id = _id()


class IdealCreatorSerializer(serializers.Serializer):
    creator_id = serializers.IntegerField()
    name = serializers.CharField(source="creator.display_name")
    named_at = serializers.DateTimeField(source="at")
