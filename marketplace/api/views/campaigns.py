"""A brand's campaigns: written, revised, copied, and taken through their states."""

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns import access
from campaigns.briefs import create_campaign, get_latest_brief, revise_brief
from campaigns.campaign_moves import make_brand_move
from campaigns.campaign_standing import get_campaign_standing
from campaigns.copying import copy_campaign
from campaigns.models import Campaign
from campaigns.opening import list_missing
from campaigns.submissions import get_last_decision
from campaigns.terms import BriefTerms
from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.campaigns import (
    CampaignCopySerializer,
    CampaignPatchSerializer,
    CampaignReasonSerializer,
    CampaignRequestSerializer,
    CampaignSerializer,
    FullCampaignSerializer,
    campaign_terms_given,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.views.briefs import WITH_LATEST, brand_to_write_for

NOT_NOW = OpenApiResponse(RefusalSerializer, description="Its present status does not allow this.")


@extend_schema_view(
    get=extend_schema(tags=["campaigns"], summary="Your brands' campaigns, the latest added first.")
)
class CampaignListView(OncePerKey, ListAPIView):
    """Two queries beside the log-in's, whatever the page's length."""

    serializer_class = CampaignSerializer
    filter_backends = []
    queryset = Campaign.objects.none()

    def get_queryset(self) -> QuerySet[Campaign]:
        return access.campaigns_of(asker(self.request)).prefetch_related(WITH_LATEST)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)

    @extend_schema(
        request=CampaignRequestSerializer,
        responses={201: FullCampaignSerializer},
        tags=["campaigns"],
        summary="Start a campaign as a draft with the first version of its brief.",
    )
    def post(self, request: Request) -> Response:
        asked = CampaignRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data, user = asked.validated_data, asker(request)
        brand = brand_to_write_for(user, data.get("brand_id"))

        def act() -> Response:
            campaign = create_campaign(
                brand=brand,
                title=data["title"],
                terms=BriefTerms(**campaign_terms_given(data)),
                actor=user,
                now=timezone.now(),
            )
            return Response(presented(campaign), status=201)

        return self.once(request, act)


class CampaignView(APIView):
    @extend_schema(
        responses=FullCampaignSerializer, tags=["campaigns"], summary="A campaign as it stands."
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        check_parameters(request, [])
        return Response(presented(access.campaign_for(asker(request), campaign_id)))

    @extend_schema(
        request=CampaignPatchSerializer,
        responses={200: FullCampaignSerializer, 409: NOT_NOW},
        tags=["campaigns"],
        summary="Follow its brief with a version that differs in what is sent; title too.",
    )
    def patch(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = access.campaign_for(user, campaign_id, write=True)
        asked = CampaignPatchSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        present = BriefTerms.of(get_latest_brief(campaign))
        revise_brief(
            campaign=campaign,
            terms=replace(present, **campaign_terms_given(data)),
            title=data.get("title"),
            actor=user,
            now=timezone.now(),
        )
        return Response(presented(access.campaign_for(user, campaign_id)))


class CampaignMoveView(APIView):
    """One address for each of `campaign_standing.BRAND_MOVES`."""

    move: ClassVar[str] = ""

    @extend_schema(
        request=CampaignReasonSerializer,
        responses={200: FullCampaignSerializer, 409: NOT_NOW},
        tags=["campaigns"],
        summary="Take the campaign to its next state.",
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = access.campaign_for(user, campaign_id, write=True)
        asked = CampaignReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        make_brand_move(
            campaign=campaign,
            name=self.move,
            actor=user,
            now=timezone.now(),
            reason=asked.validated_data.get("reason", ""),
        )
        return Response(presented(access.campaign_for(user, campaign_id)))


class CampaignCopyView(OncePerKey, APIView):
    @extend_schema(
        request=CampaignCopySerializer,
        responses={201: FullCampaignSerializer},
        tags=["campaigns"],
        summary="A new draft with the same brief; nothing of its collaborations.",
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = access.campaign_for(user, campaign_id, write=True)
        asked = CampaignCopySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        title = asked.validated_data.get("title")

        def act() -> Response:
            copy = copy_campaign(campaign=campaign, title=title, actor=user, now=timezone.now())
            return Response(presented(copy), status=201)

        return self.once(request, act)


def presented(campaign: Campaign) -> Any:
    """Three queries beside the campaign's own."""
    brief = get_latest_brief(campaign)
    campaign.latest_briefs = [brief]  # type: ignore[attr-defined]
    more = {
        "standing": get_campaign_standing(campaign),
        "missing": list_missing(BriefTerms.of(brief), today=timezone.now().date()),
        "decision": get_last_decision(campaign),
    }
    return FullCampaignSerializer(campaign, context={"more": more}).data
