"""Shortlists: made, read, changed, archived."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.models import User
from campaigns.access import campaign_for
from campaigns.models import Campaign, Shortlist
from campaigns.shortlists import (
    archive_shortlist,
    change_shortlist,
    create_shortlist,
    restore_shortlist,
    shortlist_for,
    shortlists_of,
    with_sizes,
)
from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.serializers.shortlists import (
    ShortlistListParameters,
    ShortlistPatchSerializer,
    ShortlistRequestSerializer,
    ShortlistSerializer,
)
from marketplace.api.strictness import check_parameters
from marketplace.api.views.briefs import brand_to_write_for
from marketplace.api.views.discovery import parameters

TAGS = ["shortlists"]
TAKEN = OpenApiResponse(RefusalSerializer, description="The name is taken, or there are too many.")
NOT_NOW = OpenApiResponse(
    RefusalSerializer, description="It is archived, or the name is taken, or there are too many."
)


@extend_schema_view(
    get=extend_schema(
        parameters=[ShortlistListParameters],
        tags=TAGS,
        operation_id="shortlists_list",
        summary="Your brands' shortlists, the latest first.",
    )
)
class ShortlistListView(OncePerKey, ListAPIView):
    """Two queries beside the log-in's, whatever the page's length."""

    serializer_class = ShortlistSerializer
    filter_backends = []
    queryset = Shortlist.objects.none()

    def get_queryset(self) -> QuerySet[Shortlist]:
        return with_sizes(shortlists_of(asker(self.request)))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = parameters(request, ShortlistListParameters)
        found = self.get_queryset().filter(archived_at__isnull=not asked["archived"])
        page = self.paginate_queryset(found.order_by("-pk"))
        return self.get_paginated_response(ShortlistSerializer(page, many=True).data)

    @extend_schema(
        request=ShortlistRequestSerializer,
        responses={201: ShortlistSerializer, 409: TAKEN},
        tags=TAGS,
        operation_id="shortlists_create",
        summary="Begin a list for a brand you write for.",
    )
    def post(self, request: Request) -> Response:
        user = asker(request)
        asked = ShortlistRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        brand = brand_to_write_for(user, data.get("brand_id"))
        campaign = _campaign(user, data.get("campaign_id"))

        def act() -> Response:
            made = create_shortlist(
                brand=brand, name=data["name"], campaign=campaign, actor=user, now=timezone.now()
            )
            return Response(presented(made), status=201)

        return self.once(request, act)


class ShortlistView(APIView):
    @extend_schema(
        responses=ShortlistSerializer,
        tags=TAGS,
        operation_id="shortlists_read",
        summary="A shortlist; its creators have an address of their own.",
    )
    def get(self, request: Request, shortlist_id: int) -> Response:
        check_parameters(request, [])
        return Response(presented(shortlist_for(asker(request), shortlist_id)))

    @extend_schema(
        request=ShortlistPatchSerializer,
        responses={200: ShortlistSerializer, 409: NOT_NOW},
        tags=TAGS,
        operation_id="shortlists_change",
        summary="Rename a list, or say which campaign it is for.",
    )
    def patch(self, request: Request, shortlist_id: int) -> Response:
        user = asker(request)
        found = shortlist_for(user, shortlist_id, roles=access.WRITERS)
        asked = ShortlistPatchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        changed = change_shortlist(
            shortlist=found,
            name=data.get("name", found.name),
            campaign=_campaign(user, data["campaign_id"])
            if "campaign_id" in data
            else found.campaign,
            actor=user,
        )
        return Response(presented(changed))


class ShortlistArchiveView(APIView):
    @extend_schema(
        request=None,
        responses={200: ShortlistSerializer, 409: NOT_NOW},
        tags=TAGS,
        operation_id="shortlists_archive",
        summary="Put a list away: it can be read and no longer changed.",
    )
    def post(self, request: Request, shortlist_id: int) -> Response:
        user = asker(request)
        found = shortlist_for(user, shortlist_id, roles=access.WRITERS)
        return Response(
            presented(archive_shortlist(shortlist=found, actor=user, now=timezone.now()))
        )


class ShortlistRestoreView(APIView):
    @extend_schema(
        request=None,
        responses={200: ShortlistSerializer, 409: NOT_NOW},
        tags=TAGS,
        operation_id="shortlists_restore",
        summary="Bring an archived list back.",
    )
    def post(self, request: Request, shortlist_id: int) -> Response:
        user = asker(request)
        found = shortlist_for(user, shortlist_id, roles=access.WRITERS)
        return Response(presented(restore_shortlist(shortlist=found, actor=user)))


def presented(shortlist: Shortlist) -> Any:
    found = with_sizes(Shortlist.objects.select_related("brand", "created_by"))
    return ShortlistSerializer(found.get(pk=shortlist.pk)).data


def _campaign(user: User, campaign_id: int | None) -> Campaign | None:
    """:raises NotFound: if it is no brand's of the user's."""
    return None if campaign_id is None else campaign_for(user, campaign_id)
