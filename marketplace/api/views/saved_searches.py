"""Searches a brand keeps: saved, read, renamed, deleted, and looked at."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.api.authentication import asker
from marketplace.api.pagination import NewestFirst
from marketplace.api.serializers.discovery import (
    RenamingSearchSerializer,
    SavedPageSerializer,
    SavedSearchSerializer,
    SavingSearchSerializer,
    SearchPageSerializer,
    saved_as_json,
    terms_given,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.views.briefs import brand_to_write_for
from marketplace.api.views.discovery import answer, parameters
from scoring.discovery.saving import (
    News,
    delete_search,
    get_news,
    list_searches,
    mark_seen,
    rename_search,
    save_search,
    search_for,
    terms_of,
)
from scoring.discovery.searching import search_creators
from scoring.models import SavedSearch

TAGS = ["saved searches"]
TAKEN = OpenApiResponse(RefusalSerializer, description="The name is taken, or there are too many.")


class SearchedPages(NewestFirst):
    """Each row may ask a search of its own for what is new, so a page is never longer."""

    max_page_size = 20


@extend_schema_view(
    get=extend_schema(
        responses=SavedSearchSerializer(many=True),
        tags=TAGS,
        operation_id="saved_searches_list",
        summary="Your brands' saved searches, the latest first, with how many creators are new.",
    )
)
class SavedSearchListView(ListAPIView):
    pagination_class = SearchedPages
    filter_backends = []
    queryset = SavedSearch.objects.none()

    def get_queryset(self) -> QuerySet[SavedSearch]:
        return list_searches(asker(self.request)).order_by("-pk")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        page: list[SavedSearch] = self.paginate_queryset(self.get_queryset()) or []
        news = get_news(page)
        return self.get_paginated_response([saved_as_json(one, news[one.pk]) for one in page])

    @extend_schema(
        request=SavingSearchSerializer,
        responses={201: SavedSearchSerializer, 409: TAKEN},
        tags=TAGS,
        operation_id="saved_searches_create",
        summary="Save a search for a brand you write for.",
    )
    def post(self, request: Request) -> Response:
        asked = SavingSearchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data, user = asked.validated_data, asker(request)
        search = save_search(
            brand=brand_to_write_for(user, data.get("brand_id")),
            name=data["name"],
            terms=terms_given(data["terms"]),
            actor=user,
            now=timezone.now(),
        )
        return Response(saved_as_json(search, News()), status=201)


class SavedSearchView(APIView):
    @extend_schema(
        responses=SavedSearchSerializer,
        tags=TAGS,
        operation_id="saved_searches_read",
        summary="A saved search and who is new in it.",
    )
    def get(self, request: Request, search_id: int) -> Response:
        check_parameters(request, [])
        search = search_for(asker(request), search_id)
        return Response(saved_as_json(search, get_news([search])[search.pk]))

    @extend_schema(
        request=RenamingSearchSerializer,
        responses={200: SavedSearchSerializer, 409: TAKEN},
        tags=TAGS,
        operation_id="saved_searches_rename",
        summary="Give a saved search another name.",
    )
    def patch(self, request: Request, search_id: int) -> Response:
        user = asker(request)
        search = search_for(user, search_id, write=True)
        asked = RenamingSearchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rename_search(search=search, name=asked.validated_data["name"], actor=user)
        return Response(saved_as_json(search, get_news([search])[search.pk]))

    @extend_schema(
        responses={204: None},
        tags=TAGS,
        operation_id="saved_searches_delete",
        summary="Delete a saved search.",
    )
    def delete(self, request: Request, search_id: int) -> Response:
        user = asker(request)
        delete_search(search=search_for(user, search_id, write=True), actor=user)
        return Response(status=204)


class SavedSearchCreatorsView(APIView):
    @extend_schema(
        parameters=[SavedPageSerializer],
        responses=SearchPageSerializer,
        tags=TAGS,
        operation_id="saved_searches_creators",
        summary="What a saved search finds now.",
    )
    def get(self, request: Request, search_id: int) -> Response:
        search = search_for(asker(request), search_id)
        data = parameters(request, SavedPageSerializer)
        page = search_creators(
            terms=terms_of(search), top=data["page_size"], cursor=data.get("cursor", "")
        )
        return Response(answer(request, page))


class SavedSearchSeenView(APIView):
    @extend_schema(
        request=None,
        responses={204: None},
        tags=TAGS,
        operation_id="saved_searches_seen",
        summary="Say that somebody of the brand has looked: nobody found so far is new any more.",
    )
    def post(self, request: Request, search_id: int) -> Response:
        mark_seen(search=search_for(asker(request), search_id), now=timezone.now())
        return Response(status=204)
