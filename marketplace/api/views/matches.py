"""Creators that match a campaign, in stable pages, and why one of them is not shown."""

from uuid import UUID, uuid4

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts import access
from accounts.models import Creator, User
from campaigns import access as campaign_access
from campaigns.briefs import get_latest_brief
from campaigns.models import Brief, Campaign
from campaigns.terms import BriefTerms
from marketplace.api.authentication import asker
from marketplace.api.identifiers import Named
from marketplace.api.match_lists import KeptList, cursor_of, find_list, keep_list
from marketplace.api.schema import refusals
from marketplace.api.serializers.matches import (
    CampaignMatchPageSerializer,
    MatchListRequestSerializer,
    WhyNotRequestSerializer,
    WhyNotSerializer,
)
from marketplace.emptying import list_emptying
from marketplace.presenting import emptying_as_json, ranking_as_json, why_not_as_json
from scoring.interactions.access import brands_recorded_for
from scoring.interactions.recording import Shown, record_list
from scoring.matching import Ranking, continue_ranking, explain_place, rank_creators
from scoring.matching.campaigns import asked_by
from scoring.models import InteractionEvent


class CampaignMatchesView(APIView):
    @extend_schema(
        parameters=[MatchListRequestSerializer],
        responses=CampaignMatchPageSerializer,
        tags=["campaigns"],
        summary="Creators in the order they match the campaign, each with the reasons.",
        description=(
            "Follow `next`: the order is kept for an hour, so pages neither repeat nor lose a "
            "creator whatever changes meanwhile. Any member reads; what owners and managers are "
            "given counts as shown. Send what they do with it to /events with this list_id."
        ),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = campaign_access.campaign_for(user, campaign_id)
        asked = MatchListRequestSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        size, cursor = asked.validated_data["page_size"], asked.validated_data.get("cursor")
        if cursor:
            list_id, offset, kept = find_list(campaign, cursor)
            brief = campaign.briefs.get(version=kept.brief_version)
            ranking = _further_page(campaign, brief, kept, offset=offset, size=size)
            is_kept = True
        else:
            list_id, offset, brief = uuid4(), 0, get_latest_brief(campaign)
            ranking = _first_page(campaign, brief, size=size)
            kept = KeptList(brief.version, ranking.order)
            is_kept = ranking.ranked > size and keep_list(campaign, list_id, kept)
        # Nobody sees the answer to a HEAD.
        recorded = request.method == "GET" and _record(user, campaign, ranking, list_id=list_id)
        after = cursor_of(list_id, offset + size)
        more = is_kept and offset + size < ranking.ranked
        here = request.build_absolute_uri()
        empty = [] if ranking.eligible else list_emptying(BriefTerms.of(brief))
        return Response(
            {
                "brief_version": brief.version,
                "list_id": list_id if recorded else None,
                "next": replace_query_param(here, "cursor", after) if more else None,
                "emptying": emptying_as_json(empty),
                **ranking_as_json(ranking),
            }
        )


class WhyNotView(APIView):
    @extend_schema(
        parameters=[WhyNotRequestSerializer],
        responses={200: WhyNotSerializer, **refusals(422)},
        tags=["campaigns"],
        summary="Where a creator stands in the campaign's list, or which limits leave them out.",
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        user = asker(request)
        campaign = campaign_access.campaign_for(user, campaign_id)
        asked = WhyNotRequestSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        creator = _creator_named(user, asked.validated_data["creator"])
        brief = get_latest_brief(campaign)
        by = asked_by(campaign, brief)
        found = explain_place(
            terms=by.terms,
            creator=creator,
            now=timezone.now(),
            brand_names=by.brand_names,
            hidden=by.hidden,
        )
        return Response({"brief_version": brief.version, **why_not_as_json(found)})


def _creator_named(user: User, named: Named) -> Creator:
    """:raises NotFound: if the user may not see them."""
    if named.is_account:
        return access.account_for(user, named.pk).creator
    return access.creator_for(user, named.pk)


def _first_page(campaign: Campaign, brief: Brief, *, size: int) -> Ranking:
    by = asked_by(campaign, brief)
    return rank_creators(
        terms=by.terms,
        top=size,
        now=timezone.now(),
        brand_names=by.brand_names,
        hidden=by.hidden,
    )


def _further_page(
    campaign: Campaign, brief: Brief, kept: KeptList, *, offset: int, size: int
) -> Ranking:
    by = asked_by(campaign, brief)
    return continue_ranking(
        terms=by.terms,
        order=kept.order,
        top=size,
        offset=offset,
        now=timezone.now(),
        brand_names=by.brand_names,
        hidden=by.hidden,
    )


def _record(user: User, campaign: Campaign, ranking: Ranking, *, list_id: UUID) -> bool:
    """Whether what was given counts as shown: for members who choose for the brand."""
    if not ranking.results:
        return False
    if not brands_recorded_for(user).filter(pk=campaign.brand_id).exists():
        return False
    record_list(
        brand=campaign.brand,
        actor=user,
        surface=InteractionEvent.Surface.MATCHES,
        campaign=campaign,
        shown=[Shown(one.account.creator_id, one.rank) for one in ranking.results],
        now=timezone.now(),
        list_id=list_id,
    )
    return True
