"""How collaborations start: brands invite, creators find open campaigns and apply."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access as accounts_access
from accounts.errors import Forbidden
from accounts.models import Creator, Platform
from campaigns import access
from campaigns.models import Brief
from campaigns.open_calls import list_open_briefs, open_call_for, reader_of_calls
from campaigns.starting import apply_to_campaign, invite_creator
from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.pagination import NewestFirst
from marketplace.api.serializers.campaigns import (
    ApplicationRequestSerializer,
    CallQuerySerializer,
    FullOpenCallSerializer,
    InvitationRequestSerializer,
    OpenCallSerializer,
    StartedSerializer,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters

NOT_NOW = OpenApiResponse(
    RefusalSerializer, description="The campaign or the creator's profile does not allow this now."
)


class NewestCampaignFirst(NewestFirst):
    ordering = "-campaign_id"


class InvitationView(OncePerKey, APIView):
    @extend_schema(
        request=InvitationRequestSerializer,
        responses={201: StartedSerializer, 409: NOT_NOW},
        tags=["campaigns"],
        summary="Invite a creator, who has seven days to answer.",
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = access.campaign_for(user, campaign_id, write=True)
        asked = InvitationRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        creator = accounts_access.creator_for(user, data["creator_id"])

        def act() -> Response:
            started = invite_creator(
                campaign=campaign,
                creator=creator,
                message=data["message"],
                actor=user,
                now=timezone.now(),
            )
            return Response(StartedSerializer(started).data, status=201)

        return self.once(request, act)


class OpenCampaignListView(ListAPIView):
    """One query beside the log-in's and the profile's."""

    serializer_class = OpenCallSerializer
    pagination_class = NewestCampaignFirst
    filter_backends = []
    queryset = Brief.objects.none()

    def get_queryset(self) -> QuerySet[Brief]:
        reader_of_calls(asker(self.request))
        asked = CallQuerySerializer(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        return list_open_briefs(asked.to_filters(), today=timezone.now().date())

    @extend_schema(
        tags=["open campaigns"],
        summary="Campaigns that take applications, the newest first.",
        parameters=[
            OpenApiParameter("q", str, description="Text in the title, brand or brief."),
            OpenApiParameter("platform", str, enum=Platform.values),
            OpenApiParameter("country", str),
            OpenApiParameter("niche", str),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OpenCampaignView(APIView):
    @extend_schema(
        responses=FullOpenCallSerializer,
        tags=["open campaigns"],
        summary="The whole brief, without the brand's private limits.",
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        check_parameters(request, [])
        call = open_call_for(asker(request), campaign_id, today=timezone.now().date())
        return Response(FullOpenCallSerializer(call.brief, context={"call": call}).data)


class ApplicationView(OncePerKey, APIView):
    @extend_schema(
        request=ApplicationRequestSerializer,
        responses={201: StartedSerializer, 409: NOT_NOW},
        tags=["open campaigns"],
        summary="Apply; the brand has fourteen days to answer.",
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        user, now = asker(request), timezone.now()
        call = open_call_for(user, campaign_id, today=now.date())
        creator = Creator.objects.filter(user=user).first()
        if creator is None:
            raise Forbidden("Only creators apply.")
        asked = ApplicationRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        message = asked.validated_data["message"]

        def act() -> Response:
            started = apply_to_campaign(
                campaign=call.campaign, creator=creator, message=message, actor=user, now=now
            )
            return Response(StartedSerializer(started).data, status=201)

        return self.once(request, act)
