"""Interaction events: reported by apps, read by the brand they are about."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts import access
from campaigns.access import campaign_for
from marketplace.api.authentication import asker
from marketplace.api.serializers.events import (
    EventQuerySerializer,
    EventSerializer,
    EventsRequestSerializer,
    EventsSerializer,
    IdealCreatorRequestSerializer,
    IdealCreatorSerializer,
    ListRequestSerializer,
    ListSerializer,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.throttling import UserThrottle
from marketplace.api.views.briefs import brand_to_write_for
from scoring.interactions.ideal import list_ideal_creators, name_ideal_creator
from scoring.interactions.lists import report_list
from scoring.interactions.recording import Shown, record_events
from scoring.models import InteractionEvent

TAGS = ["events"]
ROWS_REFUSED = OpenApiResponse(
    RefusalSerializer,
    description="Nothing was recorded; details.rows names row, field, code and message of each: "
    "creator_not_shown, not_found, idempotency_key_reused, in_the_future, too_old.",
)


class EventsThrottle(UserThrottle):
    """Reports of one user: each holds up to a hundred events."""

    scope = "events"


class EventListView(ListAPIView):
    """Reading costs one query beside the log-in's, one more where a brand is named."""

    serializer_class = EventSerializer
    filter_backends = []
    queryset = InteractionEvent.objects.none()

    def get_throttles(self) -> list[BaseThrottle]:
        more = [EventsThrottle()] if self.request.method == "POST" else []
        return [*super().get_throttles(), *more]

    def get_queryset(self) -> QuerySet[InteractionEvent]:
        user = asker(self.request)
        asked = EventQuerySerializer(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = InteractionEvent.objects.select_related("brand", "actor")
        if "brand" in given:
            found = found.filter(brand=access.brand_for(user, given["brand"], roles=access.WRITERS))
        else:
            written = user.memberships.filter(role__in=access.WRITERS)
            found = found.filter(brand__in=written.values("brand"))
        if "kind" in given:
            found = found.filter(kind=given["kind"])
        if "creator" in given:
            found = found.filter(creator=given["creator"])
        return found

    @extend_schema(
        tags=TAGS,
        summary="What is kept of the brands you write for, the latest recorded first.",
        parameters=[
            OpenApiParameter("brand", int),
            OpenApiParameter("kind", str, enum=InteractionEvent.Kind.values),
            OpenApiParameter("creator", int),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=EventsRequestSerializer,
        responses={201: EventsSerializer, 422: ROWS_REFUSED},
        tags=TAGS,
        summary="Report up to a hundred events: all are recorded or none.",
    )
    def post(self, request: Request) -> Response:
        asked = EventsRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = asker(request)
        brand = brand_to_write_for(user, asked.validated_data.get("brand_id"))
        recorded = record_events(
            brand=brand, actor=user, events=asked.to_events(), now=timezone.now()
        )
        for event in recorded:
            event.brand, event.actor = brand, user
        return Response(EventsSerializer({"events": recorded}).data, status=201)


class ShownListView(APIView):
    throttle_classes = [UserThrottle, EventsThrottle]

    @extend_schema(
        request=ListRequestSerializer,
        responses={201: ListSerializer, 422: ROWS_REFUSED},
        tags=TAGS,
        summary="Report a list that somebody looked at, and get the id its events name.",
    )
    def post(self, request: Request) -> Response:
        asked = ListRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data, user = asked.validated_data, asker(request)
        shown = [Shown(one["creator_id"], one["position"]) for one in data["shown"]]
        list_id = report_list(
            brand=brand_to_write_for(user, data.get("brand_id")),
            actor=user,
            key=data["key"],
            surface=data["surface"],
            campaign_id=data.get("campaign_id"),
            shown=shown,
            at=data.get("occurred_at"),
            now=timezone.now(),
        )
        answer = {"list_id": list_id, "shown": len(shown)}
        return Response(ListSerializer(answer).data, status=201)


class IdealCreatorListView(APIView):
    @extend_schema(
        operation_id="campaign_ideal_creators_list",
        responses=IdealCreatorSerializer(many=True),
        tags=["campaigns"],
        summary="The creators a campaign names as ideal.",
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        check_parameters(request, [])
        campaign = campaign_for(asker(request), campaign_id)
        named = list_ideal_creators(campaign)
        return Response(IdealCreatorSerializer(named, many=True).data)

    @extend_schema(
        request=IdealCreatorRequestSerializer,
        responses={
            201: IdealCreatorSerializer,
            409: OpenApiResponse(RefusalSerializer, description="The campaign is at its end."),
            422: OpenApiResponse(RefusalSerializer, description="It names enough already."),
        },
        tags=["campaigns"],
        summary="Name a creator whose like the campaign looks for; twice is once.",
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = campaign_for(user, campaign_id, write=True)
        asked = IdealCreatorRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        creator = access.creator_for(user, asked.validated_data["creator_id"])
        event = name_ideal_creator(
            campaign=campaign, creator=creator, actor=user, now=timezone.now()
        )
        event.creator = creator
        return Response(IdealCreatorSerializer(event).data, status=201)
