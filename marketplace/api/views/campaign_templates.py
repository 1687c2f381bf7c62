"""Templates: briefs a brand keeps to start campaigns from."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns import access
from campaigns.briefs import create_campaign, get_latest_brief
from campaigns.copying import save_template, template_for, templates_of, terms_of_template
from campaigns.models import BriefTemplate
from campaigns.terms import BriefTerms
from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.campaigns import (
    CampaignCopySerializer,
    FullCampaignSerializer,
    TemplateRequestSerializer,
    TemplateSerializer,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.views.campaigns import presented

TAKEN = OpenApiResponse(RefusalSerializer, description="The name is taken, or there are too many.")


@extend_schema_view(
    get=extend_schema(tags=["campaigns"], summary="Your brands' templates, the latest first.")
)
class TemplateListView(ListAPIView):
    serializer_class = TemplateSerializer
    filter_backends = []
    queryset = BriefTemplate.objects.none()

    def get_queryset(self) -> QuerySet[BriefTemplate]:
        return templates_of(asker(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)

    @extend_schema(
        request=TemplateRequestSerializer,
        responses={201: TemplateSerializer, 409: TAKEN},
        tags=["campaigns"],
        summary="Keep a campaign's brief as a template of its brand.",
    )
    def post(self, request: Request) -> Response:
        asked = TemplateRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data, user = asked.validated_data, asker(request)
        campaign = access.campaign_for(user, data["campaign_id"], write=True)
        template = save_template(
            brand=campaign.brand,
            name=data["name"],
            terms=BriefTerms.of(get_latest_brief(campaign)),
            actor=user,
            now=timezone.now(),
        )
        return Response(TemplateSerializer(template).data, status=201)


class TemplateStartView(OncePerKey, APIView):
    @extend_schema(
        request=CampaignCopySerializer,
        responses={201: FullCampaignSerializer},
        tags=["campaigns"],
        summary="Start a draft campaign with a template's brief.",
    )
    def post(self, request: Request, template_id: int) -> Response:
        user, now = asker(request), timezone.now()
        template = template_for(user, template_id, write=True)
        asked = CampaignCopySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        title = asked.validated_data.get("title", template.name)

        def act() -> Response:
            campaign = create_campaign(
                brand=template.brand,
                title=title,
                terms=terms_of_template(template, now=now),
                actor=user,
                now=now,
            )
            return Response(presented(campaign), status=201)

        return self.once(request, act)
