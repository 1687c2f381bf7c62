"""Everything the asker takes part in, the latest change first."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from campaigns.collaboration_list import Filters, list_collaborations
from campaigns.states import Stage
from marketplace.api.authentication import asker
from marketplace.api.serializers.collaboration_rows import (
    CollaborationPageSerializer,
    CollaborationQuerySerializer,
)
from marketplace.api.views.acting import TAGS


class CollaborationListView(APIView):
    """Six queries beside the log-in's, one more for a campaign, whatever the page's length."""

    @extend_schema(
        operation_id="collaborations_list",
        parameters=[CollaborationQuerySerializer],
        responses=CollaborationPageSerializer,
        tags=TAGS,
        summary="Your collaborations, on either side: who must act, by when, where the money is.",
    )
    def get(self, request: Request) -> Response:
        asked = CollaborationQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        filters = Filters(
            needs_me=given.get("needs_me", False),
            stage=Stage(given["stage"]) if "stage" in given else None,
            overdue=given.get("overdue", False),
            campaign_id=given.get("campaign"),
            brand_id=given.get("brand"),
        )
        page = list_collaborations(
            asker(request),
            filters,
            now=timezone.now(),
            cursor=given.get("cursor", ""),
            size=given["page_size"],
        )
        answer = {
            "next": _address(request, page.next_cursor),
            "previous": _address(request, page.previous_cursor),
            "results": page.rows,
        }
        return Response(CollaborationPageSerializer(answer).data)


def _address(request: Request, cursor: str) -> str | None:
    here = remove_query_param(request.build_absolute_uri(), "cursor")
    return replace_query_param(here, "cursor", cursor) if cursor else None
