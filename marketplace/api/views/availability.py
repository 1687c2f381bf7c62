"""When a creator takes on work: read by all who see the profile, said by its owner alone."""

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.availability import Availability, own_profile_for, say_availability
from marketplace.api.authentication import asker
from marketplace.api.serializers.availability import (
    AvailabilityRequestSerializer,
    AvailabilitySerializer,
    availability_as_json,
)
from marketplace.api.strictness import check_parameters


class AvailabilityView(APIView):
    @extend_schema(
        responses=AvailabilitySerializer,
        tags=["creators"],
        operation_id="creators_availability",
        summary="Whether a creator takes on work and when they are away, as they say it.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        check_parameters(request, [])
        return Response(availability_as_json(access.creator_for(asker(request), creator_id)))

    @extend_schema(
        request=AvailabilityRequestSerializer,
        responses=AvailabilitySerializer,
        tags=["creators"],
        operation_id="creators_say_availability",
        summary="Say it of your own profile.",
    )
    def patch(self, request: Request, creator_id: int) -> Response:
        user, now = asker(request), timezone.now()
        creator = own_profile_for(user, creator_id)
        asked = AvailabilityRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = replace(Availability.of(creator, today=now.date()), **asked.validated_data)
        creator = say_availability(creator=creator, availability=said, actor=user, now=now)
        return Response(availability_as_json(creator))
