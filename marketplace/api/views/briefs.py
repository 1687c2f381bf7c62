"""Briefs: written, revised, and matched."""

from dataclasses import replace
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts import access
from accounts.errors import DomainError, Forbidden
from accounts.models import Brand, User
from campaigns import access as campaign_access
from campaigns.briefs import create_campaign, get_latest_brief, revise_brief
from campaigns.models import Brief, Campaign
from campaigns.terms import BriefTerms
from marketplace.api.authentication import asker
from marketplace.api.serializers.briefs import (
    BriefPatchSerializer,
    BriefRequestSerializer,
    BriefSerializer,
    MatchPageSerializer,
    PageRequestSerializer,
    terms_given,
)
from marketplace.api.strictness import check_parameters
from marketplace.presenting import ranking_as_json
from scoring.matching import rank_creators
from scoring.matching.campaigns import asked_by

WITH_LATEST = Prefetch(
    "briefs",
    Brief.objects.order_by("campaign_id", "-version").distinct("campaign_id"),
    to_attr="latest_briefs",
)


class SeveralBrands(DomainError):
    code = "several_brands"


@extend_schema_view(
    get=extend_schema(tags=["briefs"], summary="Your brands' briefs, the latest added first.")
)
class BriefListView(ListAPIView):
    """Two queries beside the log-in's, whatever the page's length."""

    serializer_class = BriefSerializer
    filter_backends = []
    queryset = Campaign.objects.none()

    def get_queryset(self) -> QuerySet[Campaign]:
        return campaign_access.campaigns_of(asker(self.request)).prefetch_related(WITH_LATEST)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)

    @extend_schema(
        request=BriefRequestSerializer,
        responses={201: BriefSerializer},
        tags=["briefs"],
        summary="Start a campaign as a draft with the first version of its brief.",
    )
    def post(self, request: Request) -> Response:
        asked = BriefRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        user = asker(request)
        campaign = create_campaign(
            brand=brand_to_write_for(user, data.get("brand_id")),
            title=data["title"],
            terms=BriefTerms(**terms_given(data)),
            actor=user,
            now=timezone.now(),
        )
        return Response(_presented(campaign, get_latest_brief(campaign)), status=201)


class BriefView(APIView):
    @extend_schema(responses=BriefSerializer, tags=["briefs"], summary="A brief as it stands.")
    def get(self, request: Request, brief_id: int) -> Response:
        campaign = campaign_access.campaign_for(asker(request), brief_id)
        return Response(_presented(campaign, get_latest_brief(campaign)))

    @extend_schema(
        request=BriefPatchSerializer,
        responses=BriefSerializer,
        tags=["briefs"],
        summary="Follow the brief with a version that differs in what is sent.",
    )
    def patch(self, request: Request, brief_id: int) -> Response:
        user = asker(request)
        campaign = campaign_access.campaign_for(user, brief_id, write=True)
        asked = BriefPatchSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        present = BriefTerms.of(get_latest_brief(campaign))
        terms = replace(present, **terms_given(asked.validated_data))
        brief = revise_brief(campaign=campaign, terms=terms, actor=user, now=timezone.now())
        campaign.refresh_from_db(fields=["updated_at"])
        return Response(_presented(campaign, brief))


class BriefMatchesView(APIView):
    @extend_schema(
        parameters=[PageRequestSerializer],
        responses=MatchPageSerializer,
        tags=["briefs"],
        summary="Creators in the order they fit the brief, each with the reasons.",
    )
    def get(self, request: Request, brief_id: int) -> Response:
        campaign = campaign_access.campaign_for(asker(request), brief_id)
        page = PageRequestSerializer(data=request.query_params.dict())
        page.is_valid(raise_exception=True)
        limit, offset = page.validated_data["limit"], page.validated_data["offset"]
        brief = get_latest_brief(campaign)
        by = asked_by(campaign, brief)
        ranking = rank_creators(
            terms=by.terms,
            top=limit,
            offset=offset,
            now=timezone.now(),
            brand_names=by.brand_names,
            hidden=by.hidden,
        )
        return Response(
            {
                "brief_version": brief.version,
                **_links(request, limit=limit, offset=offset, ranked=ranking.ranked),
                **ranking_as_json(ranking),
            }
        )


def brand_to_write_for(user: User, brand_id: int | None) -> Brand:
    """The brand to write for: the one named, else the only one the user writes for.

    :raises NotFound: if they are in no such brand's team.
    :raises Forbidden: if their role there, or in every brand, only reads.
    :raises SeveralBrands: if none is named and there are several.
    """
    if brand_id is not None:
        return access.brand_for(user, brand_id, roles=access.WRITERS)
    # Both conditions in one filter: apart, somebody else's role in the brand would do.
    writes = Q(memberships__user=user, memberships__role__in=access.WRITERS)
    writable = list(access.brands_of(user).filter(writes)[:10])
    if not writable:
        raise Forbidden("You are no owner or manager of any brand, so you cannot write briefs.")
    if len(writable) > 1:
        named = ", ".join(f"{brand.pk} ({brand.name})" for brand in writable)
        raise SeveralBrands(
            f"You write for several brands; send brand_id: {named}.",
            details={"field": "brand_id"},
        )
    return writable[0]


def _presented(campaign: Campaign, brief: Brief) -> Any:
    campaign.latest_briefs = [brief]  # type: ignore[attr-defined]
    return BriefSerializer(campaign).data


def _links(request: Request, *, limit: int, offset: int, ranked: int) -> dict[str, str | None]:
    here = request.build_absolute_uri()
    after, before = offset + limit, max(0, offset - limit)
    more = after < ranked
    return {
        "next": replace_query_param(here, "offset", after) if more else None,
        "previous": replace_query_param(here, "offset", before) if offset else None,
    }
