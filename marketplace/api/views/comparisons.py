"""Up to five creators side by side."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.access import campaign_for
from marketplace.api.authentication import asker
from marketplace.api.serializers.comparisons import (
    ComparisonParameters,
    ComparisonSerializer,
    comparison_as_json,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.views.discovery import parameters
from marketplace.comparisons import compare_creators, creators_named

TOO_MANY = OpenApiResponse(RefusalSerializer, description="More than five different creators.")


class ComparisonView(APIView):
    """Ten queries and those of a match, whatever the number of creators."""

    @extend_schema(
        parameters=[ComparisonParameters],
        responses={200: ComparisonSerializer, 422: TOO_MANY},
        tags=["creators"],
        operation_id="creators_compare",
        summary="One to five creators, a row for each fact, each cell with how sure it is.",
    )
    def get(self, request: Request) -> Response:
        user, data = asker(request), parameters(request, ComparisonParameters)
        creators = creators_named(user, data["ids"].split(","))
        campaign = campaign_for(user, data["campaign_id"]) if "campaign_id" in data else None
        comparison = compare_creators(
            creators,
            asker=user,
            now=timezone.now(),
            campaign=campaign,
            platform=data.get("platform", ""),
        )
        return Response(comparison_as_json(comparison))
