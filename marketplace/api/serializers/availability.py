"""What a creator says of their availability."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.availability import Availability
from accounts.models import Creator
from marketplace.api.strictness import StrictSerializer


class DayField(serializers.DateField):
    """A day as 2026-11-21. A time of day, which could mean two days, is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class AvailabilityRequestSerializer(StrictSerializer):
    """What is left out stays as it was said; null says nothing any more."""

    accepts_work = serializers.BooleanField(required=False, allow_null=True)
    away_from = DayField(required=False, allow_null=True)
    away_until = DayField(
        required=False, allow_null=True, help_text="The last day away; null for an open end."
    )


class AvailabilitySerializer(serializers.Serializer):
    """Null is unknown. An absence that is over is left out."""

    accepts_work = serializers.BooleanField(allow_null=True)
    away_from = serializers.DateField(allow_null=True)
    away_until = serializers.DateField(allow_null=True)
    said_at = serializers.DateTimeField(allow_null=True, help_text="By the creator.")


def availability_as_json(creator: Creator) -> dict[str, Any]:
    said = Availability.of(creator, today=timezone.now().date())
    return {
        "accepts_work": said.accepts_work,
        "away_from": said.away_from,
        "away_until": said.away_until,
        "said_at": creator.availability_said_at,
    }
