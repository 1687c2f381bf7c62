"""Creators: the filtered list, and one with every score about them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.models import AccountMetric, Creator, SocialAccount
from marketplace.api.authentication import asker
from marketplace.api.filters import CreatorFilter
from marketplace.api.serializers.creators import CreatorSerializer, FullCreatorSerializer
from marketplace.api.strictness import check_parameters
from scoring.selectors import current_scores

WITH_STANDING = Prefetch(
    "accounts", SocialAccount.objects.select_related("search_entry").order_by("platform", "pk")
)


@extend_schema_view(
    get=extend_schema(tags=["creators"], summary="Creators you may see, the latest added first.")
)
class CreatorListView(ListAPIView):
    """Two queries beside the log-in's, whatever the page's length."""

    serializer_class = CreatorSerializer
    filterset_class = CreatorFilter
    queryset = Creator.objects.none()

    def get_queryset(self) -> QuerySet[Creator]:
        return access.creators_visible_to(asker(self.request)).prefetch_related(WITH_STANDING)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, [*CreatorFilter.base_filters, "cursor", "page_size"])
        return super().list(request, *args, **kwargs)


class CreatorView(APIView):
    @extend_schema(
        responses=FullCreatorSerializer,
        tags=["creators"],
        summary="A creator with the current scores, their reasons, inputs and versions.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        creator = access.creator_for(asker(request), creator_id)
        accounts = creator.accounts.select_related("search_entry").order_by("platform", "pk")
        ids = [account.pk for account in accounts]
        metrics = (
            AccountMetric.objects.filter(account__in=ids)
            .order_by("account", "-day", "-recorded_at")
            .distinct("account")
        )
        context = {
            "metrics": {metric.account_id: metric for metric in metrics},
            "scores": current_scores(ids),
        }
        creator._prefetched_objects_cache = {"accounts": accounts}  # type: ignore[attr-defined]
        return Response(FullCreatorSerializer(creator, context=context).data)
