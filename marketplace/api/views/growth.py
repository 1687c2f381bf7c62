"""Growth of an account, and declaring its causes."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access, growth_events
from marketplace.api.authentication import asker
from marketplace.api.serializers.growth import (
    GrowthEventRequestSerializer,
    GrowthEventSerializer,
    GrowthSerializer,
    growth_as_json,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from scoring import registry
from scoring.features.growth_facts import read_events, read_growth

REFUSED = OpenApiResponse(
    RefusalSerializer, description="Declared or decided before, or too many within a year."
)


class GrowthView(APIView):
    @extend_schema(
        responses=GrowthSerializer,
        tags=["growth"],
        summary="Whether an account's unexplained growth was bought, with every spike.",
    )
    def get(self, request: Request, account_id: int) -> Response:
        account = access.account_for(asker(request), account_id)
        now, model = timezone.now(), registry.load("growth")
        [answer] = model.assess(
            read_growth([account], as_of=now), read_events([account], as_of=now)
        )
        version = f"growth/{model.version}"
        return Response(growth_as_json(account.pk, answer, model_version=version))


class GrowthEventListView(APIView):
    @extend_schema(
        responses=GrowthEventSerializer(many=True),
        tags=["growth"],
        summary="The causes declared for an account's growth, the latest first.",
    )
    def get(self, request: Request, account_id: int) -> Response:
        account = access.account_for(asker(request), account_id)
        events = growth_events.events_of(account)
        return Response(GrowthEventSerializer(events, many=True).data)

    @extend_schema(
        request=GrowthEventRequestSerializer,
        responses={201: GrowthEventSerializer, 409: REFUSED},
        tags=["growth"],
        summary="Declare what made an account of yours grow.",
    )
    def post(self, request: Request, account_id: int) -> Response:
        user = asker(request)
        account = growth_events.own_account_for(user, account_id)
        asked = GrowthEventRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        event = growth_events.declare_event(
            account=account, actor=user, now=timezone.now(), **asked.validated_data
        )
        return Response(GrowthEventSerializer(event).data, status=201)
