"""What a collaboration's publications came to, and the report of a campaign."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError
from rest_framework.views import APIView

from campaigns.access import REVIEWERS, campaign_for, seat_for
from campaigns.horizons import COUNTS
from campaigns.results.collaboration_results import get_collaboration_results
from campaigns.results.report import get_report
from campaigns.results.stating import Stated, state_results
from campaigns.results.taking import ObservationsRefused
from marketplace.api.authentication import asker
from marketplace.api.serializers.earned_value import ReportParameters
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.serializers.results import (
    CollaborationResultsSerializer,
    PushSerializer,
    ReportSerializer,
    TakenSerializer,
)
from marketplace.api.strictness import check_parameters
from marketplace.api.views.discovery import parameters

TAGS = ["results"]


class CollaborationResultsView(APIView):
    @extend_schema(
        responses=CollaborationResultsSerializer,
        tags=TAGS,
        summary="A collaboration's figures: collection points, what was seen, what it cost.",
    )
    def get(self, request: Request, collaboration_id: int) -> Response:
        check_parameters(request, [])
        seat = seat_for(asker(request), collaboration_id)
        results = get_collaboration_results(seat.collaboration, now=timezone.now())
        return Response(CollaborationResultsSerializer(results).data)

    @extend_schema(
        request=PushSerializer,
        responses={
            200: OpenApiResponse(TakenSerializer, description="All of it was known before."),
            201: TakenSerializer,
            409: OpenApiResponse(
                RefusalSerializer,
                description="A piece is not published, or other counts are kept for this piece, "
                "moment and source.",
            ),
        },
        tags=TAGS,
        summary="State figures for your side: all or nothing, and once, however often sent.",
    )
    def post(self, request: Request, collaboration_id: int) -> Response:
        seat = seat_for(asker(request), collaboration_id).check(REVIEWERS)
        asked = PushSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        stated = [
            Stated(
                position=look["deliverable"],
                observed_at=look["observed_at"],
                counts={name: look.get(name) for name in COUNTS},
            )
            for look in asked.validated_data["looks"]
        ]
        source = asked.validated_data["source"]
        try:
            taken = state_results(seat=seat, stated=stated, source=source, now=timezone.now())
        except ObservationsRefused as refused:
            if refused.http_status != 400:
                raise
            raise ValidationError(_by_place(refused), code=refused.code) from refused
        status = 201 if taken.stored else 200
        return Response(TakenSerializer(taken).data, status=status)


def _by_place(refused: ObservationsRefused) -> dict[str, Any]:
    """As the serializer names what is wrong with a look: ``looks.0.views``."""
    found: dict[int, dict[str, list[str]]] = {}
    for problem in refused.problems:
        found.setdefault(problem.place, {}).setdefault(problem.attr, []).append(problem.message)
    return {"looks": found}


class CampaignReportView(APIView):
    @extend_schema(
        parameters=[ReportParameters],
        responses=ReportSerializer,
        tags=TAGS,
        summary="A campaign's report: plan against actual, per creator and in all.",
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        version = parameters(request, ReportParameters).get("formula")
        campaign = campaign_for(asker(request), campaign_id)
        report = get_report(campaign, now=timezone.now(), formula_version=version)
        return Response(ReportSerializer(report).data)
