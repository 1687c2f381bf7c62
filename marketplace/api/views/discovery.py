"""Searching creators by words or example, and creators like one creator."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts import access
from marketplace.api.authentication import asker
from marketplace.api.serializers.discovery import (
    SearchPageSerializer,
    SearchRequestSerializer,
    SimilarPageSerializer,
    SimilarRequestSerializer,
    terms_given,
)
from marketplace.api.strictness import check_parameters
from marketplace.discovery_answers import search_as_json, similar_as_json
from scoring.discovery.resembling import similar_creators
from scoring.discovery.searching import SearchPage, search_creators
from scoring.ml.match.limits import Limits


class CreatorSearchView(APIView):
    @extend_schema(
        parameters=[SearchRequestSerializer],
        responses=SearchPageSerializer,
        tags=["creators"],
        operation_id="creators_search",
        summary="Creators for words or examples: exact names first, then the nearest texts; "
        "without either, those who pass the limits, the largest first.",
    )
    def get(self, request: Request) -> Response:
        data = parameters(request, SearchRequestSerializer)
        page = search_creators(
            terms=terms_given(data), top=data["page_size"], cursor=data.get("cursor", "")
        )
        return Response(answer(request, page))


class SimilarCreatorsView(APIView):
    @extend_schema(
        parameters=[SimilarRequestSerializer],
        responses=SimilarPageSerializer,
        tags=["creators"],
        operation_id="creators_similar",
        summary="Creators like this one, with the parts of each likeness.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        creator = access.creator_for(asker(request), creator_id)
        data = parameters(request, SimilarRequestSerializer)
        page = similar_creators(
            creator=creator,
            top=data["page_size"],
            cursor=data.get("cursor", ""),
            limits=Limits(platforms=data.get("platform", ())),
        )
        return Response({"next": next_page(request, page.next_cursor), **similar_as_json(page)})


def parameters(request: Request, kind: type[serializers.Serializer]) -> dict[str, Any]:
    """The address's parameters, checked. :raises ValidationError: naming the parameter."""
    check_parameters(request, kind().fields)
    asked = kind(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def answer(request: Request, page: SearchPage) -> dict[str, Any]:
    return {"next": next_page(request, page.next_cursor), **search_as_json(page)}


def next_page(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor)
